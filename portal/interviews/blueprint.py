"""The blueprint that the pages of interviews share, and the seat from which a panel member sees them."""

from flask_login import current_user

from portal.recruitment.models import Interview, PanelMember
from portal.recruitment.queries import member_of
from portal.web import feature

bp = feature("interviews")


def own_seat(interview: Interview) -> PanelMember:
    """The signed-in person's place on the panel; call it where the policy lets nobody but its members through."""
    member = member_of(interview.recruitment, current_user.person_id)
    assert member is not None
    return member
