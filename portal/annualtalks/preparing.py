"""Each side prepares apart: a draft that saves itself, and its release to the other."""

from typing import Any

from flask import Response, flash, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response as BaseResponse

from portal.access import Permission
from portal.annualtalks import queries, services
from portal.annualtalks.blueprint import bp, my_side, page_of, prompts_for
from portal.annualtalks.forms import (
    PreparationForm,
    preparation_form,
)
from portal.annualtalks.queries import TalkOf
from portal.annualtalks.rules import Side
from portal.clock import now
from portal.confirm import ask, confirmed
from portal.db import unit_of_work
from portal.errors import error_response, wants_fragment
from portal.framework.queries import outline
from portal.i18n import clock
from portal.web import needs, page, redirect_to


def _preparation_page(found: TalkOf, form: PreparationForm, status: int = 200, **more: Any) -> Response:
    side, framework = my_side(found), outline(found.talk.framework_version_id)
    return page(
        "annualtalks/preparation.html",
        status,
        found=found,
        side=side,
        framework=framework,
        form=form,
        standing=found.shown(side, current_user.person_id),
        prompts=prompts_for(form.keys),
        **{"overtaken": (), **more},
    )


def _form_of(found: TalkOf) -> PreparationForm:
    side = my_side(found)
    standing = found.shown(side, current_user.person_id)
    return preparation_form(found.talk.competency_keys, standing, is_souschef=side is Side.SOUSCHEF)


@bp.get("/talks/<int:talk_id>/preparation")
@needs(Permission.HOLD_TALK, queries.find_talk)
def preparation(found: TalkOf) -> Response:
    return _preparation_page(found, _form_of(found))


@bp.post("/talks/<int:talk_id>/preparation")
@needs(Permission.HOLD_TALK, queries.find_talk)
def save_preparation(found: TalkOf) -> BaseResponse:
    """Keep the draft, and release it when that is asked for and nothing is in the way."""
    form, releases = _form_of(found), "release" in request.form
    if not form.validate_on_submit():
        return _preparation_page(found, form, 422)
    with unit_of_work():
        overtaken = services.save_views(found, my_side(found), form.written())
        if releases and confirmed() and not overtaken:
            services.release(found, my_side(found), current_user.person)
    fresh = queries.find_talk(found.talk.id)
    assert fresh is not None
    if overtaken:
        return _both_texts(fresh, form, overtaken)
    if releases:
        return _released(fresh) if confirmed() else _ask_to_release(fresh)
    return _draft_saved(fresh)


def _both_texts(found: TalkOf, form: PreparationForm, overtaken: list[str]) -> Response:
    """What was typed beside what another window has saved; saving from here is a choice made with both in sight."""
    if wants_fragment():
        return error_response(
            409, [_("You have changed this in another window. Choose “Save the draft” to see both texts.")]
        )
    views = found.shown(my_side(found), current_user.person_id)
    form.read_again({key: view.revision for key, view in views.items()})
    return _preparation_page(found, form, 409, overtaken=overtaken)


def _draft_saved(found: TalkOf) -> BaseResponse:
    if wants_fragment():
        views = found.shown(my_side(found), current_user.person_id)
        revisions = {n: views[key].revision for n, key in enumerate(found.talk.competency_keys) if key in views}
        return page("annualtalks/_draft.html", saved_at=now(), revisions=revisions)
    flash(_("Draft saved %(when)s.", when=clock(now())), "success")
    return redirect_to(url_for("annualtalks.preparation", talk_id=found.talk.id))


def _ask_to_release(found: TalkOf) -> Response:
    views = found.shown(my_side(found), current_user.person_id)
    framework, empty = outline(found.talk.framework_version_id), _("nothing written")
    lines = [
        f"{framework.text_of(key)}: {views[key].words or empty if key in views else empty}"
        for key in found.talk.competency_keys
    ]
    return ask(
        _("Release your preparation?"),
        _("The other reads it when both of you have released. Until then you can take it back; after that it stays."),
        _("Release"),
        url_for("annualtalks.preparation", talk_id=found.talk.id),
        lost=lines,
        final=False,
    )


def _released(found: TalkOf) -> BaseResponse:
    both = _("Both have released. You can now read each other’s preparation.")
    flash(both if found.talk.released_at else _("You have released. The other has not yet."), "success")
    return redirect_to(page_of(found))


@bp.post("/talks/<int:talk_id>/withdraw")
@needs(Permission.HOLD_TALK, queries.find_talk)
def withdraw(found: TalkOf) -> BaseResponse:
    with unit_of_work():
        services.withdraw_release(found, my_side(found), current_user.person)
    flash(_("You have taken your release back, and can write on."), "success")
    return redirect_to(url_for("annualtalks.preparation", talk_id=found.talk.id))
