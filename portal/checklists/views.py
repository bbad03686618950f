"""Keeping templates: a draft of the next version, its items and milestones, publishing. The list is the overview's."""

from typing import Any

from flask import flash, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user
from werkzeug.wrappers import Response

from portal.access import Permission
from portal.bank import queries as bank
from portal.bank.forms import EntryForm, entry_form, values_of
from portal.bank.models import BankVersion
from portal.bank.queries import Filter
from portal.bank.rules import PHASES, Content, Use, cleaned
from portal.bank.services import Keys, all_problems
from portal.bank.texts import PHASE_LABELS
from portal.checklists import queries, services
from portal.checklists.forms import (
    AddTemplateForm,
    CopyTemplateForm,
    DraftForm,
    FilterForm,
    OrderForm,
    PublishForm,
    draft_form,
)
from portal.checklists.models import Template, TemplateItem, TemplateVersion
from portal.checklists.rules import coverage
from portal.checklists.texts import BLOCKER_TEXTS
from portal.db import unit_of_work
from portal.errors import wants_fragment
from portal.formfields import options_or_none
from portal.framework.queries import Outline, newest_outline
from portal.once import make_once
from portal.web import feature, needs, page, page_number, redirect_to

bp = feature("checklists", "/checklists")
FRAMEWORK = "souschef"


def grouped(version: TemplateVersion) -> list[tuple[str, list[TemplateItem]]]:
    """The items by milestone in order, and last those whose milestone is not in the template."""
    phases = [*(p for p in PHASES if p in version.phase_days), *(p for p in PHASES if p not in version.phase_days)]
    found = [(phase, [item for item in version.items if item.phase == phase]) for phase in phases]
    return [(phase, items) for phase, items in found if items or phase in version.phase_days]


def covered(version: TemplateVersion) -> dict[str, Any]:
    """The framework, and how many items of this version train each of its competencies."""
    framework = newest_outline(version.template.framework_slug)
    return {"framework": framework, "counts": coverage(version.items, framework.competency_keys)}


def _edited(draft: TemplateVersion) -> dict[str, Any]:
    """What every page of a draft shows of it."""
    return {
        "draft": draft,
        "publish_form": PublishForm(formdata=None, revision=str(draft.revision)),
        "blockers": services.blockers_of(draft),
        "blocker_words": BLOCKER_TEXTS,
        **covered(draft),
    }


def _to_draft(template_id: int, item_id: int | None = None) -> Response:
    anchor = f"item-{item_id}" if item_id else None
    return redirect_to(url_for("checklists.draft", template_id=template_id, _anchor=anchor))


def _to_template(template_id: int) -> Response:
    return redirect_to(url_for("overview.checklist", template_id=template_id))


@bp.route("/add", methods=["GET", "POST"])
@needs(Permission.MANAGE_CHECKLISTS)
def add_template() -> Response:
    form = AddTemplateForm()
    if not form.validate_on_submit():
        return page("checklists/add.html", 422 if form.is_submitted() else 200, form=form, copied=None)

    def make() -> str:
        entries = bank.entries(FRAMEWORK, Use.ONBOARDING) if form.content.data == "bank" else []
        made = services.add_template(form.title.data, FRAMEWORK, entries, current_user.person)
        return url_for("checklists.draft", template_id=made.template_id)

    return make_once(form, make)


@bp.route("/<int:template_id>/copy", methods=["GET", "POST"])
@needs(Permission.MANAGE_CHECKLISTS, queries.find_template)
def copy_template(template: Template) -> Response:
    version = template.published or template.versions[0]
    form = CopyTemplateForm(title=_("Copy of %(title)s", title=version.title)[:120])
    if not form.validate_on_submit():
        return page("checklists/add.html", 422 if form.is_submitted() else 200, form=form, copied=version)

    def make() -> str:
        made = services.copy_template(version, form.title.data, current_user.person)
        return url_for("checklists.draft", template_id=made.template_id)

    return make_once(form, make)


@bp.post("/<int:template_id>/draft/start")
@needs(Permission.MANAGE_CHECKLISTS, queries.find_template)
def start_draft(template: Template) -> Response:
    with unit_of_work():
        services.start_draft(template, current_user.person)
    return _to_draft(template.id)


@bp.get("/<int:template_id>/draft")
@needs(Permission.MANAGE_CHECKLISTS, queries.find_draft)
def draft(draft: TemplateVersion) -> Response:
    return page("checklists/draft.html", groups=grouped(draft), **_edited(draft))


def _overtaken(form: Any, field: Any, now: str) -> bool:
    """Whether someone else has saved since the form was shown; the next save then counts from what is there now."""
    if field.data == now:
        return False
    field.data = field.raw_data = None
    field.process_data(now)
    return True


@bp.route("/<int:template_id>/draft/edit", methods=["GET", "POST"])
@needs(Permission.MANAGE_CHECKLISTS, queries.find_draft_to_change)
def change_draft(draft: TemplateVersion) -> Response:
    stamp = services.draft_stamp(draft)
    form: DraftForm = draft_form(draft.title, draft.phase_days, stamp)
    used = {item.phase for item in draft.items}
    if not form.validate_on_submit():
        return page("checklists/settings.html", 422 if form.is_submitted() else 200, form=form, draft=draft, used=used)
    if _overtaken(form, form.revision, stamp):
        return page("checklists/settings.html", 409, form=form, draft=draft, used=used, overtaken=True)
    with unit_of_work():
        services.change_draft(draft, form.title.data, form.phase_days)
    flash(_("Title and milestones have been saved."), "success")
    return _to_draft(draft.template_id)


def _item_form(draft: TemplateVersion, framework: Outline, item: TemplateItem | None = None) -> EntryForm:
    """The bank's form for an item of the template's own milestones; a new item begins with its milestone's day."""
    phase = request.args.get("phase", "")
    data: dict[str, Any] = {"phase": phase, "offset_days": draft.phase_days.get(phase)}
    if item:
        data = values_of(services.content_of(item), 0) | {"number": services.item_stamp(item)}
    competencies = [
        (key, f"{part.title}: {text}") for part in framework.parts for key, text in part.competencies.items()
    ]
    behaviours = [(key, f"{part.title}: {text}") for part in framework.parts for key, text in part.behaviours.items()]
    form = entry_form(Use.ONBOARDING, competencies, behaviours, data)
    phases = [phase for phase in PHASES if phase in draft.phase_days]
    form._fields["phase"].choices = options_or_none((phase, PHASE_LABELS[phase]) for phase in phases)
    return form


def _taken(form: EntryForm, framework: Outline) -> Content | None:
    """What was typed, when it can be taken; what cannot is shown at its field."""
    if not form.validate_on_submit():
        return None
    content = cleaned(form.content())
    behaviours = frozenset(key for part in framework.parts for key in part.behaviours)
    problems = all_problems(content, Keys(frozenset(framework.competency_keys), behaviours))
    form.show(problems)
    return None if problems else content


def _item_page(code: int, form: EntryForm, draft: TemplateVersion, **more: Any) -> Response:
    return page("checklists/edit_item.html", code, form=form, draft=draft, **{"item": None, **more})


@bp.route("/<int:template_id>/draft/items/add", methods=["GET", "POST"])
@needs(Permission.MANAGE_CHECKLISTS, queries.find_draft_to_change)
def add_item(draft: TemplateVersion) -> Response:
    framework = newest_outline(draft.template.framework_slug)
    form = _item_form(draft, framework)
    content = _taken(form, framework)
    if content is None:
        return _item_page(422 if form.is_submitted() else 200, form, draft)
    with unit_of_work():
        item = services.add_item(draft, content)
    flash(_("The item has been added to the draft."), "success")
    return _to_draft(draft.template_id, item.id)


@bp.route("/<int:template_id>/draft/items/<int:item_id>", methods=["GET", "POST"])
@needs(Permission.MANAGE_CHECKLISTS, queries.find_draft_item)
def change_item(item: TemplateItem) -> Response:
    draft, stamp = item.version, services.item_stamp(item)
    framework = newest_outline(draft.template.framework_slug)
    form = _item_form(draft, framework, item)
    content = _taken(form, framework)
    if content is None:
        return _item_page(422 if form.is_submitted() else 200, form, draft, item=item)
    if _overtaken(form, form.number, stamp):
        return _item_page(409, form, draft, item=item, overtaken=services.content_of(item), framework=framework)
    with unit_of_work():
        changed = services.change_item(item, content)
    flash(_("The item has been saved.") if changed else _("Nothing was changed."), "success" if changed else "info")
    return _to_draft(draft.template_id, item.id)


def _changed(draft: TemplateVersion, phase: str, said: str, moved: int = 0, by: str = "") -> Response:
    """For htmx the milestone that changed, and beside it the coverage and what keeps the draft from being published."""
    if not wants_fragment():
        flash(said, "success")
        return _to_draft(draft.template_id, moved or None)
    items = [item for item in draft.items if item.phase == phase]
    return page("checklists/_changed.html", phase=phase, items=items, said=said, moved=moved, by=by, **_edited(draft))


@bp.post("/<int:template_id>/draft/items/<int:item_id>/move")
@needs(Permission.MANAGE_CHECKLISTS, queries.find_draft_item)
def move_item(item: TemplateItem) -> Response:
    form = OrderForm()
    with unit_of_work():
        services.move_item(item, form.order if form.validate_on_submit() else "")
    group = [other.id for other in item.version.items if other.phase == item.phase]
    place, phase = group.index(item.id) + 1, str(PHASE_LABELS[item.phase])
    said = _("%(item)s: number %(n)s of %(all)s in %(phase)s", item=item.title, n=place, all=len(group), phase=phase)
    return _changed(item.version, item.phase, said, item.id, form.step.data or "")


@bp.post("/<int:template_id>/draft/items/<int:item_id>/remove")
@needs(Permission.MANAGE_CHECKLISTS, queries.find_draft_item)
def remove_item(item: TemplateItem) -> Response:
    draft, phase = item.version, item.phase
    with unit_of_work():
        services.remove_item(item)
    return _changed(draft, phase, _("“%(item)s” has been taken out of the draft.", item=item.title))


def _bank_page(draft: TemplateVersion, code: int = 200, **more: Any) -> Response:
    """The bank's items beside the draft, those that it has marked."""
    edited, form = _edited(draft), FilterForm(request.args)
    framework: Outline = edited["framework"]
    competencies = [(key, text) for part in framework.parts for key, text in part.competencies.items()]
    form.competency.choices = options_or_none(competencies, _("All"))
    form.validate()
    given = {name: "" if form[name].errors else form[name].data or "" for name in ("q", "competency", "all")}
    present = set(bank.entry_ids({item.bank_version_id for item in draft.items}).values())
    wanted = Filter(
        given["q"],
        framework.slug,
        Use.ONBOARDING.value,
        competency=given["competency"],
        without=() if given["all"] else present,
    )
    return page(
        "checklists/bank.html",
        code,
        fragment="checklists/_added.html" if request.method == "POST" else "checklists/_bank.html",
        form=form,
        found=bank.search(wanted, (), page_number()),
        present=present,
        kept={name: "y" if value is True else value for name, value in given.items() if value},
        **{"said": "", "wrong": "", **edited, **more},
    )


@bp.get("/<int:template_id>/draft/bank")
@needs(Permission.MANAGE_CHECKLISTS, queries.find_draft)
def choose_from_bank(draft: TemplateVersion) -> Response:
    return _bank_page(draft)


def _chosen(draft: TemplateVersion) -> list[BankVersion]:
    """The entries that were ticked, in the bank's order; what is no entry of the bank is left out."""
    ticked = set(request.form.getlist("entries"))
    return [e for e in bank.entries(draft.template.framework_slug, Use.ONBOARDING) if str(e.id) in ticked]


@bp.post("/<int:template_id>/draft/bank")
@needs(Permission.MANAGE_CHECKLISTS, queries.find_draft_to_change)
def add_from_bank(draft: TemplateVersion) -> Response:
    entries = _chosen(draft)
    if not entries:
        return _bank_page(draft, 422, wrong=_("Choose at least one item."))
    with unit_of_work():
        count = services.add_from_bank(draft, entries)
    said = ngettext("%(num)s item has been added.", "%(num)s items have been added.", count)
    if wants_fragment():
        return _bank_page(draft, said=said)
    flash(said, "success")
    return redirect_to(request.full_path)


@bp.post("/<int:template_id>/draft/discard")
@needs(Permission.MANAGE_CHECKLISTS, queries.find_draft_to_change)
def discard_draft(draft: TemplateVersion) -> Response:
    template_id = draft.template_id
    with unit_of_work():
        stays = services.discard_draft(draft)
    flash(_("The draft has been discarded."), "success")
    return _to_template(template_id) if stays else redirect_to(url_for("overview.checklists"))


@bp.post("/<int:template_id>/draft/publish")
@needs(Permission.MANAGE_CHECKLISTS, queries.find_draft_to_change)
def publish_draft(draft: TemplateVersion) -> Response:
    form = PublishForm()
    with unit_of_work():
        services.publish_draft(draft, form.revision.data or "")
    flash(_("Version %(number)s is published. New onboardings are started from it.", number=draft.number), "success")
    return _to_template(draft.template_id)


@bp.post("/<int:template_id>/retire")
@needs(Permission.MANAGE_CHECKLISTS, queries.find_template)
def retire_template(template: Template) -> Response:
    with unit_of_work():
        services.retire_template(template)
    flash(
        _("The template is retired: plans that run keep what they have, and no new one is started from it."), "success"
    )
    return _to_template(template.id)


@bp.post("/<int:template_id>/restore")
@needs(Permission.MANAGE_CHECKLISTS, queries.find_template)
def restore_template(template: Template) -> Response:
    with unit_of_work():
        services.restore_template(template)
    flash(_("The template is offered again."), "success")
    return _to_template(template.id)
