"""Forms for scorecards, declarations and assessments."""

import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, IntegerField, RadioField, SelectField, TextAreaField
from wtforms.validators import Length, Optional
from wtforms.widgets import HiddenInput

from portal.formfields import PortalForm, Required, options
from portal.interviews.rules import LEVELS, Answer

NOT_COVERED = "not_covered"
MAX_EVIDENCE = 4000


class DeclarationForm(PortalForm):
    impartial = RadioField(
        _l("Are you impartial to this candidate?"),
        [Required(_l("Choose one of the two answers."))],
        choices=options(
            [
                ("yes", _l("Yes, nothing could make others doubt my impartiality")),
                ("no", _l("No, I know the candidate too well or have an interest in the outcome")),
            ]
        ),
    )


class AddQuestionForm(PortalForm):
    """Choices are (key, text) of the bank's questions that are not on the scorecard yet."""

    question = SelectField(_l("Question from the bank"), [Required(_l("Choose a question."))])


class AssessmentForm(PortalForm):
    """A rating and its evidence for each question, made by `assessment_form`.

    `version` and `page` say which draft the page showed and which opened page it is.
    """

    question_ids: tuple[int, ...] = ()
    version = IntegerField(widget=HiddenInput(), default=0)
    page = HiddenField(validators=[Length(max=32)], default=lambda: secrets.token_hex(16))

    def show_version(self, version: int) -> None:
        """From now on the page shows this version of the draft, whatever the browser sent."""
        self.version.data, self.version.raw_data = version, None

    def answers(self) -> dict[int, tuple[int | None, bool, str | None]]:
        """(score, not covered, evidence) by question id; what the browser did not send is left out or None."""
        found = {}
        for n in self.question_ids:
            level, evidence = self[f"score_{n}"], self[f"evidence_{n}"]
            if level.raw_data or evidence.raw_data:
                chosen = level.data or ""
                score = int(chosen) if chosen.isdigit() else None
                found[n] = (score, chosen == NOT_COVERED, (evidence.data or "") if evidence.raw_data else None)
        return found


def assessment_form(question_ids: Sequence[int], given: Mapping[int, Answer], version: int = 0) -> AssessmentForm:
    """A form over the scorecard, filled with what the assessor has put down so far."""
    levels = options([*((level, level) for level in LEVELS), (NOT_COVERED, _l("Not covered"))])
    too_long = _l("Shorten the reason to at most %(max)d characters.")
    fields: dict[str, Any] = {"question_ids": tuple(question_ids)}
    data: dict[str, Any] = {"version": version}
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
