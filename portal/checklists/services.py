"""Writing templates. Editing works on a draft; publishing it makes the version that new plans are started from.

Whoever changes a draft has it from `queries.find_draft_to_change`, which keeps others waiting.
"""

from collections.abc import Collection, Iterable, Mapping

from flask_babel import gettext as _

from portal.audit.services import record
from portal.bank.models import BankVersion
from portal.bank.queries import entry_ids
from portal.bank.rules import Content, Use
from portal.checklists import queries
from portal.checklists.models import Template, TemplateItem, TemplateVersion
from portal.checklists.rules import STANDARD_DAYS, Blocker, moved, place_of, publish_blockers, stamp
from portal.checklists.texts import BLOCKER_TEXTS
from portal.clock import now
from portal.db import db, lock_row
from portal.errors import Refused
from portal.people.models import Person

COPIED = (
    "bank_version_id", "position", "title", "why", "documentation", "phase", "responsible", "offset_days",
    "working_days", "theme", "required", "competency_keys", "behaviour_keys",
)  # fmt: skip


def from_bank(entry: BankVersion, position: int) -> TemplateItem:
    """An item with the words of the bank's entry."""
    item = TemplateItem(bank_version_id=entry.id, position=position)
    _write(item, entry.content)
    return item


def _write(item: TemplateItem, content: Content) -> None:
    item.title, item.why, item.documentation = content.text, content.why, content.documentation
    item.phase, item.responsible, item.theme = content.phase, content.responsible, content.theme
    item.offset_days, item.working_days, item.required = content.offset_days, content.working_days, content.required
    item.competency_keys, item.behaviour_keys = list(content.competencies), list(content.behaviours)


def content_of(item: TemplateItem) -> Content:
    """What the item says, as the bank would say it."""
    return Content(
        use=Use.ONBOARDING,
        text=item.title,
        competencies=tuple(item.competency_keys),
        behaviours=tuple(item.behaviour_keys),
        why=item.why,
        documentation=item.documentation,
        phase=item.phase,
        responsible=item.responsible,
        offset_days=item.offset_days,
        working_days=item.working_days,
        theme=item.theme,
        required=item.required,
    )


def item_stamp(item: TemplateItem) -> str:
    """Changes with anything that the form of an item can change."""
    content = content_of(item)
    return stamp(content.text, content.competencies, content.behaviours, content.details())


def draft_stamp(draft: TemplateVersion) -> str:
    """Changes with title and milestones."""
    return stamp(draft.title, draft.phase_days)


def copied(item: TemplateItem) -> TemplateItem:
    return TemplateItem(**{name: getattr(item, name) for name in COPIED})


def add_version(template: Template, title: str, items: list[TemplateItem], person: Person | None) -> TemplateVersion:
    """The next version as a draft, with the days of the one before."""
    before = template.versions[0] if template.versions else None
    version = TemplateVersion(
        number=before.number + 1 if before else 1,
        title=title,
        phase_days=dict(before.phase_days if before else STANDARD_DAYS),
        created_at=now(),
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
    version.published_at = now()
    db.session.flush()
    record("checklists.seed", template, number=version.number)


def add_template(
    title: str, framework_slug: str, entries: Iterable[BankVersion], person: Person | None
) -> TemplateVersion:
    """A new template as a draft with the bank's items, or with none."""
    template = Template(framework_slug=framework_slug, versions=[])
    db.session.add(template)
    draft = add_version(template, title, [from_bank(entry, n) for n, entry in enumerate(entries, 1)], person)
    record("checklists.add_template", template, items=len(draft.items))
    return draft


def copy_template(version: TemplateVersion, title: str, person: Person | None) -> TemplateVersion:
    """A new template that begins as this version of another one."""
    template = Template(framework_slug=version.template.framework_slug, versions=[])
    db.session.add(template)
    draft = add_version(template, title, [copied(item) for item in version.items], person)
    draft.phase_days = dict(version.phase_days)
    db.session.flush()
    record("checklists.copy_template", template, copied_id=version.template_id, number=version.number)
    return draft


def start_draft(template: Template, person: Person | None) -> TemplateVersion:
    """The draft of the next version, made from the published one; the one that is there already, if there is one."""
    lock_row(template)
    draft, published = queries.find_draft(template.id), template.published
    if draft is not None or published is None:
        assert draft is not None  # a template has a draft or a published version
        return draft
    if template.retired_at:
        raise Refused([_("The template is retired. Bring it back before you edit it.")])
    draft = add_version(template, published.title, [copied(item) for item in published.items], person)
    record("checklists.start_draft", template, number=draft.number)
    return draft


def _changed(draft: TemplateVersion, action: str, **details: int) -> None:
    """Count the change, so that nobody publishes what they have not seen."""
    draft.revision += 1
    db.session.flush()
    record(action, draft.template, actor_id=None, number=draft.number, **details)


def change_draft(draft: TemplateVersion, title: str, phase_days: Mapping[str, int]) -> None:
    """Give the draft its title, and its milestones their days."""
    draft.title, draft.phase_days = title, dict(phase_days)
    _changed(draft, "checklists.change_draft")


def _next_position(draft: TemplateVersion) -> int:
    return max((item.position for item in draft.items), default=0) + 1


def add_item(draft: TemplateVersion, content: Content) -> TemplateItem:
    """Add an item that is not in the bank, last in its milestone."""
    item = TemplateItem(bank_version_id=None, position=_next_position(draft))
    _write(item, content)
    draft.items.append(item)
    _changed(draft, "checklists.add_item")
    return item


def add_from_bank(draft: TemplateVersion, entries: Collection[BankVersion]) -> int:
    """Add these entries of the bank, apart from those that the draft has in any version; how many were added."""
    present = set(entry_ids({item.bank_version_id for item in draft.items}).values())
    fresh = [entry for entry in entries if entry.entry_id not in present]
    first = _next_position(draft)
    draft.items.extend(from_bank(entry, position) for position, entry in enumerate(fresh, first))
    if fresh:
        _changed(draft, "checklists.add_from_bank", items=len(fresh))
    return len(fresh)


def change_item(item: TemplateItem, content: Content) -> bool:
    """Let the item say this; the same again changes nothing, and the answer is False."""
    if content == content_of(item):
        return False
    _write(item, content)
    _changed(item.version, "checklists.change_item", item_id=item.id)
    return True


def remove_item(item: TemplateItem) -> None:
    draft, item_id = item.version, item.id
    draft.items.remove(item)
    _changed(draft, "checklists.remove_item", item_id=item_id)


def move_item(item: TemplateItem, order: str) -> None:
    """Move the item within its milestone: "up", "down", or to a place counted from one."""
    draft = item.version
    group = {other.id: other for other in draft.items if other.phase == item.phase}
    ids, places = list(group), [other.position for other in group.values()]
    after = moved(ids, item.id, place_of(order, ids, item.id))
    if after == ids:
        return
    for position, item_id in zip(places, after, strict=True):
        group[item_id].position = position
    draft.items.sort(key=lambda other: other.position)
    _changed(draft, "checklists.move_item", item_id=item.id)


def discard_draft(draft: TemplateVersion) -> bool:
    """Throw the draft away; a template that never was published goes with it, and the answer is False."""
    template = draft.template
    lock_row(template)
    stays = template.published is not None
    record("checklists.discard_draft", template, number=draft.number)
    db.session.delete(draft)
    db.session.flush()
    if not stays:
        db.session.expire(template, ["versions"])
        db.session.delete(template)
        db.session.flush()
    return stays


def blockers_of(draft: TemplateVersion) -> list[Blocker]:
    """Why the draft cannot be published now."""
    retired, unchanged = draft.template.retired_at is not None, draft.number > 1 and draft.revision == 1
    return publish_blockers(draft.phase_days, draft.items, retired=retired, unchanged=unchanged)


def publish_draft(draft: TemplateVersion, revision: str) -> None:
    """Make the draft the version that new plans are started from, if it still is what the person has seen."""
    if revision != str(draft.revision):
        raise Refused([_("Someone else has changed the draft. Look at it once more before you publish it.")])
    blockers = blockers_of(draft)
    if blockers:
        raise Refused([BLOCKER_TEXTS[blocker] for blocker in blockers])
    draft.published_at = now()
    db.session.flush()
    record("checklists.publish", draft.template, number=draft.number, items=len(draft.items))


def retire_template(template: Template) -> None:
    """Offer the template no more for new plans; the last one stays, or no plan could be started."""
    lock_row(template)
    if template.retired_at:
        return
    if not [version for version in queries.published() if version.template_id != template.id]:
        raise Refused(
            [_("It is the only template from which an onboarding can be started. Publish another one first.")]
        )
    template.retired_at = now()
    record("checklists.retire_template", template)


def restore_template(template: Template) -> None:
    lock_row(template)
    if template.retired_at:
        template.retired_at = None
        record("checklists.restore_template", template)
