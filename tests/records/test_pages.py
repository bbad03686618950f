"""HR's pages: the list and who is on it, the review, the log, and how long data is kept."""

import io
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import openpyxl
import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from werkzeug.test import TestResponse

from portal import clock
from portal.audit.models import AuditEvent
from portal.db import db, unit_of_work
from portal.i18n import speaking
from portal.records import services
from portal.records.models import Deletion, RetentionSetting
from portal.recruitment import services as recruitments
from portal.recruitment.models import Candidate
from tests.decisions.case import FIRST, SECOND
from tests.factories import World, make_recruitment
from tests.inspecting import InspectingClient
from tests.records.case import REFEREE, ended, file

REASON = "Opbevaringsfristen er udløbet."
UNFILED = "Stillingen blev opgivet, og sagen er uden værdi."


@contextmanager
def months_ago(months: int) -> Iterator[None]:
    with clock.at(clock.now() - timedelta(days=31 * months)):
        yield


def delete(client: InspectingClient, *candidate_ids: int, **texts: str) -> TestResponse:
    data = {"candidate": [str(n) for n in candidate_ids], "deletion_reason": REASON, **texts}
    return client.send("/records/delete", data)


def actions() -> Counter[str]:
    return Counter(db.session.scalars(select(AuditEvent.action)))


def set_months(world: World, months: int) -> None:
    with speaking("da"), unit_of_work():
        services.set_retention(months, "Så længe kommer der klager.", world.people["hr"])


def test_only_those_whose_time_has_run_out_are_on_the_list(client: InspectingClient, world: World) -> None:
    ended(world, months=6)
    client.sign_in("hr")
    page = client.get("/records").text
    assert FIRST in page
    assert SECOND in page
    assert "2 kandidater" in page
    assert "26-777" in page
    set_months(world, 7)
    assert "Intet har nået fristen" in client.get("/records").text
    set_months(world, 5)
    assert FIRST in client.get("/records").text


def test_the_day_before_the_deadline_nothing_is_due(client: InspectingClient, world: World) -> None:
    case = ended(world, months=6)
    client.sign_in("hr")
    with clock.at(clock.now() - timedelta(days=1)):
        assert FIRST not in client.get("/records").text
        assert "Slettefristen er ikke nået endnu." in client.get(f"/records/review?candidate={case.first}").text
        assert delete(client, case.first).status_code == 409
    assert delete(client, case.first).status_code == 303


def test_the_list_is_searched_filtered_sorted_and_taken_out_of_the_portal(
    client: InspectingClient, world: World
) -> None:
    ended(world, filed=False)
    client.sign_in("hr")
    assert FIRST in client.get("/records?q=KIRKEGAARD").text
    assert SECOND not in client.get("/records?q=KIRKEGAARD").text
    assert "Ingen kandidat passer" in client.get("/records?standing=ready").text
    unfiled = client.get("/records?standing=unfiled&sort=-name").text
    assert unfiled.index(SECOND) < unfiled.index(FIRST)
    fragment = client.get("/records?q=Kirkegaard", headers={"HX-Request": "true"}).text
    assert fragment.lstrip().startswith('<div id="deletions"')
    lines = client.get("/records/list.csv?sort=name&q=Kirkegaard").data.decode("utf-8-sig").splitlines()
    assert len(lines) == 2
    assert lines[1].startswith(FIRST)
    book = openpyxl.load_workbook(io.BytesIO(client.get("/records/list.xlsx").data))
    assert book.active is not None
    assert book.active.max_row == 3
    assert actions()["records.export_list"] == 2


def test_what_never_ended_is_shown_after_a_long_silence_and_stays(client: InspectingClient, world: World) -> None:
    with months_ago(8), unit_of_work():
        recruitment = make_recruitment(
            "Glemt stilling", world.office, world.people["recruiter"], world.people["member"]
        )
        candidate = recruitments.add_candidate(recruitment, "Glemt Ansøger")
    client.sign_in("hr")
    page = client.get("/records").text
    assert "Glemt Ansøger" in page
    assert "ikke afsluttet" in page
    assert f'name="candidate" value="{candidate.id}"' not in page
    assert FIRST not in page, "something has happened there lately"
    assert "Der er ingen afgørelse i rekrutteringen" in client.get(f"/records/review?candidate={candidate.id}").text
    assert delete(client, candidate.id, unfiled=UNFILED).status_code == 409
    with unit_of_work():
        recruitments.declare_impartiality(candidate, recruitment.panel[0], True)
        recruitments.add_candidate(recruitment, "Ny Ansøger")
    assert "Glemt Ansøger" not in client.get("/records").text, "it goes on"


def test_the_review_names_what_is_lost(client: InspectingClient, world: World) -> None:
    case = ended(world)
    client.sign_in("hr")
    page = client.get(f"/records/review?candidate={case.first}&candidate={case.second}").text
    assert "Slet oplysningerne om 2 kandidater" in page
    for line in (
        "2 udfyldte vurderingsskemaer",
        "2 referencepersoner",
        "1 partshøring",
        "1 udgave af afslaget",
        "1 mail",
    ):
        assert line in page
    assert "Hvorfor det, der ikke er journaliseret" not in page
    empty = client.get("/records/review", follow_redirects=True).text
    assert "Vælg mindst én kandidat" in empty
    assert client.get("/records/review?candidate=x&candidate=99999").status_code == 303


def test_a_reviewed_deletion_is_done_and_logged(client: InspectingClient, world: World) -> None:
    case = ended(world)
    client.sign_in("hr")
    answer = delete(client, case.first, case.second)
    assert answer.status_code == 303
    page = client.get(answer.location).text
    assert "Oplysningerne om 2 kandidater er slettet." in page
    assert "2 sletninger" in page
    assert REASON in page
    for name in (FIRST, SECOND, REFEREE):
        assert name not in page
    log = client.get("/event-log").text
    assert "slettede oplysningerne om en kandidat" in log
    assert f"Slettet kandidat {case.first}" in log
    assert FIRST not in log
    lines = client.get("/records/log.csv").data.decode("utf-8-sig").splitlines()
    assert len(lines) == 3
    assert REASON in lines[1]
    assert client.get("/records/log.xlsx").status_code == 200
    assert "Intet har nået fristen" in client.get("/records").text


def test_no_page_knows_of_a_deleted_candidate_any_more(client: InspectingClient, world: World) -> None:
    case = ended(world)
    referee = world.referee.id
    client.sign_in("hr")
    delete(client, case.first)
    client.sign_in("recruiter")
    for path in (
        f"/candidates/{case.first}",
        f"{case.url}/candidates/{case.first}/refusal",
        f"{case.url}/candidates/{case.first}/export.pdf",
        f"{case.url}/candidates/{case.first}/export.json",
        f"/referees/{referee}/talk",
    ):
        assert client.get(path).status_code == 404, path
    for path in ("", "/recommendation", "/refusals", "/filing", "/comparison", "/interviews", "/references", "/people"):
        page = client.get(case.url + path)
        assert "Kirkegaard" not in page.text, path
    hub = client.get(case.url).text
    assert SECOND in hub


def test_a_recruitment_without_anyone_left_says_so(client: InspectingClient, world: World) -> None:
    case = ended(world)
    client.sign_in("hr")
    delete(client, case.first, case.second)
    client.sign_in("recruiter")
    hub = client.get(case.url).text
    assert "Portalens oplysninger om kandidaterne er slettet" in hub
    assert "Næste:" not in hub
    assert "Souschef til prøve" in client.get("/recruitments?status=decided").text
    assert "Souschef til prøve" not in client.get("/recruitments?status=setting_up").text
    for path in ("/recommendation", "/refusals", "/filing", "/filing/record.pdf", "/comparison", "/interviews"):
        assert client.get(case.url + path).status_code == 200, path
    shown = client.get(f"{case.url}/recommendation").text
    assert f"Slettet kandidat {case.second}" in shown, "that somebody was hired is still there"


@pytest.mark.parametrize(
    ("texts", "says"),
    [
        ({"deletion_reason": ""}, "Skriv en begrundelse på mindst ti tegn"),
        ({"deletion_reason": "Udløbet"}, "Skriv en begrundelse på mindst ti tegn"),
        ({"deletion_reason": "Fristen for Kirkegaards sag er udløbet."}, "må ikke nævne nogen ved navn"),
        ({"deletion_reason": f"Det bad {REFEREE} om."}, "må ikke nævne nogen ved navn"),
        ({"unfiled": ""}, "Skriv, hvorfor det, der ikke er journaliseret"),
        ({"unfiled": "Wrzesniewska trak sin ansøgning."}, "må ikke nævne nogen ved navn"),
        ({"unfiled": "Ingen"}, "Skriv en begrundelse på mindst ti tegn"),
    ],
)
def test_the_reasons_are_asked_for_and_name_nobody(
    client: InspectingClient, world: World, texts: dict[str, str], says: str
) -> None:
    case = ended(world, filed=False)
    client.sign_in("hr")
    answer = delete(client, case.first, case.second, **{"unfiled": UNFILED, **texts})
    assert answer.status_code == 422
    assert says in answer.text
    assert f'name="candidate" value="{case.first}"' in answer.text
    assert db.session.scalar(select(Deletion.id)) is None
    assert delete(client, case.first, case.second, unfiled=UNFILED).status_code == 303


def test_what_is_not_filed_goes_only_with_a_reason_or_once_it_is(client: InspectingClient, world: World) -> None:
    case = ended(world, filed=False)
    client.sign_in("hr")
    assert "Mindst én af sagerne er ikke journaliseret" in client.get(f"/records/review?candidate={case.first}").text
    assert delete(client, case.first, unfiled=UNFILED).status_code == 303
    first = db.session.scalars(select(Deletion)).one()
    assert (first.case_number, first.unfiled_reason) == ("", UNFILED)
    url = f"/records/recruitments/{case.recruitment_id}/filing"
    assert client.send(url, {"filed_under": ""}).status_code == 422
    assert client.send(url, {"filed_under": "26-999"}).status_code == 303
    assert "26-999" in client.get("/records").text
    assert delete(client, case.second).status_code == 303
    second = db.session.scalars(select(Deletion).where(Deletion.candidate_id == case.second)).one()
    assert (second.case_number, second.unfiled_reason) == ("26-999", "")
    assert actions()["decisions.file_record"] == 1


def test_a_provisional_filing_is_none(client: InspectingClient, world: World) -> None:
    case = ended(world, filed=False)
    db.session.execute(
        db.text(
            "INSERT INTO filing (recruitment_id, case_number, provisional, digest, by_id, at) VALUES "
            f"({case.recruitment_id}, '26-1', true, '', {world.people['recruiter'].id}, '2026-01-01 10:00:00')"
        )
    )
    db.session.commit()
    client.sign_in("hr")
    assert "ikke journaliseret" in client.get("/records").text
    file(case)
    assert "26-777" in client.get("/records?standing=ready").text


def test_all_or_none_is_deleted_and_nobody_twice(client: InspectingClient, world: World) -> None:
    case = ended(world)
    with unit_of_work():
        other = recruitments.add_candidate(
            make_recruitment("Ny", world.office, world.people["recruiter"]), "Ny Ansøger"
        )
    client.sign_in("hr")
    assert delete(client, case.first, other.id, unfiled=UNFILED).status_code == 409
    assert db.session.scalar(select(Deletion.id)) is None
    assert delete(client, case.first).status_code == 303
    again = delete(client, case.first)
    assert again.status_code == 409
    assert "allerede slettet" in again.text
    assert delete(client, case.first, case.second).status_code == 409
    assert delete(client).status_code == 409
    assert db.session.scalar(select(Candidate.deleted_at).where(Candidate.id == case.second)) is None


def test_nothing_more_is_written_about_a_deleted_candidate(world: World) -> None:
    case = ended(world)
    candidate = case.candidate(case.first)
    with speaking("da"), unit_of_work():
        services.delete_candidates([case.first], world.people["hr"], REASON)
    person = world.people["recruiter"].id
    for statement in (
        f"INSERT INTO refusal_text (candidate_id, number, text, by_id, at) VALUES ({candidate.id}, 9, 'x', {person}, "
        "'2026-01-01 10:00:00')",
        f"INSERT INTO interview (candidate_id, round_id, minutes, place) VALUES ({candidate.id}, 1, 60, '')",
        f"UPDATE candidate SET name = 'x' WHERE id = {candidate.id}",
        f"DELETE FROM candidate WHERE id = {candidate.id}",
    ):
        with pytest.raises(IntegrityError, match="deleted candidate"):
            db.session.execute(db.text(statement))
        db.session.rollback()


def test_the_period_has_a_history_that_nobody_changes(client: InspectingClient, world: World) -> None:
    client.sign_in("hr")
    assert "gælder nu" in client.get("/records/retention").text
    wrong = client.send("/records/retention", {"months": "12", "retention_reason": ""})
    assert wrong.status_code == 422
    assert "kræver en begrundelse" in wrong.text
    assert (
        client.send("/records/retention", {"months": "37", "retention_reason": "Derfor, sagde vi."}).status_code == 422
    )
    for months, reason in (("12", "Klager kommer inden for et år."), ("6", "")):
        assert client.send("/records/retention", {"months": months, "retention_reason": reason}).status_code == 303
    page = client.get("/records/retention").text
    assert "Klager kommer inden for et år." in page
    assert [s.months for s in db.session.scalars(select(RetentionSetting).order_by(RetentionSetting.id))] == [12, 6]
    assert actions()["records.set_retention"] == 2
    for statement in ("UPDATE retention_setting SET months = 1", "DELETE FROM retention_setting"):
        with pytest.raises(IntegrityError, match="append-only"):
            db.session.execute(db.text(statement))
        db.session.rollback()


def test_hr_is_told_on_the_start_page(client: InspectingClient, world: World) -> None:
    client.sign_in("hr")
    assert "Gennemgå slettelisten" not in client.get("/").text
    case = ended(world)
    page = client.get("/").text
    assert "Gennemgå slettelisten" in page
    assert "2 kandidater skal gennemgås" in page
    delete(client, case.first, case.second)
    assert "Gennemgå slettelisten" not in client.get("/").text


def test_the_list_takes_as_many_queries_for_many_as_for_few(client: InspectingClient, world: World) -> None:
    ended(world)
    client.sign_in("hr")
    client.get("/records")
    client.get("/records")
    few = client.selects
    with months_ago(9), unit_of_work():
        for n in range(3):
            recruitment = make_recruitment(f"Glemt {n}", world.office, world.people["recruiter"])
            for name in ("A", "B", "C"):
                recruitments.add_candidate(recruitment, f"{name} {n}")
    client.get("/records")
    assert client.selects == few <= 6
