"""Two people in one hearing at the same moment: one step is taken, and the second is shown both."""

from collections.abc import Callable

import pytest
from flask import Flask

from portal.db import db, unit_of_work
from portal.hearings import queries, services
from portal.hearings.models import Hearing, HearingStep
from portal.hearings.rules import CLOSING, Step
from portal.hearings.services import Taken
from portal.i18n import today
from portal.people.models import Person
from portal.workdays import workday_from
from tests.factories import World, open_hearing
from tests.hearings.test_hearings import send_letter, written
from tests.inspecting import InspectingClient
from tests.interviews.test_journey import field
from tests.test_together import together

REPLY, REASON = "Leverandøren gik konkurs undervejs.", "Kandidaten er ikke længere i betragtning."


class Case:
    """A hearing; each act reads it anew, as a request does, and has seen the page as it is now."""

    def __init__(self, world: World) -> None:
        self.hearing_id = open_hearing(world.referee, world.people["recruiter"]).id
        self.persons = {name: world.people[name].id for name in ("recruiter", "hr")}
        self.url = f"/hearings/{self.hearing_id}"

    def read(self) -> Hearing:
        found = queries.find_hearing(self.hearing_id)
        assert found is not None
        return found

    def take(self, name: str, step: Step, text: str, seen: int | None) -> Callable[[object], None]:
        def work(_read: object) -> None:
            person = db.session.get(Person, self.persons[name])
            assert person is not None
            deadline = workday_from(today()) if step in (Step.DRAFTED, Step.REVIEWED) else None
            if deadline == today():
                deadline = deadline.replace(year=deadline.year + 1)
            taken = services.take_step(self.read(), person, Taken(step, text, deadline, seen))
            kept.append(taken)

        kept = self.kept = getattr(self, "kept", list[bool]())
        return work

    def steps(self) -> list[str]:
        db.session.rollback()
        return list(db.session.scalars(db.select(HearingStep.kind).order_by(HearingStep.id)))


@pytest.fixture
def case(world: World) -> Case:
    return Case(world)


def sent(case: Case) -> int:
    """The letter has been read through and sent; the id of the last step, as a page shows it."""
    with unit_of_work():
        case.take("recruiter", Step.REVIEWED, "Kære Kandidat", None)(None)
        person = db.session.get(Person, case.persons["recruiter"])
        assert person is not None
        services.send_letter(case.read(), person)
    case.kept.clear()
    return services.last_step(case.read())


def test_a_hearing_is_closed_once_while_the_reply_is_noted(app: Flask, case: Case) -> None:
    seen = sent(case)
    reply = case.take("recruiter", Step.REPLIED, REPLY, seen)
    close = case.take("hr", Step.REASSESSED, REASON, seen)
    assert together(app, (case.read, reply), (case.read, close)) == ["done", "done"]
    assert sorted(case.kept) == [False, True], "the second is told, and shown both"
    assert sum(kind in CLOSING for kind in case.steps()) == 1


def test_who_has_seen_no_page_is_refused_by_the_rules(app: Flask, case: Case) -> None:
    sent(case)
    reply = case.take("recruiter", Step.REPLIED, REPLY, None)
    close = case.take("hr", Step.REASSESSED, REASON, None)
    assert together(app, (case.read, reply), (case.read, close), (case.read, reply)) == ["Refused", "Refused", "done"]
    assert sum(kind in CLOSING for kind in case.steps()) == 1


def test_of_two_who_write_the_letter_at_once_one_is_shown_both(app: Flask, case: Case) -> None:
    one, two = (case.take(name, Step.DRAFTED, f"Fra {name}", 0) for name in ("recruiter", "hr"))
    assert together(app, (case.read, one), (case.read, two)) == ["done", "done"]
    assert sorted(case.kept) == [False, True]
    assert case.steps() == ["drafted"]


def test_the_second_who_writes_the_letter_sees_both_wordings(client: InspectingClient, case: Case) -> None:
    client.sign_in("recruiter")
    seen = field(client.get(case.url).text, "seen")
    client.send(f"{case.url}/letter", written(text="Fra den ene: svar senest [frist], § 19.", seen=seen))
    both = client.send(f"{case.url}/letter", written(text="Fra den anden: svar senest [frist], § 19.", seen=seen))
    assert both.status_code == 409
    assert "Fra den ene" in both.text
    assert "Fra den anden" in both.text
    assert "En anden har imens ført partshøringen videre" in both.text
    again = written(text="Begge dele: svar senest [frist], § 19.", seen=field(both.text, "seen"))
    assert client.send(f"{case.url}/letter", again).status_code == 303


def test_a_letter_that_was_changed_meanwhile_does_not_count_as_sent(client: InspectingClient, case: Case) -> None:
    client.sign_in("recruiter")
    client.send(f"{case.url}/letter", written())
    seen = field(client.get(case.url).text, "seen")
    client.send(f"{case.url}/letter", written(text="Skrevet om: svar senest [frist], § 19."))
    told = client.send(f"{case.url}/send", {"seen": seen})
    assert told.status_code == 409
    assert "Skrevet om" in told.text
    assert "sent" not in case.steps()


def test_who_notes_a_reply_in_a_closed_hearing_sees_both_and_can_add_theirs(
    client: InspectingClient, case: Case
) -> None:
    client.sign_in("recruiter")
    send_letter(client, case.url, 7)
    seen = field(client.get(case.url).text, "reply-seen")
    client.send(f"{case.url}/not-essential", {"reason-text": REASON, "reason-seen": seen})
    both = client.send(f"{case.url}/reply", {"reply-text": REPLY, "reply-seen": seen})
    assert both.status_code == 409
    assert REASON in both.text
    assert REPLY in both.text
    added = {"added-text": REPLY, "added-seen": field(both.text, "added-seen")}
    assert client.send(f"{case.url}/add", added).status_code == 303
    page = client.get(case.url).text
    assert REASON in page
    assert REPLY in page
    assert "Tilføjet bagefter" in page
    assert case.steps() == ["reviewed", "sent", "reassessed", "added"]
