"""The form in which a job ad is written."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, StringField, TextAreaField, TimeField
from wtforms.validators import Length, Optional

from portal.formfields import DayField, PortalForm, Required
from portal.i18n import in_denmark
from portal.jobads.rules import MAX_LINE, MAX_TEXT, TEXTS, Content, Line, lines_from
from portal.jobads.texts import FIELD_LABELS
from portal.recruitment.forms import day_has_time

Competency = tuple[int, str, str]  # number in the framework, key, wording


def _line(name: str, *checks: Any) -> StringField:
    return StringField(FIELD_LABELS[name], [*checks, Length(max=MAX_LINE)])


def _text(name: str, rows: int = 3) -> TextAreaField:
    return TextAreaField(FIELD_LABELS[name], [Length(max=MAX_TEXT)], render_kw={"rows": rows})


class AdForm(PortalForm):
    """A field of lines for each competency, made by `ad_form`; `content` reads them. `number` is what was opened."""

    competencies: Mapping[int, str] = {}  # by number in the framework: the key

    number = HiddenField()
    title = _line("title", Required(_l("Say which position is advertised.")))
    area = _line("area")
    workplace = _line("workplace")
    pay = _text("pay")
    deadline_day = DayField(FIELD_LABELS["deadline"], [Optional()])
    deadline_time = TimeField(_l("Time of day of the deadline"), [Optional()])
    starts = _line("starts")
    part_time = _text("part_time", 2)
    about_job = _text("about_job", 6)
    other_lines = TextAreaField(_l("Other lines"), [Length(max=MAX_TEXT)], render_kw={"rows": 3})
    about_us = _text("about_us", 6)
    everyone = _text("everyone", 2)
    contact = _text("contact", 2)
    apply = _text("apply")

    @property
    def seen(self) -> int:
        """The version that was opened; what is no number is none."""
        raw = self.number.data or ""
        return int(raw) if raw.isdecimal() and len(raw) < 10 else 0

    def validate(self, extra_validators: Any = None) -> bool:
        return bool(super().validate(extra_validators)) and day_has_time(self.deadline_day, self.deadline_time)

    def content(self) -> Content:
        deadline = in_denmark(self.deadline_day.data, self.deadline_time.data)
        lines: list[Line] = []
        for n, key in self.competencies.items():
            lines += lines_from(self[f"lines_{n}"].data or "", key)
        return Content(
            **{name: self[name].data or "" for name in TEXTS},
            deadline=deadline.strftime("%Y-%m-%dT%H:%M") if deadline else "",
            lines=(*lines, *lines_from(self.other_lines.data or "", "")),
        )


def ad_form(content: Content, number: int, competencies: Sequence[Competency]) -> AdForm:
    """A form filled with the content; `competencies` are in the framework's order."""
    deadline = datetime.fromisoformat(content.deadline) if content.deadline else None
    data: dict[str, Any] = {name: getattr(content, name) for name in TEXTS} | {
        "number": str(number),
        "deadline_day": deadline.date() if deadline else None,
        "deadline_time": deadline.time() if deadline else None,
        "other_lines": "\n".join(content.lines_of("")),
    }
    members: dict[str, Any] = {"competencies": {n: key for n, key, _wording in competencies}}
    for n, key, _wording in competencies:
        members[f"lines_{n}"] = TextAreaField(FIELD_LABELS["lines"], [Length(max=MAX_TEXT)], render_kw={"rows": 3})
        data[f"lines_{n}"] = "\n".join(content.lines_of(key))
    made: AdForm = type("FilledAdForm", (AdForm,), members)(data=data)
    for n, _key, wording in competencies:
        made[f"lines_{n}"].label.text = wording
    return made
