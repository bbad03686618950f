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
from portal.web import needs, page, redirect_to

OFFERED = 30
Source = tuple[InterviewRound, int]


def _sources(found: InterviewRound) -> list[Source]:
    """The rounds that may be copied: of recruitments that this person may see, on the same framework, but this one."""
    slug = found.recruitment.version.framework.slug
    seen = recruitments.recruitments_visible_to(current_user.actor)
    same = [recruitment for recruitment in seen if recruitment.version.framework.slug == slug]
    counts = queries.question_counts(same)
    rounds = [round_ for recruitment in same for round_ in recruitment.rounds if round_.id != found.id]
    return [(round_, counts[round_.id]) for round_ in rounds if round_.id in counts]


def _source(found: InterviewRound, asked: str | None) -> InterviewRound | None:
    return next((source for source, _count in _sources(found) if str(source.id) == asked), None)


@bp.get("/recruitments/<int:recruitment_id>/scorecard/copy")
@needs(Permission.MANAGE_RECRUITMENT, recruitments.find_recruitment)
def choose_source(recruitment: Recruitment) -> Response:
    found, form = asked_round(recruitment), CopyFilterForm(request.args)
    search = (form.q.data or "").casefold() if form.validate() else ""
    sources = [s for s in _sources(found) if search in s[0].recruitment.title.casefold()]
    asked = request.args.get("source")
    source = (_source(found, asked) or abort(404)) if asked else None
    return page(
        "interviews/copy.html",
        recruitment=recruitment,
        round=found,
        asked_round=round_argument(found),
        form=form,
        sources=sources[:OFFERED],
        more=max(len(sources) - OFFERED, 0),
        source=source,
        copy=questions.copy_of(source, found) if source else None,
        reasons=LEFT_OUT_TEXTS,
        back=card_url(found),
    )


@bp.post("/recruitments/<int:recruitment_id>/scorecard/copy")
@needs(Permission.MANAGE_RECRUITMENT, recruitments.find_recruitment)
def copy_questions(recruitment: Recruitment) -> Response:
    found = asked_round(recruitment)
    source = _source(found, request.form.get("source"))
    if source is None:
        raise Refused([_("Choose a recruitment to copy from.")])
    with unit_of_work():
        count = questions.copy_questions(found, source)
    copied = ngettext("%(num)s question has been copied.", "%(num)s questions have been copied.", count)
    flash(copied if count else _("There was nothing to copy."), "success" if count else "info")
    return redirect_to(card_url(found))
