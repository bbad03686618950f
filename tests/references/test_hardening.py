"""References: who may handle them, texts that no font has, and a guide that can always be built once."""

import threading
from pathlib import Path

import pytest
from flask import Flask

from portal.audit.models import AuditEvent
from portal.db import db, unit_of_work
from portal.i18n import today
from portal.recruitment import services as recruitment_services
from portal.recruitment.models import Candidate, Recruitment
from portal.references import exports, queries
from portal.references.models import GuideQuestion, Referee
from tests.factories import World
from tests.inspecting import InspectingClient
from tests.interviews.test_journey import field
from tests.references.test_journey import example, text_of

ACCEPT = {"given_on": today().isoformat(), "how": "Pr. mail"}


def seat_recruiter(world: World, *, impartial: bool) -> None:
    """The recruiter sits on the panel and has declared themselves to the candidate."""
    with unit_of_work():
        member = recruitment_services.add_member(world.recruitment, world.people["recruiter"])
        recruitment_services.declare_impartiality(world.recruitment.candidates[0], member, impartial)


@pytest.mark.parametrize(("impartial", "status"), [(False, 403), (True, 303)])
def test_a_recruiter_who_is_not_impartial_keeps_off_the_references(
    client: InspectingClient, world: World, impartial: bool, status: int
) -> None:
    seat_recruiter(world, impartial=impartial)
    client.sign_in("recruiter")
    referee, recruitment = world.referee.id, world.recruitment.id
    page = client.get(f"/recruitments/{recruitment}/references").text
    assert ("Referent Rask" in page) is impartial
    form = {"candidate": "1", "name": "Ny Referent", "relation": "Chef"}
    added = client.send(f"/recruitments/{recruitment}/referees", form).status_code
    assert added == (303 if impartial else 422), "not impartial: the candidate is not among the choices"
    assert client.send(f"/referees/{referee}/accept", ACCEPT).status_code == status
    for suffix in ("pdf", "docx"):
        assert client.get(f"/referees/{referee}/guide.{suffix}").status_code == (200 if impartial else 403)


@pytest.mark.parametrize(
    "text", ["\U0001fae9", "\u0e01\u0e33", "👩‍👩‍👧 Bo", "\U0001f1e9\U0001f1f0", "\u202e\u2067", "a\u0334" * 40]
)
def test_any_text_becomes_a_pdf(text: str, tmp_path: Path) -> None:
    assert "Kompetence" in text_of(exports.as_pdf(example(f"Hej {text} Åse")), tmp_path)


def test_what_no_font_has_is_a_box_and_the_rest_is_kept(tmp_path: Path) -> None:
    text = text_of(exports.as_pdf(example("Før \U0001fae9 efter")), tmp_path)
    assert "Før □ efter" in text


def test_a_document_that_cannot_be_made_is_not_in_the_log(
    client: InspectingClient, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.sign_in("recruiter")
    client.send(f"/referees/{world.referee.id}/accept", ACCEPT)

    def fail(_guide: exports.Guide) -> bytes:
        raise RuntimeError("no paper")

    monkeypatch.setattr(exports, "as_pdf", fail)
    with pytest.raises(AssertionError, match="500"):
        client.get(f"/referees/{world.referee.id}/guide.pdf")
    db.session.rollback()
    exported = db.select(AuditEvent).where(AuditEvent.action == "references.export_guide")
    assert db.session.scalars(exported).all() == []


def test_documents_are_not_kept_by_browsers(client: InspectingClient, world: World) -> None:
    client.sign_in("recruiter")
    client.send(f"/referees/{world.referee.id}/accept", ACCEPT)
    for suffix in ("pdf", "docx"):
        assert client.get(f"/referees/{world.referee.id}/guide.{suffix}").headers["Cache-Control"] == "no-store"


def test_an_accept_before_the_guide_does_not_stop_the_guide(client: InspectingClient, world: World) -> None:
    recruitment = world.recruitment.id
    with unit_of_work():
        db.session.execute(db.delete(GuideQuestion))
    client.sign_in("recruiter")
    client.send(f"/referees/{world.referee.id}/accept", ACCEPT)
    build = f"/recruitments/{recruitment}/references/build"
    assert client.send(build).status_code == 303
    assert client.send(build).status_code == 409, "from now on it stays the same for all"
    found = db.session.get(Recruitment, recruitment)
    assert found is not None
    assert queries.guide(found)


@pytest.mark.parametrize(
    ("page", "url", "data", "table"),
    [
        ("/recruitments/add", "/recruitments/add", {"title": "Souschef", "office": "1"}, Recruitment),
        ("/recruitments/1/people", "/recruitments/1/candidates", {"name": "Åse Ørsted"}, Candidate),
        (
            "/recruitments/1/references",
            "/recruitments/1/referees",
            {"candidate": "1", "name": "Bo Berg", "relation": "Chef"},
            Referee,
        ),
    ],
)
def test_a_form_sent_twice_counts_once(
    app: Flask,
    client: InspectingClient,
    world: World,
    page: str,
    url: str,
    data: dict[str, str],
    table: type[Recruitment] | type[Candidate] | type[Referee],
) -> None:
    client.sign_in("recruiter")
    sent = {**data, "instance": field(client.get(page).text, "instance"), "csrf_token": client.token()}
    cookie = client.get_cookie("portal")
    assert cookie is not None
    before = len(db.session.scalars(db.select(table.id)).all())
    db.session.rollback()
    locations: list[str] = []

    def send() -> None:
        browser = super(
            InspectingClient, app.test_client(use_cookies=False)
        ).open  # counting queries is not for threads
        answer = browser(url, method="POST", data=sent, headers={"Cookie": f"portal={cookie.value}"})
        locations.append(answer.headers.get("Location", str(answer.status_code)))

    threads = [threading.Thread(target=send) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(locations)) == 1
    assert locations[0].startswith("/recruitments/")
    assert client.post(url, data=sent).location == locations[0]
    assert len(db.session.scalars(db.select(table.id)).all()) == before + 1
    back = {**sent, "name": "Cecilie Carlsen", "title": "En anden stilling"}
    assert client.post(url, data=back).status_code == 303
    assert len(db.session.scalars(db.select(table.id)).all()) == before + 2, "gone back and written something else"
    again = {**sent, "instance": field(client.get(page).text, "instance")}
    assert client.post(url, data=again).status_code == 303
    assert len(db.session.scalars(db.select(table.id)).all()) == before + 3
