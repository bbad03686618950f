"""The talk itself: what both see, the summary that both confirm, and who may read it later."""

from typing import Any

from flask import Response, flash, request
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response as BaseResponse

from portal.access import Permission
from portal.annualtalks import outlines, queries, services
from portal.annualtalks.blueprint import bp, my_side, office_of, page_of, prompts_for
from portal.annualtalks.forms import (
    AddendumForm,
    ConfirmForm,
    SummaryForm,
)
from portal.annualtalks.queries import TalkOf
from portal.annualtalks.rules import Side, Stage
from portal.audit.services import record
from portal.balance import queries as balances
from portal.db import unit_of_work
from portal.framework.queries import outline
from portal.goals.queries import Development, find_development, open_goals_of
from portal.once import make_once
from portal.web import logs_reading, needs, page, redirect_to


@bp.get("/development/<int:souschef_id>/talks")
@needs(Permission.SEE_DEVELOPMENT, find_development)
def talks(development: Development) -> Response:
    found = queries.talks_of(development, current_user.actor)
    return page("annualtalks/talks.html", development=development, talks=found, office=office_of(development))


@bp.post("/talks/<int:talk_id>/needs")
@needs(Permission.SHARE_TALK, queries.find_talk)
def count_for_needs(found: TalkOf) -> BaseResponse:
    counts = request.form.get("counts") == "yes"
    with unit_of_work():
        services.count_for_needs(found, counts, current_user.person)
    yes, no = _("Your wishes count, without your name."), _("Your wishes no longer count in the agency’s needs.")
    flash(yes if counts else no, "success")
    return redirect_to(page_of(found))


def _talk_page(found: TalkOf, status: int = 200, **forms: Any) -> Response:
    """What both see; before both have released, each side's own preparation alone."""
    me, talk = current_user.person_id, found.talk
    newest, framework = found.summary, outline(talk.framework_version_id)
    before = queries.talk_before(found, current_user.actor)
    draft = {"number": str(newest.number if newest else 0), "text": newest.text if newest else ""}
    return page(
        "annualtalks/talk.html",
        status,
        found=found,
        talk=talk,
        side=found.side_of(me),
        stage=found.stage,
        framework=framework,
        views={side.value: found.shown(side, me) for side in Side},
        balance=balances.in_force(talk.office_id, talk.souschef_id),
        goals=open_goals_of(talk.souschef_id),
        before=before,
        prompts=prompts_for(talk.competency_keys) if found.stage is Stage.OPEN else {},
        summary_form=forms.get("summary") or SummaryForm(formdata=None, data=draft),
        confirm_form=ConfirmForm(formdata=None, data={"number": draft["number"]}),
        addendum_form=forms.get("addendum") or AddendumForm(formdata=None),
        overtaken=forms.get("overtaken", False),
        successors=_successors(found),
    )


def _successors(found: TalkOf) -> list[Any]:
    """The chefs of today with whom the souschef can share a confirmed talk: not the one who held it."""
    chefs = {o.chef_id: o.chef for o in found.development.offices if o.chef_id in found.development.chef_ids}
    return [chef for chef_id, chef in chefs.items() if chef_id != found.talk.chef_id]


@bp.get("/talks/<int:talk_id>")
@needs(Permission.SEE_TALK, queries.find_talk)
@logs_reading
def talk(found: TalkOf) -> Response:
    with unit_of_work():
        record("annualtalks.read", found.talk)
    return _talk_page(found)


@bp.post("/talks/<int:talk_id>/summary")
@needs(Permission.HOLD_TALK, queries.find_talk)
def save_summary(found: TalkOf) -> BaseResponse:
    form = SummaryForm()
    if not form.validate_on_submit():
        return _talk_page(found, 422, summary=form)
    try:
        with unit_of_work():
            services.save_summary(found, form.text.data, form.number.read, current_user.person)
    except services.Overtaken:
        fresh = queries.find_talk(found.talk.id)
        assert fresh is not None
        form.number.show(fresh.summary.number if fresh.summary else 0)
        return _talk_page(fresh, 409, summary=form, overtaken=True)
    flash(_("The summary has been saved. It is agreed when both have confirmed exactly this wording."), "success")
    return redirect_to(page_of(found, _anchor="summary"))


@bp.post("/talks/<int:talk_id>/confirm")
@needs(Permission.HOLD_TALK, queries.find_talk)
def confirm(found: TalkOf) -> BaseResponse:
    form = ConfirmForm()
    with unit_of_work():
        whole = services.confirm(found, form.number.read, my_side(found), current_user.person)
        if whole:
            outlines.freeze(found.talk.id)
    yes, waits = _("Both have confirmed. The talk is kept as it is."), _("You have confirmed. The other has not yet.")
    flash(yes if whole else waits, "success")
    return redirect_to(page_of(found))


@bp.post("/talks/<int:talk_id>/addenda")
@needs(Permission.HOLD_TALK, queries.find_talk)
def add_addendum(found: TalkOf) -> BaseResponse:
    form = AddendumForm()
    if not form.validate_on_submit():
        return _talk_page(found, 422, addendum=form)

    def make() -> str:
        services.add_addendum(found, form.text.data, current_user.person)
        return page_of(found, _anchor="addenda")

    return make_once(form, make)


@bp.post("/talks/<int:talk_id>/share/<int:person_id>")
@needs(Permission.SHARE_TALK, lambda talk_id, person_id: _with_reader(talk_id, person_id), of="found")
def share(sharing: "_Sharing") -> BaseResponse:
    shared = request.form.get("shared") == "yes"
    with unit_of_work():
        services.share(sharing.found, sharing.reader, shared)
    yes, no = _("%(name)s can read this talk."), _("%(name)s can no longer read this talk.")
    flash((yes if shared else no) % {"name": sharing.reader.name}, "success")
    return redirect_to(page_of(sharing.found))


class _Sharing:
    """A talk and the chef of today with whom it may be shared."""

    def __init__(self, found: TalkOf, reader: Any) -> None:
        self.found, self.reader = found, reader


def _with_reader(talk_id: int, person_id: int) -> _Sharing | None:
    found = queries.find_talk(talk_id)
    reader = next((chef for chef in _successors(found) if chef.id == person_id), None) if found else None
    return _Sharing(found, reader) if found and reader else None
