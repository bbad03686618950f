"""Forms for scorecards, declarations and assessments."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import RadioField, SelectField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from portal.formfields import options
from portal.interviews.rules import LEVELS, Answer

NOT_COVERED = "not_covered"
MAX_EVIDENCE = 4000


class DeclarationForm(FlaskForm):  # type: ignore[misc]
    impartial = RadioField(
        _l("Are you impartial to this candidate?"),
        [InputRequired(_l("Choose one of the two answers."))],
        choices=options(
            [
                ("yes", _l("Yes, nothing could make others doubt my impartiality")),
                ("no", _l("No, I know the candidate too well or have an interest in the outcome")),
            ]
        ),
    )


class AddQuestionForm(FlaskForm):  # type: ignore[misc]
    """Choices are (key, text) of the bank's questions that are not on the scorecard yet."""

    question = SelectField(_l("Question from the bank"), [InputRequired(_l("Choose a question."))])


class AssessmentForm(FlaskForm):  # type: ignore[misc]
    """A rating and its evidence for each question, made by `assessment_form`."""

    question_ids: tuple[int, ...] = ()

    def answers(self) -> dict[int, tuple[int | None, bool, str]]:
        """(score, not covered, evidence) by question id, for the questions that the browser sent."""
        found = {}
        for n in self.question_ids:
            level = self[f"score_{n}"].data or ""
            score = int(level) if level.isdigit() else None
            found[n] = (score, level == NOT_COVERED, self[f"evidence_{n}"].data or "")
        return found


def assessment_form(question_ids: Sequence[int], given: Mapping[int, Answer]) -> AssessmentForm:
    """A form over the scorecard, filled with what the assessor has put down so far."""
    levels = options([*((level, level) for level in LEVELS), (NOT_COVERED, _l("Not covered"))])
    too_long = _l("Shorten the reason to at most %(max)d characters.")
    fields: dict[str, Any] = {"question_ids": tuple(question_ids)}
    data: dict[str, Any] = {}
    for n in question_ids:
        fields[f"score_{n}"] = RadioField(_l("Rating"), [Optional()], choices=levels, validate_choice=True)
        fields[f"evidence_{n}"] = TextAreaField(
            _l("Reason: what did the candidate say?"), [Length(max=MAX_EVIDENCE, message=too_long)]
        )
        answer = given.get(n)
        if answer:
            data[f"score_{n}"] = NOT_COVERED if answer.not_covered else str(answer.score or "")
            data[f"evidence_{n}"] = answer.evidence
    made: AssessmentForm = type("FilledAssessmentForm", (AssessmentForm,), fields)(data=data)
    return made
