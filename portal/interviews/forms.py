"""Forms for scorecards, declarations and assessments."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, IntegerField, RadioField, SelectField, TextAreaField
from wtforms.validators import Length, NumberRange, Optional
from wtforms.widgets import HiddenInput

from portal.formfields import PortalForm, Required, options
from portal.interviews.rules import (
    LEVELS,
    MAX_STEP,
    PAGE_LENGTH,
    AmendmentGap,
    Answer,
    Seen,
    amendment_gaps,
)
from portal.once import OnceForm

NOT_COVERED = "not_covered"
MAX_EVIDENCE = 4000
TOO_LONG = _l("Shorten the reason to at most %(max)d characters.")


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

    `version` and `page` say which draft the page showed and which opened page it is, `step` what the page sent last.
    """

    question_ids: tuple[int, ...] = ()
    version = IntegerField(widget=HiddenInput(), default=0)
    page = HiddenField(validators=[Length(max=PAGE_LENGTH)], default=lambda: secrets.token_hex(PAGE_LENGTH // 2))
    step = IntegerField(validators=[Optional(), NumberRange(0, MAX_STEP)], widget=HiddenInput(), default=0)

    @property
    def seen(self) -> Seen:
        return Seen(self.version.data or 0, self.page.data or "", self.step.data or 0)

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


@dataclass(frozen=True)
class Given:
    """A rating as a form gives it."""

    score: int | None
    not_covered: bool
    evidence: str


def _levels() -> list[Any]:
    return options([*((level, level) for level in LEVELS), (NOT_COVERED, _l("Not covered"))])


class AmendmentForm(OnceForm):
    """A new view of a question after submitting; `before` is what counts until now."""

    level = RadioField(_l("Rating"), choices=[], validators=[Required(_l("Choose a rating."))])
    evidence = TextAreaField(_l("Reason: what did the candidate say?"), [Length(max=MAX_EVIDENCE, message=TOO_LONG)])
    reason = TextAreaField(_l("Why do you change your rating?"), [Length(max=MAX_EVIDENCE, message=TOO_LONG)])

    def __init__(self, before: Answer) -> None:
        shown = NOT_COVERED if before.not_covered else str(before.score)
        super().__init__(level=shown, evidence=before.evidence)
        self.before = before
        self.level.choices = _levels()

    @property
    def given(self) -> Given:
        level = self.level.data or ""
        return Given(int(level) if level.isdigit() else None, level == NOT_COVERED, self.evidence.data or "")

    def lacks(self, texts: Mapping[AmendmentGap, Any]) -> bool:
        """Whether the amendment does not count yet; what it lacks then stands at its fields."""
        at = {AmendmentGap.EVIDENCE: self.evidence, AmendmentGap.REASON: self.reason}
        gaps = amendment_gaps(self.before, self.given, self.reason.data or "")
        for gap in gaps:
            field = at.get(gap, self.level)
            field.errors = [*field.errors, texts[gap]]
        return bool(gaps)


class ChairForm(OnceForm):
    """The chair's reason for closing the assessing, or for reopening it."""

    reason = TextAreaField(
        _l("Reason"), [Required(_l("Write the reason.")), Length(max=MAX_EVIDENCE, message=TOO_LONG)]
    )


def assessment_form(question_ids: Sequence[int], given: Mapping[int, Answer], version: int = 0) -> AssessmentForm:
    """A form over the scorecard, filled with what the assessor has put down so far."""
    levels = _levels()
    fields: dict[str, Any] = {"question_ids": tuple(question_ids)}
    data: dict[str, Any] = {"version": version}
    for n in question_ids:
        fields[f"score_{n}"] = RadioField(_l("Rating"), [Optional()], choices=levels, validate_choice=True)
        fields[f"evidence_{n}"] = TextAreaField(
            _l("Reason: what did the candidate say?"), [Length(max=MAX_EVIDENCE, message=TOO_LONG)]
        )
        answer = given.get(n)
        if answer:
            data[f"score_{n}"] = NOT_COVERED if answer.not_covered else str(answer.score or "")
            data[f"evidence_{n}"] = answer.evidence
    made: AssessmentForm = type("FilledAssessmentForm", (AssessmentForm,), fields)(data=data)
    return made
