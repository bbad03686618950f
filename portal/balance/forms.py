"""Forms for proposing a balance and for saying no to one."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, IntegerField, TextAreaField
from wtforms.validators import Length
from wtforms.widgets import NumberInput

from portal.balance import rules
from portal.balance.rules import (
    MAX_BETTER,
    MAX_WORDS,
    MIN_SHARE,
    MIN_WORDS,
    STEP,
    TOTAL,
    Focus,
    Framework,
    Problem,
    Wanted,
)
from portal.balance.texts import PROBLEM_TEXTS
from portal.formfields import PortalForm, Required
from portal.once import OnceForm

TOO_LONG = _l("Shorten the text to at most %(max)d characters.")
TOO_SHORT = _l("Write at least %(min)d characters, so that others understand it.")


class DeclineForm(PortalForm):
    words = TextAreaField(
        _l("Why not?"),
        [
            Required(_l("Say why, so that the other knows what to propose instead.")),
            Length(min=MIN_WORDS, message=TOO_SHORT),
            Length(max=MAX_WORDS, message=TOO_LONG),
        ],
    )


class ProposalForm(OnceForm):
    """A share for each part, and two fields for each competency, made by `proposal_form`; `wanted` reads them."""

    framework: Framework

    seen = HiddenField()
    framework_id = HiddenField()
    reason = TextAreaField(_l("Reason"), [Length(max=MAX_WORDS, message=TOO_LONG)])

    def wanted(self) -> Wanted:
        chosen = [
            Focus(key, self[f"better_{n}"].data or "")
            for n, key in enumerate(self.framework.competency_keys)
            if self[f"focus_{n}"].data
        ]
        weights = {part.slug: self[f"weight_{part.position}"].data or 0 for part in self.framework.parts}
        return Wanted(weights, tuple(chosen), self.reason.data or "")

    @property
    def number(self) -> int:
        return rules.next_number(self.seen.data or "")

    @property
    def total(self) -> int:
        return rules.total(self.wanted().weights)

    def _check_shares(self) -> None:
        fields = [self[f"weight_{part.position}"] for part in self.framework.parts]
        for field in fields:
            if not rules.is_share(field.data):
                field.errors = [f"{field.label.text}: {PROBLEM_TEXTS[Problem.SHARE]}"]
        if self.total != TOTAL and not any(field.errors for field in fields):
            self.form_errors.append(_("The four shares add up to %(sum)s. They must add up to 100.", sum=self.total))

    def validate(self, extra_validators: Any = None) -> bool:
        super().validate(extra_validators)
        self._check_shares()
        found = rules.problems(self.wanted(), self.number, self.framework)
        if Problem.NO_REASON in found:
            self.reason.errors = [PROBLEM_TEXTS[Problem.NO_REASON]]
        self.form_errors += [PROBLEM_TEXTS[p] for p in found if p in (Problem.FEW, Problem.MANY)]
        return not self.form_errors and not any(field.errors for field in self)

    def show_anew(self, seen: str) -> None:
        """What was written stays; what has been read meanwhile is `seen`."""
        self.seen.raw_data = None
        self.seen.process_data(seen)


def proposal_form(framework: Framework, framework_id: int, start: Wanted | None, seen: str) -> ProposalForm:
    """A form filled with `start`, or with equal shares when nothing has been proposed yet."""
    fields: dict[str, Any] = {"framework": framework}
    equal = TOTAL // len(framework.parts)
    data: dict[str, Any] = {"seen": seen, "framework_id": str(framework_id)}
    for part in framework.parts:
        widget = NumberInput(step=STEP, min=MIN_SHARE, max=TOTAL)
        fields[f"weight_{part.position}"] = IntegerField(part.title, widget=widget)
        data[f"weight_{part.position}"] = start.weights.get(part.slug) if start else equal
    chosen = {focus.key: focus.better for focus in start.focus} if start else {}
    texts = {key: text for part in framework.parts for key, text in part.competencies.items()}
    for n, key in enumerate(framework.competency_keys):
        fields[f"focus_{n}"] = BooleanField(texts[key])
        too_long = Length(max=MAX_BETTER, message=TOO_LONG)
        fields[f"better_{n}"] = TextAreaField(_l("What does better look like? (optional)"), [too_long])
        data |= {f"focus_{n}": key in chosen, f"better_{n}": chosen.get(key, "")}
    made: ProposalForm = type("FilledProposalForm", (ProposalForm,), fields)(data=data)
    return made
