"""Forms for scorecards, declarations and assessments."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    HiddenField,
    IntegerField,
    RadioField,
    SearchField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    TimeField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from portal.bank.rules import LEVELS as BANK_LEVELS
from portal.bank.rules import Content, Problem, Use
from portal.bank.texts import problem_text
from portal.drafts import DraftForm
from portal.formfields import TIMES, DayField, PortalForm, Required, options
from portal.i18n import today
from portal.interviews.rules import (
    LEVELS,
    MINUTES,
    MINUTES_PER_QUESTION,
    AmendmentGap,
    Answer,
    amendment_gaps,
)
from portal.once import OnceForm
from portal.recruitment.schedule import DEFAULT_MINUTES, MAX_MINUTES, MIN_MINUTES, Series, fits, is_near

NOT_COVERED = "not_covered"
MAX_EVIDENCE = 4000
EVIDENCE_LABEL = _l("Reason: what did the candidate say?")
MAX_REASON = 1000
KEPT_FORMS = 256  # scorecards that are assessed at the same time
TOO_LONG = _l("Shorten the reason to at most %(max)d characters.")


class DeclarationForm(PortalForm):
    impartial = RadioField(
        _l("Are you impartial to this candidate?"),
        [Required(_l("Choose one of the two answers."))],
        choices=options(
            [
                ("yes", _l("Yes, nothing could make others doubt my impartiality")),
                (
                    "no",
                    _l(
                        "No, for example because we are related, close friends or in conflict, or because I have an "
                        "interest in the outcome"
                    ),
                ),
            ]
        ),
    )


class BankFilterForm(PortalForm):
    """What the bank shows beside a scorecard; all in the address. `competency` gets its choices from the view."""

    class Meta(PortalForm.Meta):
        csrf = False

    round = HiddenField(validators=[Length(max=5)])
    q = SearchField(_l("Search"), [Length(max=100)])
    competency = SelectField(_l("Competency"))
    kind = SelectField(_l("Kind"))


class CopyFilterForm(PortalForm):
    """Which earlier recruitments are offered for copying."""

    class Meta(PortalForm.Meta):
        csrf = False

    round = HiddenField(validators=[Length(max=5)])
    q = SearchField(_l("Search"), [Length(max=100)])


class QuestionForm(OnceForm):
    """The text of a question on a scorecard; `seen` is what the form began with (`questions.stamp_of`).

    Competency and kind are chosen for a question of one's own alone, and taken out of the form otherwise. What a
    question must hold and must not say is decided by the bank's rules, whose problems `show` puts at the fields.
    """

    seen = HiddenField(validators=[Length(max=64)], default="")
    competency = SelectField(_l("Competency"))
    kind = SelectField(_l("Kind"))
    text = TextAreaField(_l("Question"))
    probes = TextAreaField(_l("Follow-up questions"))
    anchor_1 = TextAreaField(_l("Level 1"))
    anchor_3 = TextAreaField(_l("Level 3"))
    anchor_5 = TextAreaField(_l("Level 5"))
    minutes = IntegerField(
        _l("Minutes"),
        [
            InputRequired(_l("Write how many minutes the question may take.")),
            NumberRange(*MINUTES, message=_l("Write a whole number from %(min)s to %(max)s.")),
        ],
        default=MINUTES_PER_QUESTION,
    )

    def content(self, competency: str = "", kind: str = "") -> Content:
        """What was typed; `competency` and `kind` are those of a question from the bank."""
        return Content(
            use=Use.INTERVIEW,
            text=self.text.data or "",
            competencies=(competency or self.competency.data,),
            kind=kind or self.kind.data,
            probes=tuple((self.probes.data or "").splitlines()),
            anchors={level: self[f"anchor_{level}"].data or "" for level in BANK_LEVELS},
        )

    def show(self, problems: Sequence[Problem]) -> None:
        """Put each problem at its field; the first one of a field is the one that is shown."""
        for problem in problems:
            field = self._fields.get(problem.field)
            if field is not None:
                field.errors = [*field.errors, problem_text(problem)]
            else:
                self.form_errors.append(problem_text(problem))


def values_of(content: Content, minutes: int, seen: str) -> dict[str, Any]:
    """What the fields of a `QuestionForm` begin with for this content."""
    anchors = {f"anchor_{level}": content.anchors.get(level, "") for level in BANK_LEVELS}
    probes, competency = "\n".join(content.probes), content.competencies[0]
    return {
        **anchors,
        "text": content.text,
        "probes": probes,
        "competency": competency,
        "kind": content.kind,
        "minutes": minutes,
        "seen": seen,
    }


class DropForm(PortalForm):
    reason = TextAreaField(
        _l("Why is the question dropped?"),
        [
            Required(_l("Write why the question is dropped for all candidates.")),
            Length(max=MAX_REASON, message=_l("Shorten the reason to at most %(max)d characters.")),
        ],
    )


class AssessmentForm(DraftForm):
    """A rating and its evidence for each question, made by `assessment_form`."""

    question_ids: tuple[int, ...] = ()

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
    evidence = TextAreaField(EVIDENCE_LABEL, [Length(max=MAX_EVIDENCE, message=TOO_LONG)])
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


@lru_cache(KEPT_FORMS)
def _form_over(question_ids: tuple[int, ...]) -> type[AssessmentForm]:
    """A class with the fields for these questions; a draft is saved with the same ones again and again."""
    levels = _levels()
    fields: dict[str, Any] = {"question_ids": question_ids}
    for n in question_ids:
        fields[f"score_{n}"] = RadioField(_l("Rating"), [Optional()], choices=levels, validate_choice=True)
        fields[f"evidence_{n}"] = TextAreaField(EVIDENCE_LABEL, [Length(max=MAX_EVIDENCE, message=TOO_LONG)])
    return type("FilledAssessmentForm", (AssessmentForm,), fields)


def assessment_form(question_ids: Iterable[int], given: Mapping[int, Answer], version: int = 0) -> AssessmentForm:
    """A form over the scorecard, filled with what the assessor has put down so far."""
    data: dict[str, Any] = {"version": version}
    for n, answer in given.items():
        data[f"score_{n}"] = NOT_COVERED if answer.not_covered else str(answer.score or "")
        data[f"evidence_{n}"] = answer.evidence
    return _form_over(tuple(question_ids))(data=data)


BY_NAME, AS_ADDED = "name", "added"


class _TimedForm(PortalForm):
    """When, how long and where; what is wrong with the time is said at its field."""

    day = DayField(_l("Day"), [Optional()])
    time = TimeField(_l("Time"), [Optional()], format=TIMES)
    minutes = IntegerField(
        _l("Length in minutes"),
        [
            Required(_l("Enter how many minutes the interview takes.")),
            NumberRange(MIN_MINUTES, MAX_MINUTES, _l("Enter a length between %(min)s and %(max)s minutes.")),
        ],
        default=DEFAULT_MINUTES,
    )
    place = StringField(_l("Place (optional)"), [Length(max=200)])

    @property
    def local(self) -> datetime | None:
        """Day and time together, in Danish time; None without them."""
        return datetime.combine(self.day.data, self.time.data) if self.day.data and self.time.data else None

    def validate(self, extra_validators: Any = None) -> bool:
        if not super().validate(extra_validators):
            return False
        if self.day.data and not is_near(self.day.data, today()):
            self.day.errors = [_("Choose a day within the next two years.")]
        elif self.day.data and not self.time.data:
            self.time.errors = [_("Enter the time.")]
        elif self.time.data and not self.day.data:
            self.day.errors = [_("Enter the day.")]
        elif self.local and not fits(self.local, self.minutes.data):
            self.time.errors = [_("An interview lies between 6.00 and 22.00 of one day.")]
        return not self.day.errors and not self.time.errors


class TimeForm(_TimedForm):
    """The time of one interview; without day and time it has none."""


class SeriesForm(_TimedForm):
    """Times for the interviews of a round, one after the other."""

    pause = IntegerField(
        _l("Break between interviews, in minutes"),
        [NumberRange(0, 240, _l("Enter a break between %(min)s and %(max)s minutes."))],
        default=15,
    )
    per_day = IntegerField(
        _l("Interviews a day, at most (optional)"),
        [Optional(), NumberRange(1, 20, _l("Enter a number between %(min)s and %(max)s."))],
    )
    order = RadioField(
        _l("In which order?"),
        choices=options([(BY_NAME, _l("Alphabetically by name")), (AS_ADDED, _l("As the candidates were added"))]),
        default=BY_NAME,
    )
    only_missing = BooleanField(_l("Only those who have no time yet"), default=True)

    @property
    def series(self) -> Series:
        """Call it only when the form is valid."""
        first = self.local
        assert first is not None
        return Series(first, self.minutes.data, self.pause.data, self.per_day.data)

    def validate(self, extra_validators: Any = None) -> bool:
        if not super().validate(extra_validators):
            return False
        if not self.local:
            self.day.errors = [_("Enter the day and the time of the first interview.")]
        return bool(self.local)


class InvitationForm(PortalForm):
    """Whom to invite to a round; choices are (candidate id, name), given by the view."""

    candidates = SelectMultipleField(
        _l("Invite"),
        [Required(_l("Choose whom to invite."))],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
