"""The candidate's accept and its withdrawal, referees by candidate, and what may be taken out again."""

import pytest
from sqlalchemy.exc import IntegrityError

from portal.db import db
from portal.i18n import today
from portal.references.models import AcceptWithdrawal, Referee
from portal.references.rules import looks_like_phone, minutes_for
from tests.factories import World
from tests.inspecting import InspectingClient


def accept(client: InspectingClient, world: World, how: str = "Pr. mail") -> None:
    given = {"given_on": today().isoformat(), "how": how}
    assert client.send(f"/referees/{world.referee.id}/accept", given).status_code == 303


def test_an_accept_is_shown_with_day_and_manner_and_can_be_taken_back(client: InspectingClient, world: World) -> None:
    client.sign_in("recruiter")
    page, referee = f"/recruitments/{world.recruitment.id}/references", f"/referees/{world.referee.id}"
    assert client.send(f"{referee}/withdraw", {"why": "Ringede"}).status_code == 409
    accept(client, world)
    shown = client.get(page).text
    assert "Accept givet" in shown
    assert "Pr. mail" in shown
    assert client.send(f"{referee}/withdraw", {"why": ""}).status_code == 422
    assert client.send(f"{referee}/withdraw", {"why": "Ringede og fortrød"}).status_code == 303
    for suffix in ("pdf", "docx"):
        assert client.get(f"{referee}/guide.{suffix}").status_code == 409
    shown = client.get(page).text
    assert "Ringede og fortrød" in shown
    assert "accept trukket tilbage" in shown
    accept(client, world, "Mundtligt, igen")
    assert client.get(f"{referee}/guide.pdf").status_code == 200
    client.sign_in("hr")
    assert "trak sin accept tilbage" in client.get("/event-log?action=references.").text


def test_a_withdrawal_is_never_changed(client: InspectingClient, world: World) -> None:
    client.sign_in("recruiter")
    accept(client, world)
    client.send(f"/referees/{world.referee.id}/withdraw", {"why": "Ringede"})
    for statement in (db.update(AcceptWithdrawal).values(how="x"), db.delete(AcceptWithdrawal)):
        with pytest.raises(IntegrityError):
            db.session.execute(statement)
        db.session.rollback()


def test_a_referee_is_removed_only_without_an_accept(client: InspectingClient, world: World) -> None:
    client.sign_in("recruiter")
    url = f"/referees/{world.referee.id}/remove"
    accept(client, world)
    assert client.send(url, {"confirmed": "1"}).status_code == 409
    candidate = world.recruitment.candidates[0].id
    other = {"candidate": candidate, "name": "Reserve Rask", "relation": "Kollega", "phone": "+45 33 00 00 22"}
    client.send(f"/recruitments/{world.recruitment.id}/referees", other)
    extra = db.session.scalars(db.select(Referee.id).where(Referee.name == "Reserve Rask")).one()
    assert "Vil du fjerne Reserve Rask" in client.send(f"/referees/{extra}/remove").text
    assert client.send(f"/referees/{extra}/remove", {"confirmed": "1"}).status_code == 303
    assert db.session.get(Referee, extra) is None


def test_referees_stand_under_their_candidate_and_one_without_is_named(client: InspectingClient, world: World) -> None:
    client.sign_in("recruiter")
    client.send(f"/recruitments/{world.recruitment.id}/candidates", {"name": "Uden Referent"})
    page = client.get(f"/recruitments/{world.recruitment.id}/references").text
    places = [page.index(text) for text in ("<h3>Kandidat Kirkegaard</h3>", "Referent Rask", "<h3>Uden Referent</h3>")]
    assert places == sorted(places)
    assert "Ingen referencepersoner endnu." in page


@pytest.mark.parametrize(
    ("text", "fits"),
    [("33 00 00 11", True), ("+45 33000011", True), ("(0045) 33-00-00-11", True), ("ring", False), ("33", False),
     ("33 00 00 11 lokal", False), ("1" * 16, False)],
)  # fmt: skip
def test_a_phone_number_looks_like_one(text: str, fits: bool) -> None:
    assert looks_like_phone(text) is fits


def test_a_wrong_phone_number_is_pointed_out(client: InspectingClient, world: World) -> None:
    client.sign_in("recruiter")
    wrong = {"candidate": world.recruitment.candidates[0].id, "name": "R", "relation": "K", "phone": "ved ikke"}
    refused = client.send(f"/recruitments/{world.recruitment.id}/referees", wrong)
    assert refused.status_code == 422
    assert "Skriv et telefonnummer" in refused.text


def test_minutes_are_worked_out_in_one_place() -> None:
    assert minutes_for(0) == 0
    assert minutes_for(12) == 36
