"""When interviews are held: one by one or as a series, what overlaps, and who is shown what of it."""

import csv
import io
from datetime import datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar, Event
from openpyxl import load_workbook

from portal.db import db, unit_of_work
from portal.i18n import ZONE, today
from portal.interviews import rounds
from portal.interviews.queries import scorecard
from portal.interviews.rules import length
from portal.people.services import renew_calendar_link
from portal.recruitment import services
from portal.recruitment.candidates import settle
from portal.recruitment.models import Candidate, Interview, Recruitment
from portal.recruitment.queries import find_candidate, find_interview
from portal.recruitment.schedule import LATEST, Series, clashes, fits, spread
from portal.workdays import is_workday, workday_from
from tests.factories import World
from tests.inspecting import InspectingClient

DAY = workday_from(today() + timedelta(days=20))
NINE = datetime.combine(DAY, time(9))
PLACE = "Mødelokale Hemmelig"


def add(world: World, *names: str) -> list[Candidate]:
    with unit_of_work():
        recruitment = db.session.get_one(Recruitment, world.recruitment.id)
        return [services.add_candidate(recruitment, name) for name in names]


def give_time(world: World, local: datetime | None = NINE, candidate_id: int = 0) -> Interview:
    candidate = find_candidate(candidate_id or world.recruitment.candidates[0].id)
    assert candidate is not None
    interview = find_interview(candidate.interviews[0].id)
    assert interview is not None
    with unit_of_work():
        rounds.set_time(interview, local, 45, PLACE)
    return interview


def declare(client: InspectingClient, interview: Interview, name: str, word: str) -> None:
    sent = {"impartial": word, "confirmed": "1"}
    assert client.sign_in(name).send(f"/interviews/{interview.id}/declaration", sent).status_code == 303


def events(data: bytes) -> list[Event]:
    return list(Calendar.from_ical(data).walk("VEVENT"))


def subscribed(client: InspectingClient, world: World, name: str) -> list[Event]:
    """The interviews in the calendar that this person subscribes to."""
    with unit_of_work():
        secret = renew_calendar_link(world.people[name])
    client.delete_cookie("portal")
    found = events(client.get(f"/calendar/{secret}.ics").data)
    return [event for event in found if str(event["uid"]).startswith("interview-")]


def test_a_full_day_goes_on_at_the_same_hour_of_the_next_working_day() -> None:
    friday = next(d for n in range(7) if (d := DAY + timedelta(days=n)).weekday() == 4 and is_workday(d))
    found = spread(Series(datetime.combine(friday, time(9)), 60, pause=15, per_day=2), 3)
    assert found[1] - found[0] == timedelta(minutes=75)
    assert found[2].time() == time(9)
    assert is_workday(found[2].date())
    assert found[2].date() > friday
    late = spread(Series(datetime.combine(friday, time(20)), 90, pause=0), 2)
    assert late[1] == datetime.combine(late[1].date(), time(20))
    assert late[1].date() > friday


@given(
    st.integers(0, 30),
    st.integers(10, 240),
    st.integers(0, 120),
    st.one_of(st.none(), st.integers(1, 6)),
    st.times(time(6), time(17)),
)
def test_a_series_never_overlaps_and_stays_within_the_day(
    count: int, minutes: int, pause: int, per_day: int | None, first: time
) -> None:
    found = spread(Series(datetime.combine(DAY, first), minutes, pause, per_day), count)
    assert len(found) == count
    assert clashes((n, starts_at, minutes) for n, starts_at in enumerate(found)) == set()
    assert all(fits(starts_at, minutes) and is_workday(starts_at.date()) for starts_at in found)
    assert all((s + timedelta(minutes=minutes)).time() <= LATEST for s in found)


SLOTS = st.lists(st.tuples(st.integers(0, 300), st.integers(10, 120)), max_size=12)


@given(SLOTS)
def test_clashes_are_those_that_overlap_with_any_other(slots: list[tuple[int, int]]) -> None:
    rows = [(n, NINE + timedelta(minutes=at), minutes) for n, (at, minutes) in enumerate(slots)]
    expected = {
        a for a, start, minutes in rows for b, other, length in rows
        if a != b and start < other + timedelta(minutes=length) and other < start + timedelta(minutes=minutes)
    }  # fmt: skip
    assert clashes(rows) == expected
    assert clashes(reversed(rows)) == expected


def test_the_recruiter_sets_a_time_and_takes_it_away(client: InspectingClient, world: World) -> None:
    interview = world.recruitment.candidates[0].interviews[0]
    url = f"/interviews/{interview.id}/time"
    client.sign_in("recruiter")
    good = {"day": DAY.isoformat(), "time": "09:30", "minutes": "45", "place": PLACE}
    for wrong in (
        {"time": ""},
        {"day": ""},
        {"time": "23:00"},
        {"day": "2099-01-01"},
        {"minutes": "5"},
        {"minutes": ""},
    ):
        assert client.send(url, good | wrong).status_code == 422, wrong
    assert client.send(url, good).status_code == 303
    page = client.get(f"/recruitments/{world.recruitment.id}/interviews").text
    assert "kl. 09.30" in page
    assert PLACE in page
    assert 'value="09:30' in client.get(url).text
    assert client.send(url, {"day": "", "time": "", "minutes": "45", "place": ""}).status_code == 303
    assert "intet tidspunkt endnu" in client.get(f"/recruitments/{world.recruitment.id}/interviews").text


def test_a_series_is_shown_before_it_is_saved_and_leaves_those_who_have_a_time(
    client: InspectingClient, world: World
) -> None:
    add(world, "Åse Ørsted", "Bo Bæk")
    kept = give_time(world, NINE + timedelta(days=3))
    url = f"/recruitments/{world.recruitment.id}/rounds/1/series"
    sent = {
        "day": DAY.isoformat(),
        "time": "09:00",
        "minutes": "60",
        "pause": "15",
        "order": "name",
        "only_missing": "y",
    }
    client.sign_in("recruiter")
    assert client.send(url, sent | {"day": ""}).status_code == 422
    asked = client.send(url, sent).text
    assert asked.index("kl. 09.00: Bo Bæk") < asked.index("kl. 10.15: Åse Ørsted")
    assert "Kirkegaard" not in asked
    assert db.session.query(Interview).filter(Interview.starts_at.is_not(None)).count() == 1
    assert client.send(url, sent | {"confirmed": "1"}).status_code == 303
    times = {i.candidate.name: i.starts_at for i in db.session.query(Interview)}
    assert times["Bo Bæk"] == NINE.replace(tzinfo=ZONE)
    assert times["Åse Ørsted"] == (NINE + timedelta(minutes=75)).replace(tzinfo=ZONE)
    assert times["Kandidat Kirkegaard"] == kept.starts_at
    assert client.send(url, sent).status_code == 422, "nobody is left to give a time"


def test_a_new_time_is_as_long_as_the_scorecard_takes_and_a_set_one_stays(
    client: InspectingClient, world: World
) -> None:
    asked = scorecard(world.recruitment)
    with unit_of_work():
        for question in asked:
            question.minutes = 13
    minutes = -(-length([13] * len(asked)) // 5) * 5
    interview = world.recruitment.candidates[0].interviews[0]
    client.sign_in("recruiter")
    for url in (f"/recruitments/{world.recruitment.id}/rounds/1/series", f"/interviews/{interview.id}/time"):
        assert f'value="{minutes}"' in client.get(url).text, url
    give_time(world)
    assert 'value="45"' in client.get(f"/interviews/{interview.id}/time").text


def test_interviews_at_the_same_time_are_pointed_out(client: InspectingClient, world: World) -> None:
    (other,) = add(world, "Bo Bæk")
    give_time(world)
    give_time(world, NINE + timedelta(minutes=45), other.id)
    url = f"/recruitments/{world.recruitment.id}/interviews"
    client.sign_in("recruiter")
    assert "overlapper" not in client.get(url).text
    give_time(world, NINE + timedelta(minutes=30), other.id)
    assert client.get(url).text.count(">overlapper<") == 2


def test_before_declaring_a_member_learns_whose_interview_it_is_and_when_and_nothing_more(
    client: InspectingClient, world: World
) -> None:
    interview = give_time(world)
    candidate = interview.candidate_id
    with unit_of_work():
        settle(interview.candidate, "withdrawn", "Hemmelig grund", world.people["recruiter"])
        settle(interview.candidate, "resumed", "Hemmelig genoptagelse", world.people["recruiter"])
    recruitment = f"/recruitments/{world.recruitment.id}"
    client.sign_in("member")
    assert client.get(f"/candidates/{candidate}").status_code == 403
    paths = ("/", recruitment, f"{recruitment}/interviews", f"{recruitment}/interviews.ics", "/recruitments",
             f"/interviews/{interview.id}/assessment", f"{recruitment}/scorecard")  # fmt: skip
    for path in paths:
        text = client.get(path).data.decode()
        assert "Hemmelig" not in text, path
        assert f"/candidates/{candidate}" not in text, path
    (event,) = events(client.get(f"{recruitment}/interviews.ics").data)
    assert "Kirkegaard" not in event.to_ical().decode()
    assert event["summary"] == "1. samtale (Souschef til prøve)"
    declare(client, interview, "member", "yes")
    assert "Hemmelig grund" in client.get(f"/candidates/{candidate}").text
    assert PLACE in client.get(f"{recruitment}/interviews").text
    (event,) = events(client.get(f"{recruitment}/interviews.ics").data)
    assert (event["summary"], event["location"]) == ("1. samtale: Kandidat Kirkegaard", PLACE)


def test_one_who_is_not_impartial_has_the_interview_nowhere(client: InspectingClient, world: World) -> None:
    interview = give_time(world)
    declare(client, interview, "member", "no")
    recruitment = f"/recruitments/{world.recruitment.id}"
    assert client.get(f"/candidates/{interview.candidate_id}").status_code == 403
    assert "Kirkegaard" not in client.get(f"{recruitment}/interviews").text
    assert "Dine samtaler" not in client.get("/").text
    assert events(client.get(f"{recruitment}/interviews.ics").data) == []
    assert subscribed(client, world, "member") == []
    assert len(subscribed(client, world, "member2")) == 1


@pytest.mark.parametrize(
    ("name", "status"),
    [("recruiter", 200), ("member", 403), ("hr", 403), ("chef", 404), ("outsider", 404), ("other_recruiter", 404)],
)
def test_the_page_of_a_candidate_is_for_those_who_may_see_the_candidate(
    client: InspectingClient, world: World, name: str, status: int
) -> None:
    interview = give_time(world)
    client.sign_in(name)
    answer = client.get(f"/candidates/{interview.candidate_id}")
    assert answer.status_code == status
    assert (PLACE in answer.text) is (status == 200)
    assert (len(subscribed(client, world, name)) == 1) is (name in ("recruiter", "member"))


def test_a_recruiter_on_the_panel_who_is_not_impartial_neither_sees_nor_settles(
    client: InspectingClient, world: World
) -> None:
    with unit_of_work():
        recruitment = db.session.get_one(Recruitment, world.recruitment.id)
        services.add_member(recruitment, world.people["recruiter"])
    interview = give_time(world)
    declare(client, interview, "recruiter", "no")
    url = f"/candidates/{interview.candidate_id}"
    assert client.get(url).status_code == 403
    assert client.send(f"{url}/settle", {"kind": "refused", "reason": "Fordi."}).status_code == 403


def test_an_entry_keeps_its_uid_and_counts_its_moves(client: InspectingClient, world: World) -> None:
    interview = give_time(world)
    url = f"/recruitments/{world.recruitment.id}/interviews.ics"
    client.sign_in("recruiter")
    (before,) = events(client.get(url).data)
    give_time(world)
    (same,) = events(client.get(url).data)
    assert same["sequence"] == before["sequence"], "saved without a change is no move"
    give_time(world, NINE + timedelta(hours=2))
    answer = client.get(url)
    (after,) = events(answer.data)
    assert after["uid"] == before["uid"] == f"interview-{interview.id}@localhost"
    assert after["sequence"] > before["sequence"]
    assert after.decoded("dtstart") == (NINE + timedelta(hours=2)).replace(tzinfo=ZONE)
    assert after.decoded("dtend") - after.decoded("dtstart") == timedelta(minutes=45)
    text = answer.data.decode()
    assert "DTSTART;TZID=Europe/Copenhagen" in text
    assert "BEGIN:VTIMEZONE" in text
    with unit_of_work():
        settle(interview.candidate, "withdrawn", "Trak sig.", world.people["recruiter"])
    assert events(client.get(url).data) == []


def test_the_start_page_tells_a_member_of_the_interviews_of_today_and_the_next(
    client: InspectingClient, world: World
) -> None:
    (other,) = add(world, "Bo Bæk")
    give_time(world, datetime.combine(today(), time(10)))
    give_time(world, NINE, other.id)
    client.sign_in("member")
    shown = client.get("/").text.partition("Dine samtaler")[2]
    assert shown.index("i dag kl. 10.00") < shown.index("Bo Bæk")
    give_time(world, datetime.combine(today() - timedelta(days=1), time(10)))
    page = client.get("/").text
    assert "i dag kl." not in page
    assert "Dine samtaler" in page


def test_many_interviews_cost_no_more_queries_than_one(client: InspectingClient, world: World) -> None:
    give_time(world)
    with unit_of_work():
        secret = renew_calendar_link(world.people["member"])
    recruitment = f"/recruitments/{world.recruitment.id}"
    paths = ("/", recruitment, f"{recruitment}/interviews", f"{recruitment}/people", f"{recruitment}/interviews.ics",
             f"/calendar/{secret}.ics")  # fmt: skip

    def spent() -> dict[str, int]:
        client.sign_in("recruiter")
        return {path: (client.get(path), client.selects)[1] for path in paths}

    before = spent()
    many = add(world, *[f"Person {n}" for n in range(12)])
    recruitment_row = db.session.get_one(Recruitment, world.recruitment.id)
    with unit_of_work():
        rounds.fill(recruitment_row.rounds[0], Series(NINE, 30), PLACE, by_name=True, only_missing=False)
    with unit_of_work():
        made = rounds.add_round(recruitment_row)
        rounds.invite(made, [candidate.id for candidate in many])
    assert spent() == before


def test_the_schedule_is_a_table_to_take_along_with_what_the_reader_may_see(
    client: InspectingClient, world: World
) -> None:
    add(world, "=Åse Ørsted")
    interview = give_time(world)
    url = f"/recruitments/{world.recruitment.id}/interviews"
    page = client.sign_in("recruiter").get(url).text
    assert f'href="{url}.csv"' in page
    assert f'href="{url}.xlsx"' in page
    answer = client.get(f"{url}.csv")
    assert "filename=" in answer.headers["Content-Disposition"]
    heading, first, second = csv.reader(io.StringIO(answer.data.decode("utf-8-sig")), delimiter=";")
    assert heading == ["Runde", "Dag", "Klokkeslæt", "Varighed i minutter", "Kandidat", "Sted"]
    assert first == ["1", DAY.isoformat(), "09:00", "45", "Kandidat Kirkegaard", PLACE]
    assert second == ["1", "", "", "", "'=Åse Ørsted", ""], "who has no time yet, and never a formula"
    sheet = load_workbook(io.BytesIO(client.get(f"{url}.xlsx").data)).active
    assert [cell.value for cell in sheet[2]][3:] == [45, "Kandidat Kirkegaard", PLACE]
    assert PLACE not in client.sign_in("member").get(f"{url}.csv").text, "not before they have declared"
    declare(client, interview, "member", "no")
    assert "Kandidat Kirkegaard" not in client.get(f"{url}.csv").text
    assert client.sign_in("outsider").get(f"{url}.csv").status_code == 404
