"""Calling a talk, moving it, choosing what it is about, and calling it off."""

from flask import flash, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response as BaseResponse

from portal.access import Permission
from portal.annualtalks import queries, services
from portal.annualtalks.blueprint import FRAMEWORK, bp, office_of, page_of
from portal.annualtalks.forms import (
    CallForm,
    CancelForm,
    ChooseForm,
    PlaceForm,
)
from portal.annualtalks.queries import TalkOf
from portal.annualtalks.rules import suggest
from portal.annualtalks.services import Place
from portal.balance import queries as balances
from portal.db import unit_of_work
from portal.errors import Refused
from portal.framework.queries import find_version, outline
from portal.goals.queries import Development, find_development, open_goals_of
from portal.i18n import ZONE
from portal.once import make_once
from portal.web import needs, page, redirect_to


@bp.route("/development/<int:souschef_id>/talks/call", methods=["GET", "POST"])
@needs(Permission.CALL_TALK, find_development)
def call(development: Development) -> BaseResponse:
    framework, office = find_version(FRAMEWORK), office_of(development)
    if framework is None or office is None:
        raise Refused([_("There is nobody to talk with: the souschef serves in no office with a chef. Ask HR.")])
    agreed = balances.in_force(office.id, development.souschef_id).agreed
    goal_keys = [goal.competency_key for goal in open_goals_of(development.souschef_id)]
    suggested = suggest(agreed.focus_keys if agreed else [], goal_keys)
    marked = {each.key: each for each in suggested}
    form = CallForm(competencies=list(marked))
    form.offer(outline(framework.id))
    if not form.validate_on_submit():
        code = 422 if form.is_submitted() else 200
        return page("annualtalks/call.html", code, development=development, office=office, form=form, given=marked)
    place = Place(form.starts_at, form.minutes.data, form.place.data or "")

    def make() -> str:
        keys = form.competencies.data
        talk = services.call_talk(development, office, framework, place, keys, current_user.person)
        flash(_("The talk has been called. You can both prepare from now on."), "success")
        return url_for("annualtalks.talk", talk_id=talk.id)

    return make_once(form, make)


@bp.route("/talks/<int:talk_id>/time", methods=["GET", "POST"])
@needs(Permission.HOLD_TALK, queries.find_talk)
def move(found: TalkOf) -> BaseResponse:
    talk, local = found.talk, found.talk.starts_at.astimezone(ZONE)
    known = {"day": local.date(), "time": local.time(), "minutes": talk.minutes, "place": talk.place}
    form = PlaceForm(revision=str(talk.revision), **known)
    if not form.validate_on_submit():
        return page("annualtalks/time.html", 422 if form.is_submitted() else 200, found=found, form=form)
    place = Place(form.starts_at, form.minutes.data, form.place.data or "")
    with unit_of_work():
        services.move_talk(found, place, form.revision.read, current_user.person)
    flash(_("The time has been saved. The calendar file and the subscriptions follow."), "success")
    return redirect_to(page_of(found))


@bp.route("/talks/<int:talk_id>/competencies", methods=["GET", "POST"])
@needs(Permission.HOLD_TALK, queries.find_talk)
def choose(found: TalkOf) -> BaseResponse:
    form = ChooseForm(revision=str(found.talk.revision), competencies=found.talk.competency_keys)
    form.offer(outline(found.talk.framework_version_id))
    if not form.validate_on_submit():
        return page("annualtalks/choose.html", 422 if form.is_submitted() else 200, found=found, form=form)
    with unit_of_work():
        revision = form.revision.read
        services.choose_competencies(found, form.competencies.data, revision, current_user.person)
    flash(_("The choice has been saved. What you wrote about other competencies is kept."), "success")
    return redirect_to(page_of(found))


@bp.route("/talks/<int:talk_id>/cancel", methods=["GET", "POST"])
@needs(Permission.HOLD_TALK, queries.find_talk)
def cancel(found: TalkOf) -> BaseResponse:
    form = CancelForm()
    if not form.validate_on_submit():
        return page("annualtalks/cancel.html", 422 if form.is_submitted() else 200, found=found, form=form)
    with unit_of_work():
        services.cancel_talk(found, form.words.data, current_user.person)
    flash(_("The talk has been called off."), "success")
    return redirect_to(url_for("annualtalks.talks", souschef_id=found.souschef_id))
