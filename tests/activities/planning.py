"""Activities for the tests, made by the services as HR would make them."""

from datetime import timedelta

from portal.activities import queries, services
from portal.activities.models import Activity
from portal.activities.services import Facts
from portal.clock import now
from portal.db import unit_of_work
from portal.i18n import today
from tests.factories import World, version

KEYS = ("personaleledelse-k4", "driftsledelse-k1")


def facts(seats: int = 1, days: int = 30, title: str = "Feedback i hverdagen") -> Facts:
    starts_at = now() + timedelta(days=days)
    until = today() + timedelta(days=max(days - 5, 0))
    return Facts(title, "workshop", "Vi øver os.", starts_at, 180, "Mødelokale 2", seats, until, None, KEYS)


def opened(world: World, seats: int = 1) -> Activity:
    hr = world.people["hr"]
    with unit_of_work():
        activity = services.add_activity(facts(seats), version(), hr)
        services.open_activity(activity, hr)
    return read(activity.id)


def read(activity_id: int) -> Activity:
    found = queries.find_activity(activity_id)
    assert found is not None
    return found
