"""Every candidate gets an answer: drafted by the portal, written, reviewed and sent by a person."""

import html
import io
import re
import zipfile

import pytest
from docx import Document
from pypdf import PdfReader
from sqlalchemy.exc import IntegrityError

from portal.audit.models import AuditEvent
from portal.db import db
from portal.decisions.models import RefusalEvent, RefusalText
from portal.i18n import today
from tests.decisions.case import FIRST, SECOND, Opened, opened, recommend
from tests.factories import World
from tests.inspecting import InspectingClient

LETTER = "Kære Zenobia Wrzesniewska\n\nDu får afslag.\n\nBegrundelse\n\nVi lagde vægt på:\n- ledelse\n- drift\n\nHilsen"


def text_of(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


def draft_on(page: str) -> str:
    found = re.search(r'<textarea[^>]*id="letter"[^>]*>(.*?)</textarea>', page, re.DOTALL)
    assert found
    return html.unescape(found[1])


def url_of(case: Opened, candidate_id: int) -> str:
    return f"{case.url}/candidates/{candidate_id}/refusal"


def reviewed(client: InspectingClient, case: Opened) -> str:
    """A reviewed refusal to the second candidate; returns its address."""
    url = url_of(case, case.second)
    assert client.send(url, {"letter": LETTER, "seen": "0"}).status_code == 303
    assert client.send(f"{url}/review", {"seen": "1"}).status_code == 303
    return url


def test_the_draft_names_requirements_but_no_score_and_no_other_person(client: InspectingClient, world: World) -> None:
    case = opened(world)
    client.sign_in("recruiter")
    draft = draft_on(client.get(url_of(case, case.second)).text)
    assert draft.strip().startswith(f"Kære {SECOND}")
    for row in case.recruitment.profile:
        assert row.competency.text in draft
    for absent in (FIRST, "Kirkegaard", "UNIKT", "Member", "Recruiter"):
        assert absent not in draft
    own = draft.split("I vurderingen af dig")[1]
    assert "i mindre grad" in own
    assert not re.search(r"\d", own)


def test_a_refusal_is_reviewed_by_a_person_before_it_leaves(client: InspectingClient, world: World) -> None:
    case = opened(world)
    client.sign_in("recruiter")
    url = url_of(case, case.second)
    draft = draft_on(client.get(url).text)
    assert client.get(f"{url}.pdf").status_code == 409
    assert client.get(f"{case.url}/refusals.zip").status_code == 409
    client.send(url, {"letter": draft, "seen": "0"})
    unfinished = client.send(f"{url}/review", {"seen": "1"})
    assert unfinished.status_code == 409
    assert "skal udfyldes" in unfinished.text
    client.send(url, {"letter": LETTER, "seen": "1"})
    stale = client.send(f"{url}/review", {"seen": "1"})
    assert stale.status_code == 409, "one reviews what the page showed"
    assert client.send(f"{url}/review", {"seen": "2"}).status_code == 303
    assert "af Recruiter" in client.get(url).text
    assert client.get(f"{url}.pdf").status_code == 200
    client.send(url, {"letter": LETTER + " igen", "seen": "2"})
    assert client.get(f"{url}.pdf").status_code == 409, "a later wording is reviewed anew"


def test_a_refusal_with_another_name_a_protected_ground_or_a_cpr_number_is_not_saved(
    client: InspectingClient, world: World
) -> None:
    case = opened(world)
    client.sign_in("recruiter")
    url = url_of(case, case.second)
    for text, why in (
        (f"Vi valgte {FIRST}.", "andre personer i sagen"),
        ("Vi lagde vægt på Kirkegaards erfaring.", "andre personer i sagen"),
        ("Member2 syntes bedre om en anden.", "andre personer i sagen"),
        ("Vi var bekymrede for, om du er gravid.", "ikke må indgå i et afslag"),
        ("Dit nummer er 010190-1234.", "CPR"),
    ):
        refused = client.send(url, {"letter": f"Kære {SECOND}\n\n{text}", "seen": "0"})
        assert refused.status_code == 422, text
        assert why in refused.text, text
        assert text in html.unescape(refused.text), "what was typed is given back"
    assert not db.session.scalars(db.select(RefusalText)).all()


def test_the_second_saver_of_a_refusal_sees_both(client: InspectingClient, world: World) -> None:
    case = opened(world)
    client.sign_in("recruiter")
    url = url_of(case, case.second)
    client.send(url, {"letter": LETTER, "seen": "0"})
    both = client.send(url, {"letter": "Kære ansøger. En anden udgave.", "seen": "0"})
    assert both.status_code == 409
    assert "Vi lagde vægt på:" in both.text
    assert "En anden udgave." in both.text
    assert client.send(url, {"letter": "Kære ansøger. En anden udgave.", "seen": "1"}).status_code == 303


def test_letters_come_for_word_as_tagged_pdf_and_all_in_one_package(client: InspectingClient, world: World) -> None:
    case = opened(world)
    client.sign_in("recruiter")
    url = reviewed(client, case)
    pdf = client.get(f"{url}.pdf")
    assert "/MarkInfo" in PdfReader(io.BytesIO(pdf.data)).trailer["/Root"]
    assert "Du får afslag." in text_of(pdf.data)
    word = Document(io.BytesIO(client.get(f"{url}.docx").data))
    styles = {paragraph.text: paragraph.style.name for paragraph in word.paragraphs if paragraph.style}
    assert styles["Begrundelse"] == "Heading 2"
    assert styles["ledelse"] == "List Bullet"
    package = zipfile.ZipFile(io.BytesIO(client.get(f"{case.url}/refusals.zip").data))
    assert sorted(name.rpartition(".")[2] for name in package.namelist()) == ["docx", "pdf"]
    exported = db.session.scalars(db.select(AuditEvent).where(AuditEvent.action == "decisions.export_refusal")).all()
    assert [event.details["format"] for event in exported] == ["pdf", "docx", "zip"]


def test_marking_as_sent_makes_the_candidate_refused_and_the_list_says_who_lacks_an_answer(
    client: InspectingClient, world: World
) -> None:
    case = opened(world)
    client.sign_in("recruiter")
    assert "2 kandidater mangler svar" in client.get(f"{case.url}/refusals").text
    url = reviewed(client, case)
    day = today().isoformat()
    assert client.send(f"{url}/sent", {"sent_on": "2099-01-01", "confirmed": "1"}).status_code == 422
    asked = client.send(f"{url}/sent", {"sent_on": day})
    assert asked.status_code == 200
    assert case.candidate(case.second).state == "applied"
    assert client.send(f"{url}/sent", {"sent_on": day, "confirmed": "1"}).status_code == 303
    candidate = case.candidate(case.second)
    assert candidate.state == "refused"
    assert "Afslag sendt" in candidate.events[-1].reason
    assert "1 kandidat mangler svar" in client.get(f"{case.url}/refusals").text
    assert client.send(url, {"letter": "Noget andet.", "seen": "1"}).status_code == 409
    assert "Noget andet." not in client.get(url).text


def test_whoever_is_recommended_or_hired_gets_no_refusal(client: InspectingClient, world: World) -> None:
    case = opened(world)
    recommend(case, case.first)
    client.sign_in("recruiter")
    refused = client.send(url_of(case, case.first), {"letter": "Kære ansøger, nej tak.", "seen": "0"})
    assert refused.status_code == 409
    assert "Kandidaten er indstillet" in refused.text
    client.sign_in("chef")
    sent = {"ruling": "follow", "candidate": "", "why": "", "confirmed": "1"}
    client.send(f"{case.url}/recommendation/decide", sent)
    client.sign_in("recruiter")
    refused = client.send(url_of(case, case.first), {"letter": "Kære ansøger, nej tak.", "seen": "0"})
    assert "Kandidaten er ansat" in refused.text
    assert "besat med en anden ansøger" in draft_on(client.get(url_of(case, case.second)).text)


def test_what_was_written_and_sent_never_changes(client: InspectingClient, world: World) -> None:
    case = opened(world)
    client.sign_in("recruiter")
    reviewed(client, case)
    for statement in (db.update(RefusalText).values(text="x"), db.delete(RefusalEvent)):
        with pytest.raises(IntegrityError):
            db.session.execute(statement)
        db.session.rollback()
