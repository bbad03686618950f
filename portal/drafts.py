"""Drafts that save themselves: which version a page showed, and which of its sendings came last.

Every opened page has a token, and every sending of it a number (design decision 11): what a slow network brings late
does not replace what came before it, and a page that another one has overtaken is told so.
"""

import secrets
from dataclasses import dataclass

from wtforms import HiddenField, IntegerField
from wtforms.validators import Length, NumberRange, Optional
from wtforms.widgets import HiddenInput

from portal.formfields import PortalForm

PAGE_LENGTH, MAX_STEP = 24, 9_999_999  # so that a trace of both fits its column


@dataclass(frozen=True)
class Seen:
    """The draft that a page showed: its version, and the token of the opened page.

    `step` counts what the page has sent. A page without a script does not count, and sends 0.
    """

    version: int = 0
    page: str = ""
    step: int = 0

    @property
    def trace(self) -> str:
        return f"{self.page[:PAGE_LENGTH]}/{self.step}" if self.page else ""

    def goes_on_from(self, trace: str) -> bool:
        """Whether this page is the one that saved last."""
        return bool(self.page) and trace.rpartition("/")[0] == self.page[:PAGE_LENGTH]

    def is_late(self, trace: str) -> bool:
        """Whether this page has sent something newer already."""
        return self.goes_on_from(trace) and 0 < self.step < int(trace.rpartition("/")[2])

    def is_overtaken(self, version: int, trace: str) -> bool:
        """Whether another page has saved `version` since this one was opened."""
        return version > 0 and version != self.version and not self.goes_on_from(trace)


NOTHING_SEEN = Seen()


class DraftForm(PortalForm):
    """A form whose draft saves itself; `version` and `page` say what was shown and where, `step` what was sent last."""

    version = IntegerField(widget=HiddenInput(), default=0)
    page = HiddenField(validators=[Length(max=PAGE_LENGTH)], default=lambda: secrets.token_hex(PAGE_LENGTH // 2))
    step = IntegerField(validators=[Optional(), NumberRange(0, MAX_STEP)], widget=HiddenInput(), default=0)

    @property
    def seen_draft(self) -> Seen:
        return Seen(self.version.data or 0, self.page.data or "", self.step.data or 0)

    def show_version(self, version: int) -> None:
        """From now on the page shows this version of the draft, whatever the browser sent."""
        self.version.data, self.version.raw_data = version, None
