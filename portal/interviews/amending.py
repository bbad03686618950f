"""The page on which an assessor amends what they have submitted."""

from flask import flash, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.access import Permission
from portal.errors import Refused
from portal.interviews import amendments, queries
from portal.interviews.blueprint import bp, own_seat
from portal.interviews.forms import AmendmentForm
from portal.interviews.pieces import card_of
from portal.interviews.texts import AMENDMENT_TEXTS
from portal.once import make_once, sent_before
from portal.web import needs, page


@bp.route("/interviews/<int:interview_id>/ratings/<int:question_id>/amend", methods=["GET", "POST"])
@needs(Permission.ASSESS, queries.find_asked, of="recruitment")
def amend_rating(asked: queries.Asked) -> Response:
    rating, hindrances = amendments.amending_hindrances(asked, own_seat(asked.interview))
    if rating is None or hindrances:
        raise Refused(hindrances)
    form = AmendmentForm(rating.in_force)
    if form.validate_on_submit() and (sent_before(form) or not form.lacks(AMENDMENT_TEXTS)):
        return make_once(form, lambda: _amended(asked, form))
    return page(
        "interviews/amend.html",
        422 if form.is_submitted() else 200,
        form=form,
        interview=asked.interview,
        question=asked.question,
        rating=rating,
        opening=queries.opening_of(asked.interview),
        card=card_of(asked.question),
    )


def _amended(asked: queries.Asked, form: AmendmentForm) -> str:
    amendments.amend_rating(asked, own_seat(asked.interview), form.given, form.reason.data or "")
    flash(_("Your amendment has been saved. Both versions stay on record."), "success")
    anchor = f"question-{asked.question.id}"
    return url_for("interviews.assessment", interview_id=asked.interview.id, _anchor=anchor)
