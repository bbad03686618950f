"""The pages on which the chair, or who stands in, closes the assessing of an interview, or reopens it."""

from collections.abc import Callable, Sequence

from flask import flash, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.access import Permission
from portal.errors import Refused
from portal.interviews.blueprint import bp, own_seat
from portal.interviews.closings import (
    close_assessing,
    closing_hindrances,
    reopen_assessing,
    reopening_hindrances,
)
from portal.interviews.forms import ChairForm
from portal.interviews.queries import opening_of
from portal.interviews.rules import ChairBlocker
from portal.interviews.texts import CHAIR_TEXTS
from portal.once import make_once
from portal.recruitment import queries as recruitments
from portal.recruitment.models import Interview, PanelMember
from portal.web import needs, page

Change = Callable[[Interview, PanelMember, str], None]


def _ask_for_reason(
    interview: Interview, closes: bool, hindrances: Sequence[ChairBlocker], change: Change, done: str
) -> Response:
    form, back = ChairForm(), url_for("interviews.assessment", interview_id=interview.id)

    def make() -> str:
        change(interview, own_seat(interview), form.reason.data or "")
        flash(done, "success")
        return back

    if form.validate_on_submit():
        return make_once(form, make)
    if hindrances:
        raise Refused([CHAIR_TEXTS[blocker] for blocker in hindrances])
    status = 422 if form.is_submitted() else 200
    return page("interviews/chair.html", status, form=form, interview=interview, closes=closes, back=back)


@bp.route("/interviews/<int:interview_id>/close", methods=["GET", "POST"])
@needs(Permission.CHAIR, recruitments.find_interview, of="candidate")
def close_interview(interview: Interview) -> Response:
    hindrances = closing_hindrances(opening_of(interview), own_seat(interview))
    done = _("The assessing is closed. The scores are open to the panel.")
    return _ask_for_reason(interview, True, hindrances, close_assessing, done)


@bp.route("/interviews/<int:interview_id>/reopen", methods=["GET", "POST"])
@needs(Permission.CHAIR, recruitments.find_interview, of="candidate")
def reopen_interview(interview: Interview) -> Response:
    hindrances = reopening_hindrances(opening_of(interview), own_seat(interview))
    done = _("The assessing is open again. The scores are hidden until all have submitted.")
    return _ask_for_reason(interview, False, hindrances, reopen_assessing, done)
