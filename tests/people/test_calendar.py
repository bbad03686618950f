"""A person's days as a calendar to subscribe to: who can read it, and what is in it."""

import re
from datetime import timedelta

from icalendar import Calendar
from sqlalchemy import select

from portal.audit.models import AuditEvent
from portal.db import db, unit_of_work
from portal.i18n import today
from portal.onboarding import decisions, queries, services
from portal.onboarding.schedule import TRIAL_REVIEW
from portal.people import services as people
from portal.people.models import CalendarLink
from portal.people.services import name_deputy
from tests.factories import World
from tests.inspecting import InspectingClient

SECRET = re.compile(r"/calendar/([\w-]{43})\.ics")


def make_link(client: InspectingClient, who: str) -> str:
    """The address as the page shows it to that person, once."""
    page = client.sign_in(who).send("/account/calendar")
    found = SECRET.search(page.text)
    assert found
    return found[0]


def read(client: InspectingClient, url: str) -> dict[str, dict[str, str]]:
    """The events of the calendar by uid, each as summary, day, link and everything it says."""
    response = client.get(url)
    assert response.status_code == 200
    assert response.mimetype == "text/calendar"
    found = {}
    for event in Calendar.from_ical(response.data).walk("VEVENT"):
        start, end = event.decoded("dtstart"), event.decoded("dtend")
        assert end - start == timedelta(days=1)
        assert not hasattr(start, "hour")
        found[str(event["uid"])] = {
            "summary": str(event["summary"]), "day": start.isoformat(), "url": str(event["url"]),
            "all": event.to_ical().decode(),
        }  # fmt: skip
    assert len(found) == len(Calendar.from_ical(response.data).walk("VEVENT"))
    return found


def test_a_souschef_has_the_own_items_and_milestones(client: InspectingClient, world: World) -> None:
    url = make_link(client, "souschef")
    client.delete_cookie("portal")
    events = read(client, url)
    own = [item for item in world.plan.items if item.responsible == "souschef"]
    items = {uid: event for uid, event in events.items() if uid.startswith("item-")}
    assert {event["summary"] for event in items.values()} == {item.title for item in own}
    milestones = {event["summary"]: event["day"] for uid, event in events.items() if uid.startswith("milestone-")}
    assert len(milestones) == len(world.plan.milestones)
    assert "Milepæl: Prøvetidsvurdering" in milestones
    item = own[-1]
    event = events[f"item-{item.id}@localhost"]
    assert event["day"] == item.due_date.isoformat()
    assert event["url"] == f"http://localhost/onboarding/{world.plan.id}/items/{item.id}"
    assert read(client, url).keys() == events.keys()
    assert "no-store" in client.get(url).headers["Cache-Control"]


def test_what_is_done_or_signed_off_leaves_the_calendar_and_no_word_of_anyone_is_in_it(
    client: InspectingClient, world: World
) -> None:
    url = make_link(client, "souschef")
    before = read(client, url)
    with unit_of_work():
        for item in queries.items_of(world.plan, "before_start"):
            services.complete_item(item, world.people["souschef"], "Hemmelig note.")
            services.comment_item(item, world.people["chef"], "Hemmelig kommentar.")
        services.recount(world.plan.id)
        decisions.request_sign_off(world.plan, "before_start", world.people["souschef"], "Hemmeligt.")
        decisions.approve_milestone(world.plan, "before_start", world.people["chef"], "Hemmeligt.")
    after = read(client, url)
    gone = set(before) - set(after)
    assert f"milestone-{world.plan.id}-before_start@localhost" in gone
    assert not set(after) - set(before)
    assert not [event for event in after.values() if "Hemmelig" in event["all"]]


def test_a_chef_has_the_days_of_their_souschefs_and_the_reviews_to_hold(client: InspectingClient, world: World) -> None:
    events = read(client, make_link(client, "chef"))
    summaries = {event["summary"]: event for event in events.values()}
    review = summaries["Hold prøvetidsvurderingen (Souschef)"]
    assert review["url"].endswith(f"/onboarding/{world.plan.id}/trial-review")
    assert review["day"] == next(m.due_date for m in world.plan.milestones if m.phase == TRIAL_REVIEW).isoformat()
    assert "Milepæl: Dag 30 (Souschef)" in summaries
    assert not [s for s in summaries if "Other Souschef" in s]
    chefs = [item for item in world.plan.items if item.responsible == "chef"]
    assert {f"item-{item.id}@localhost" for item in chefs} <= set(events)


def test_a_deputy_holds_no_review(client: InspectingClient, world: World) -> None:
    with unit_of_work():
        name_deputy(world.office, world.people["outsider"], today(), today(), world.people["chef"])
    summaries = {event["summary"] for event in read(client, make_link(client, "outsider")).values()}
    assert "Milepæl: Prøvetidsvurdering (Souschef)" in summaries
    assert not [summary for summary in summaries if summary.startswith("Hold")]


def test_one_without_any_plan_gets_an_empty_calendar(client: InspectingClient, world: World) -> None:
    assert read(client, make_link(client, "recruiter")) == {}


def test_the_secret_is_shown_once_and_only_its_hash_is_kept(client: InspectingClient, world: World) -> None:
    url = make_link(client, "souschef")
    secret = url.split("/")[-1].removesuffix(".ics")
    account = client.get("/account").text
    assert secret not in account
    assert "Lav et nyt link" in account
    link = db.session.scalars(select(CalendarLink)).one()
    assert secret not in (link.secret_hash, str(vars(link)))
    details = [str(event.details) for event in db.session.scalars(select(AuditEvent))]
    assert not [text for text in details if secret in text or link.secret_hash in text]


def test_unknown_renewed_revoked_and_left_are_all_not_here(client: InspectingClient, world: World) -> None:
    first = make_link(client, "souschef")
    second = make_link(client, "souschef")
    assert client.get(first).status_code == 404
    assert client.get(second).status_code == 200
    assert client.send("/account/calendar/revoke").status_code == 303
    assert client.send("/account/calendar/revoke").status_code == 303
    third = make_link(client, "other_souschef")
    with unit_of_work():
        world.people["other_souschef"].active = False
    client.delete_cookie("portal")
    client.delete_cookie("session")
    answers = [
        client.get(address) for address in (first, second, third, "/calendar/x.ics", f"/calendar/{'a' * 900}.ics")
    ]
    assert {answer.status_code for answer in answers} == {404}
    assert len({re.sub(r'value="[^"]*"|"X-CSRFToken": "[^"]*"', "", answer.text) for answer in answers}) == 1


def test_a_link_does_not_come_back_with_the_person(client: InspectingClient, world: World) -> None:
    url, person = make_link(client, "souschef"), world.people["souschef"]
    for active in (False, True):
        with unit_of_work():
            people.change_person(person, name=person.name, job_title="", roles=[], active=active)
    assert client.get(url).status_code == 404


def test_guessing_is_stopped_and_reading_is_not(client: InspectingClient, world: World) -> None:
    url = make_link(client, "souschef")
    for _ in range(70):
        assert client.get(url).status_code == 200
    statuses = [client.get(f"/calendar/gaet-{n}.ics").status_code for n in range(61)]
    assert statuses == [404] * 60 + [429]


def test_a_calendar_costs_as_many_queries_however_full_it_is(client: InspectingClient, world: World) -> None:
    url = make_link(client, "chef")
    client.budget = 8
    assert len(read(client, url)) > 20
