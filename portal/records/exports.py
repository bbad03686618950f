"""The deletion list and the deletion log as tables."""

from collections.abc import Sequence

from flask_babel import gettext as _

from portal.i18n import ZONE
from portal.records.lists import Row
from portal.records.models import Deletion
from portal.records.texts import STANDINGS, counted
from portal.recruitment.texts import STATE_LABELS


def list_heading() -> list[str]:
    return [
        _("Candidate"), _("What became of the application"), _("Position"), _("Office"), _("Case number"), _("Ended"),
        _("Deletion deadline"), _("Status"), _("Filed under"), _("Filed by"), _("Filed on"),
    ]  # fmt: skip


def list_row(row: Row) -> list[object]:
    filed_on = row.filed_at.astimezone(ZONE).date() if row.filed_at else None
    return [
        row.name, str(STATE_LABELS[row.state]), row.recruitment, row.office, row.case_number, row.ended_on, row.due_on,
        str(STANDINGS[row.standing][0]), row.filed_under, row.filed_by, filed_on,
    ]  # fmt: skip


def log_heading() -> list[str]:
    return [
        _("Deleted on"), _("Deleted by"), _("Candidate number"), _("Position"), _("Ended"), _("Months kept"),
        _("Filed under"), _("Why not filed"), _("Reason"), _("What was deleted"),
    ]  # fmt: skip


def log_row(deletion: Deletion) -> Sequence[object]:
    return [
        deletion.at.astimezone(ZONE).date(), deletion.by.name, deletion.candidate_id, deletion.recruitment.title,
        deletion.ended_on, deletion.months, deletion.case_number, deletion.unfiled_reason, deletion.reason,
        ", ".join(counted(deletion.counts)),
    ]  # fmt: skip
