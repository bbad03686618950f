"""What leaves the portal: one candidate without a trace of another, and the whole case for filing."""

import io
import json
import zipfile
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

from portal.audit.models import AuditEvent
from portal.clock import now
from portal.db import db, unit_of_work
from portal.decisions.models import Filing
from portal.interviews.models import InterviewClosing
from portal.recruitment import services as recruitments
from portal.recruitment.models import CandidateEvent
from portal.references import services as references
from tests.decisions.case import FIRST, SECOND, Opened, amend_and_agree, assess, opened, recommend
from tests.decisions.test_refusals import LETTER, text_of
from tests.factories import World
from tests.inspecting import InspectingClient

PLANTED = "UNIKT"  # in every text that is about the second candidate


def plant_everywhere(client: InspectingClient, case: Opened) -> None:
    """The second candidate's name in every free text about the first, and texts of the second's own."""
    amend_and_agree(case)
    with unit_of_work():
        recruitment, recruiter = case.recruitment, case.world.people["recruiter"]
        for candidate in recruitment.candidates:
            other = SECOND if candidate.id == case.first else f"{FIRST} {PLANTED}-HÆNDELSE"
            reason = f"Trak sig på grund af {other}."
            db.session.add(
                CandidateEvent(candidate_id=candidate.id, kind="withdrawn", reason=reason, by_id=recruiter.id, at=now())
            )
            db.session.add(
                CandidateEvent(candidate_id=candidate.id, kind="resumed", reason=reason, by_id=recruiter.id, at=now())
            )
            db.session.add(
                InterviewClosing(
                    interview_id=candidate.interviews[0].id, closes=True, reason=reason, by=recruiter, at=now()
                )
            )
        recruitment.candidates[0].interviews[0].place = f"Samme lokale som {SECOND}"
        second = next(c for c in recruitment.candidates if c.id == case.second)
        references.add_referee(
            second, references.RefereeFacts(f"{PLANTED}-REFERENT", "Chef", current_employer=False, phone="33 00 00 09")
        )
        references.record_accept(
            case.world.referee, recruiter, given_on=now().date(), how=f"Pr. mail, ligesom {SECOND}"
        )
    client.sign_in("recruiter")
    client.send(f"{case.url}/candidates/{case.second}/refusal", {"letter": f"{LETTER}\n{PLANTED}-AFSLAG", "seen": "0"})
    recommend(case, case.second)
    client.sign_in("chef")
    sent = {"ruling": "return", "candidate": "", "why": f"{PLANTED}: uddyb om {SECOND}.", "confirmed": "1"}
    client.send(f"{case.url}/recommendation/decide", sent)
    recommend(case, case.first)


def every_text(value: Any) -> str:
    if isinstance(value, dict):
        return " ".join(every_text(found) for found in value.values())
    return " ".join(every_text(found) for found in value) if isinstance(value, list) else str(value)


def test_the_export_of_a_candidate_holds_all_of_theirs_and_no_trace_of_another(
    client: InspectingClient, world: World
) -> None:
    case = opened(world)
    plant_everywhere(client, case)
    client.sign_in("recruiter")
    client.budget = 60
    url = f"{case.url}/candidates/{case.first}/export"
    raw = client.get(f"{url}.json")
    pdf = client.get(f"{url}.pdf").data
    content = json.loads(raw.data)
    for text in (raw.data.decode(), every_text(content), text_of(pdf)):
        for trace in (SECOND, "Zenobia", "Wrzesniewska", PLANTED, "zenobia"):
            assert trace not in text, trace
    assert b"Wrzesniewska" not in pdf
    found = content["candidate"]
    assert found["name"] == FIRST
    assert found["interviews"][0]["questions"]
    ratings = [r for a in found["interviews"][0]["assessments"] for r in a["ratings"]]
    assert all("Roligere end […]" in rating["evidence"] for rating in ratings)
    assert [rating["amendments"][0]["score"] for rating in ratings if rating["amendments"]] == [3]
    assert found["interviews"][0]["agreed"][0]["score"] == 4
    assert found["interviews"][0]["closings"][0]["closed"] is True
    assert found["referees"][0]["accepts"][0]["how"] == "Pr. mail, ligesom […]"
    assert [event["kind"] for event in found["events"]] == ["withdrawn", "resumed"]
    assert len(content["recommendations"]) == 1
    assert content["recommendations"][0]["content"]["candidate"]["name"] == FIRST
    for wanted in (FIRST, "Referent Rask", "Roligere end", "Samlet den bedst egnede"):
        assert wanted in text_of(pdf)
    logged = db.session.scalars(db.select(AuditEvent).where(AuditEvent.action == "decisions.export_candidate")).all()
    assert [(event.subject_id, event.details["format"]) for event in logged] == [
        (case.first, "json"),
        (case.first, "pdf"),
    ]


def test_the_record_comes_before_the_decision_only_on_purpose_and_says_so(
    client: InspectingClient, world: World
) -> None:
    case = opened(world)
    client.sign_in("recruiter")
    client.budget = 60
    assert client.get(f"{case.url}/filing/record.pdf").status_code == 409
    early = text_of(client.get(f"{case.url}/filing/record.pdf?provisional=1").data)
    assert "Foreløbig: Der er ikke truffet afgørelse endnu" in early
    assert client.send(f"{case.url}/filing", {"filed_under": "26-17"}).status_code == 409
    assert client.send(f"{case.url}/filing", {"filed_under": "26-17", "provisional": "y"}).status_code == 303
    filing = db.session.scalars(db.select(Filing)).one()
    assert (filing.case_number, filing.provisional, filing.by_id) == ("26-17", True, world.people["recruiter"].id)
    assert "foreløbig" in client.get(f"{case.url}/filing").text
    with pytest.raises(IntegrityError):
        db.session.execute(db.update(Filing).values(case_number="x"))


def test_the_record_holds_the_whole_case_as_pdf_json_and_tables(client: InspectingClient, world: World) -> None:
    case = opened(world)
    plant_everywhere(client, case)
    client.sign_in("chef")
    sent = {"ruling": "follow", "candidate": "", "why": "", "confirmed": "1"}
    client.send(f"{case.url}/recommendation/decide", sent)
    client.sign_in("recruiter")
    client.budget = 70
    package = zipfile.ZipFile(io.BytesIO(client.get(f"{case.url}/filing/record.zip").data))
    names = {name.rpartition(".")[2]: name for name in package.namelist()}
    content = json.loads(package.read(names["json"]))
    assert [candidate["name"] for candidate in content["candidates"]] == [FIRST, SECOND]
    assert [found["decision"]["ruling"] for found in content["recommendations"]] == ["return", "follow"]
    assert content["comparison"][0]["means"][0]["mean"] is not None
    told = [line["what"] for line in content["log"]]
    assert "Chef traf afgørelse om en indstilling" in told
    assert "Member indsendte en vurdering" in told
    pdf = text_of(package.read(names["pdf"]))
    for wanted in (FIRST, SECOND, "Kravprofil", "Member", "Referent Rask", f"{PLANTED}-AFSLAG", "Sagens hændelseslog"):
        assert wanted in pdf, wanted
    tables = sorted(name for name in package.namelist() if name.endswith(".csv"))
    assert len(tables) == 4
    assert any("Zenobia" in package.read(name).decode("utf-8-sig") for name in tables)


def test_the_record_takes_as_many_queries_for_twelve_candidates_as_for_two(
    client: InspectingClient, world: World
) -> None:
    case = opened(world)
    client.sign_in("recruiter")
    client.budget = 80
    url = f"{case.url}/filing/record.zip?provisional=1"
    assert client.get(url).status_code == 200
    few = client.selects
    with unit_of_work():
        for n in range(10):
            candidate = recruitments.add_candidate(case.recruitment, f"Nummer {n} Nielsen")
            assess(candidate, {"member": 3, "member2": 4}, "Fortalte om et møde med mange.")
    response = client.get(url)
    assert response.status_code == 200
    assert client.selects == few
    assert len(client.get(f"{case.url}/refusals").text) > 1000
    assert client.selects < 36


def test_what_is_not_open_is_in_no_export(client: InspectingClient, world: World) -> None:
    case = opened(world)
    with unit_of_work():
        third = recruitments.add_candidate(case.recruitment, "Tredje Thorsen")
        assess(third, {"member": 5}, "HEMMELIGT: svarede klart.", case.recruitment.panel[:1])
        third_id = third.id
    client.sign_in("recruiter")
    client.budget = 70
    package = zipfile.ZipFile(io.BytesIO(client.get(f"{case.url}/filing/record.zip?provisional=1").data))
    everything = b"".join(package.read(name) for name in package.namelist() if not name.endswith(".pdf"))
    assert "HEMMELIGT" not in everything.decode(errors="ignore")
    own = json.loads(client.get(f"{case.url}/candidates/{third_id}/export.json").data)
    assert own["candidate"]["interviews"][0]["open"] is False
    assert own["candidate"]["interviews"][0]["assessments"] == []
