"""The list of recruitments: what SQL says is what the policy and the pages say, at the same price for any number."""

import csv
import io
import re
from collections.abc import Iterator
from datetime import UTC, datetime

import openpyxl
import pytest
from flask import Flask
from sqlalchemy import select

from portal.access import Permission, may
from portal.audit.models import AuditEvent
from portal.clock import now
from portal.db import db, unit_of_work
from portal.decisions.models import Decision, Recommendation, Submission
from portal.i18n import today
from portal.interviews import queries as interviews
from portal.interviews.models import InterviewClosing
from portal.interviews.services import Draft, save_draft, submit_assessment
from portal.listing import Order
from portal.overview.progress import standings
from portal.overview.recruitment_list import Filter, every_row, owed_by, page_of
from portal.people.models import Person
from portal.people.queries import actor_of
from portal.recruitment import queries, services
from portal.recruitment.models import Candidate, CandidateEvent, Recruitment
from tests.factories import PERSONS, World, make_recruitment, version
from tests.inspecting import InspectingClient

NEWEST = Order("newest", False)


def submit(recruitment: Recruitment, candidate: int, member: int) -> None:
    found, seat = recruitment.candidates[candidate], recruitment.panel[member]
    if queries.declaration_of(found, seat) is None:
        services.declare_impartiality(found, seat, True)
    drafts = {q.id: Draft(4, False, "Et eksempel fra samtalen.") for q in interviews.scorecard(recruitment)}
    submit_assessment(save_draft(found.interviews[0], seat, drafts))


def fresh(recruitment_id: int) -> Recruitment:
    db.session.expire_all()
    found = queries.find_recruitment(recruitment_id)
    assert found is not None
    return found


def close(recruitment: Recruitment, person: Person, *, closes: bool) -> None:
    interview = recruitment.candidates[0].interviews[0]
    row = InterviewClosing(interview_id=interview.id, closes=closes, reason="Sygdom.", by_id=person.id, at=now())
    db.session.add(row)
    db.session.flush()


def settle(candidate: Candidate, kind: str, person: Person) -> None:
    db.session.add(CandidateEvent(candidate_id=candidate.id, kind=kind, reason="", by_id=person.id, at=now()))
    db.session.flush()


def decide(recruitment: Recruitment, person: Person, ruling: str = "follow") -> None:
    """A submitted recommendation of the first candidate, ruled on; who is hired has it as the last word."""
    hired = recruitment.candidates[0]
    wording = Recommendation(
        recruitment_id=recruitment.id, number=1, candidate_id=hired.id, reason="", reasons={}, by_id=person.id, at=now()
    )  # fmt: skip
    db.session.add(wording)
    db.session.flush()
    sent = Submission(recruitment_id=recruitment.id, recommendation_id=wording.id, snapshot={}, digest="0" * 64)
    sent.by_id, sent.at = person.id, now()
    db.session.add(sent)
    db.session.flush()
    ruled = Decision(submission_id=sent.id, ruling=ruling, reason="", by_id=person.id, at=now())
    db.session.add(ruled)
    if ruling == "follow":
        ruled.candidate_id = hired.id
        settle(hired, "hired", person)
    db.session.flush()


def every_state(world: World) -> None:
    """A recruitment for each way in which one can stand."""
    p = world.people
    recruiter, other, panel = p["recruiter"], p["other_recruiter"], (p["member"], p["member2"])

    def made(title: str, *candidates: str, by: Person = recruiter, members: tuple[Person, ...] = panel) -> Recruitment:
        recruitment = make_recruitment(title, world.office, by, *members)
        for name in candidates:
            services.add_candidate(recruitment, name)
        return fresh(recruitment.id)

    with unit_of_work():
        services.add_recruitment("Kun en titel", world.office, version(), recruiter)
        made("Uden kandidater", by=other)
        made("Udvalg på en", "A", members=panel[:1])
        made("Ikke begyndt", "A", "B")
        submit(made("Begyndt", "A", "B"), 0, 0)
        ready = made("Klar", "A", by=other)
        submit(ready, 0, 0)
        submit(ready, 0, 1)
        partial = made("En er inhabil", "A")
        services.declare_impartiality(partial.candidates[0], partial.panel[1], False)
        submit(fresh(partial.id), 0, 0)
        nobody = made("Alle er inhabile", "A")
        for member in nobody.panel:
            services.declare_impartiality(nobody.candidates[0], member, False)
        closed = made("Lukket af formanden", "A")
        submit(closed, 0, 0)
        close(closed, p["member"], closes=True)
        reopened = made("Lukket og åbnet", "A")
        submit(reopened, 0, 0)
        close(reopened, p["member"], closes=True)
        close(reopened, p["member"], closes=False)
        close(made("Lukket uden nogen", "A"), p["member"], closes=True)
        decide(ready, other)
        decide(made("Afgjort uden svar", "A", "B"), recruiter)
        withdrawn = made("Sendt tilbage", "A")
        decide(withdrawn, recruiter, "return")
        settle(made("Trukket sig", "A").candidates[0], "withdrawn", recruiter)


@pytest.fixture
def in_request(app: Flask) -> Iterator[None]:
    """Statuses are words in the reader's language."""
    with app.test_request_context():
        yield


@pytest.mark.usefixtures("in_request")
def test_the_list_says_of_every_recruitment_what_the_policy_and_its_page_say(world: World) -> None:
    every_state(world)
    for name in PERSONS:
        db.session.expire_all()
        actor = actor_of(world.people[name], today())
        everything = db.session.scalars(select(Recruitment).options(*queries.WHOLE).order_by(Recruitment.id.desc()))
        visible = [r for r in everything if may(actor, Permission.SEE_RECRUITMENT, r)]
        rows = every_row(actor, Filter(), NEWEST)
        assert [row.id for row in rows] == [r.id for r in visible], name
        for row, standing in zip(rows, standings(visible, actor.person_id), strict=True):
            assert row.status == standing.status, (name, row.title)
            assert row.candidates == len(standing.recruitment.candidates)
            assert row.owed == (0 if standing.gaps else standing.owed), (name, row.title)
        for code in ("setting_up", "assessing", "ready", "decided"):
            found = every_row(actor, Filter(status=code), NEWEST)
            assert [row.id for row in found] == [row.id for row in rows if row.status.code == code], (name, code)
        owed = [(seat.interview.id, seat.state) for s in standings(visible, actor.person_id) for seat in s.seats
                if not s.gaps and seat.state in ("declare", "assess")]  # fmt: skip
        assert [(o.interview_id, "assess" if o.declared else "declare") for o in owed_by(actor)] == owed


def add(world: World, first: int, last: int) -> None:
    titles = ("Ærlig", "Åben", "Østlig", "Alm", "ånd")
    with unit_of_work():
        for n in range(first, last):
            title = f"{titles[n % 5]} stilling {n:02}"
            made = make_recruitment(title, world.office, world.people["recruiter"], world.people["member"])
            services.add_member(made, world.people["member2"])
            services.add_candidate(made, f"Kandidat {n}")


def test_sixty_recruitments_take_as_many_queries_as_three_and_no_more_than_eight(
    client: InspectingClient, world: World
) -> None:
    paths = ("/recruitments", "/recruitments?status=assessing&sort=-status", "/recruitments?q=stilling&sort=title", "/")

    def measured() -> dict[tuple[str, str], int]:
        found = {}
        for name in ("recruiter", "member"):
            client.sign_in(name)
            for path in paths:
                client.get(path)
                assert client.get(path).status_code == 200
                found[name, path] = client.selects
        return found

    add(world, 0, 2)
    few = measured()
    assert max(count for (_name, path), count in few.items() if path != "/") <= 8
    add(world, 2, 59)
    assert measured() == few


@pytest.mark.usefixtures("in_request")
def test_paging_shows_everyone_once_in_danish_order(world: World) -> None:
    add(world, 0, 44)
    actor = actor_of(world.people["recruiter"], today())
    for sort in ("newest", "title", "office", "deadline", "status"):
        for descending in (False, True):
            pages = [page_of(actor, Filter(), Order(sort, descending), n, 20) for n in (1, 2, 3)]
            ids = [row.id for found in pages for row in found.items]
            assert len(ids) == len(set(ids)) == 45 == pages[0].total
    titles = [row.title.split()[0] for row in every_row(actor, Filter(search="STILLING"), Order("title", False))]
    assert list(dict.fromkeys(titles)) == ["Alm", "Ærlig", "Østlig", "Åben", "ånd"]
    assert page_of(actor, Filter(), NEWEST, 99, 20).page == 3


def test_the_list_is_exported_as_it_is_filtered(client: InspectingClient, world: World) -> None:
    add(world, 0, 30)
    deadline = datetime(2026, 12, 1, 11, 0, tzinfo=UTC)
    with unit_of_work():
        world.recruitment.deadline, world.recruitment.title = deadline, "=Souschef"
    client.sign_in("recruiter")
    answer = client.get("/recruitments.csv?q=åben&sort=title")
    rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig")), delimiter=";"))
    assert rows[0][0] == "Stilling"
    assert [row[0] for row in rows[1:]] == [f"Åben stilling {n:02}" for n in (1, 6, 11, 16, 21, 26)]
    sheet = openpyxl.load_workbook(io.BytesIO(client.get("/recruitments.xlsx").data)).active
    assert sheet is not None
    assert sheet.max_row == 32
    cells = {str(row[0]): row for row in sheet.iter_rows(values_only=True)}
    assert cells["=Souschef"][5] == datetime(2026, 12, 1)
    client.sign_in("outsider")
    assert "Åben" not in client.get("/recruitments.csv").data.decode("utf-8-sig")
    logged = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "recruitment.export_recruitments"))
    assert [(event.details["rows"], event.details["format"]) for event in logged] == [
        (6, "csv"),
        (31, "xlsx"),
        (0, "csv"),
    ]


def test_the_start_page_follows_a_dozen_in_progress_and_none_that_ended_in_a_hiring(
    client: InspectingClient, world: World
) -> None:
    add(world, 0, 14)
    client.sign_in("recruiter")
    page = client.get("/").text
    assert len(re.findall(r"<strong>[^<]+ stilling \d\d</strong>", page)) == 12
    newest = db.session.scalars(select(Recruitment).order_by(Recruitment.id.desc())).first()
    assert newest is not None
    assert newest.title in page
    with unit_of_work():
        for kind in ("hired", "resumed", "hired"):
            event = CandidateEvent(candidate_id=newest.candidates[0].id, kind=kind, reason="", at=now())
            event.by_id = world.people["recruiter"].id
            db.session.add(event)
            db.session.flush()
    assert newest.title not in client.get("/").text
    client.sign_in("member")
    assert "Erklær" in client.get("/").text or "habilitet" in client.get("/").text
