"""Copying the questions of an earlier recruitment: choose the round, see what comes along and what does not, copy."""

from flask import abort, flash, request
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user
from werkzeug.wrappers import Response

from portal.access import Permission
from portal.db import unit_of_work
from portal.errors import Refused
from portal.interviews import queries, questions
from portal.interviews.blueprint import bp
from portal.interviews.forms import CopyFilterForm
from portal.interviews.scorecards import asked_round, card_url, round_argument
from portal.interviews.texts import LEFT_OUT_TEXTS
from portal.recruitment import queries as recruitments
from portal.recruitment.models import InterviewRound, Recruitment
from portal.web import needs, page, page_number, redirect_to


def _source(found: InterviewRound, asked: str) -> InterviewRound | None:
    known = asked.isascii() and asked.isdigit() and len(asked) < 10
    return queries.find_copyable(found, current_user.actor, int(asked)) if known else None


@bp.get("/recruitments/<int:recruitment_id>/scorecard/copy")
@needs(Permission.MANAGE_RECRUITMENT, recruitments.find_recruitment)
def choose_source(recruitment: Recruitment) -> Response:
    found, form = asked_round(recruitment), CopyFilterForm(request.args)
    search = (form.q.data or "").strip() if form.validate() else ""
    asked = request.args.get("source")
    source = (_source(found, asked) or abort(404)) if asked else None
    sources = queries.copyable_page(found, current_user.actor, search, page_number())
    return page(
        "interviews/copy.html",
        recruitment=recruitment,
        round=found,
        asked_round=round_argument(found),
        form=form,
        search=search,
        sources=sources,
        counts=queries.question_counts([source.recruitment for source in sources.items]),
        source=source,
        copy=questions.copy_of(source, found) if source else None,
        reasons=LEFT_OUT_TEXTS,
        back=card_url(found),
    )


@bp.post("/recruitments/<int:recruitment_id>/scorecard/copy")
@needs(Permission.MANAGE_RECRUITMENT, recruitments.find_recruitment)
def copy_questions(recruitment: Recruitment) -> Response:
    found = asked_round(recruitment)
    source = _source(found, request.form.get("source", ""))
    if source is None:
        raise Refused([_("Choose a recruitment to copy from.")])
    with unit_of_work():
        count = questions.copy_questions(found, source)
    copied = ngettext("%(num)s question has been copied.", "%(num)s questions have been copied.", count)
    flash(copied if count else _("There was nothing to copy."), "success" if count else "info")
    return redirect_to(card_url(found))
