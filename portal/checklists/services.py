"""Writing templates. Editing works on a draft; publishing it makes the version that new plans are started from."""

from collections.abc import Iterable
from datetime import UTC, datetime

from portal.audit.services import record
from portal.bank.models import BankVersion
from portal.checklists import queries
from portal.checklists.models import Template, TemplateItem, TemplateVersion
from portal.checklists.rules import STANDARD_DAYS
from portal.db import db
from portal.people.models import Person

COPIED = (
    "bank_version_id", "position", "title", "why", "documentation", "phase", "responsible", "offset_days",
    "working_days", "theme", "required", "competency_keys", "behaviour_keys",
)  # fmt: skip


def from_bank(entry: BankVersion, position: int) -> TemplateItem:
    """An item with the words of the bank's entry."""
    content = entry.content
    return TemplateItem(
        bank_version_id=entry.id,
        position=position,
        title=content.text,
        why=content.why,
        documentation=content.documentation,
        phase=content.phase,
        responsible=content.responsible,
        offset_days=content.offset_days,
        working_days=content.working_days,
        theme=content.theme,
        required=content.required,
        competency_keys=list(content.competencies),
        behaviour_keys=list(content.behaviours),
    )


def copied(item: TemplateItem) -> TemplateItem:
    return TemplateItem(**{name: getattr(item, name) for name in COPIED})


def add_version(template: Template, title: str, items: list[TemplateItem], person: Person | None) -> TemplateVersion:
    """The next version as a draft, with the days of the one before."""
    before = template.versions[0] if template.versions else None
    version = TemplateVersion(
        number=before.number + 1 if before else 1,
        title=title,
        phase_days=dict(before.phase_days if before else STANDARD_DAYS),
        created_at=datetime.now(UTC),
        created_by_id=person.id if person else None,
        items=items,
    )
    template.versions.insert(0, version)
    db.session.flush()
    return version


def seed(slug: str, title: str, framework_slug: str, entries: Iterable[BankVersion]) -> None:
    """Publish the standard template with the bank's items; what someone here has published since stays as it is."""
    template = queries.find_by_slug(slug)
    if template is None:
        template = Template(slug=slug, framework_slug=framework_slug, versions=[])
        db.session.add(template)
    ordered = sorted(entries, key=lambda entry: (entry.content.offset_days, entry.id))
    current = template.published
    if template.draft or (current and current.created_by_id):
        return
    if current and [item.bank_version_id for item in current.items] == [entry.id for entry in ordered]:
        return
    items = [from_bank(entry, position) for position, entry in enumerate(ordered, 1)]
    version = add_version(template, title, items, None)
    version.published_at = datetime.now(UTC)
    db.session.flush()
    record("checklists.seed", template, number=version.number)
