"""The referee's own form: a secret address with the questions and nothing else, which ends when it has been used."""

import re
from datetime import timedelta

import pytest
from flask import Flask

from portal import clock
from portal.db import db, unit_of_work
from portal.mail.models import OutgoingMail
from portal.references import checks, queries
from portal.references.models import FormLink, ReferenceCheck
from tests.factories import World
from tests.inspecting import InspectingClient
from tests.references.test_talks import begin, first_name


def link(client: InspectingClient, world: World, language: str = "da") -> str:
    """The address of the online form, made by the recruiter; afterwards nobody is signed in."""
    url = begin(client, world)
    html = client.send(f"{url}/link", {"language": language}).text
    found = re.search(r"/reference/[\w-]+", html)
    assert found
    client.send("/sign-out")
    return found[0]


def test_the_referee_answers_without_signing_in_and_sends_once(client: InspectingClient, world: World) -> None:
    url = link(client, world)
    page = client.get(url).text
    assert queries.guide(world.recruitment)[0].text in page
    assert "Hvad" in page
    client.send(url, {first_name(world): "Vi arbejdede sammen i tre år.", "save": "1"})
    assert "Vi arbejdede sammen i tre år." in client.get(url).text, "an interrupted form loses nothing"
    asked = client.send(url, {first_name(world): "Vi arbejdede sammen i fire år.", "send": "1"})
    assert "Vil du sende dine svar?" in asked.text
    assert "spørgsmål er ikke besvaret" in asked.text, "nobody must answer everything, but is told"
    assert 'class="crumbs"' not in asked.text, "one who has no start page is nowhere in it"
    sent = client.send(url, {first_name(world): "Vi arbejdede sammen i fire år.", "send": "1", "confirmed": "1"})
    assert sent.location == "/reference-thanks?language=da"
    assert "Tak for dine svar" in client.get(sent.location, headers={"Accept-Language": "en"}).text
    assert client.get(url).status_code == 404, "used"
    check = db.session.scalars(db.select(ReferenceCheck)).one()
    assert checks.answers_of(check)[first_name(world)] == "Vi arbejdede sammen i fire år."
    assert check.held_on is not None


def test_expired_withdrawn_replaced_used_and_guessed_links_answer_alike(client: InspectingClient, world: World) -> None:
    url = link(client, world)
    guessed = client.get("/reference/" + "a" * 43)
    answers = {guessed.text}
    later = clock.now() + timedelta(days=15)
    with clock.at(later):
        answers.add(client.get(url).text)
    client.sign_in("recruiter")
    client.send(f"/referees/{world.referee.id}/link/withdraw")
    client.send("/sign-out")
    withdrawn = client.get(url)
    assert withdrawn.status_code == guessed.status_code == 404
    answers.add(withdrawn.text)
    used = link(client, world)
    client.send(used, {first_name(world): "Svar.", "send": "1", "confirmed": "1"})
    for ended in (url, used):
        assert client.get(ended).status_code == 404
        answers.add(client.get(ended).text)
    assert "ring eller skriv til den, der har bedt dig om referencen" in guessed.text
    assert len({re.sub(r'value="[^"]*"|/reference/[\w-]+|"X-CSRFToken": "[^"]*"', "", page) for page in answers}) == 1


def test_a_new_link_ends_the_one_before(client: InspectingClient, world: World) -> None:
    first, second = link(client, world), link(client, world)
    assert client.get(first).status_code == 404
    assert client.get(second).status_code == 200


def test_the_link_ends_when_the_accept_is_taken_back(client: InspectingClient, world: World) -> None:
    url = link(client, world)
    client.sign_in("recruiter")
    client.send(f"/referees/{world.referee.id}/withdraw", {"why": "Ringede"})
    client.send("/sign-out")
    assert client.get(url).status_code == 404
    assert client.send(url, {first_name(world): "Efter."}).status_code == 404


def test_only_a_digest_of_the_secret_is_kept(client: InspectingClient, world: World) -> None:
    secret = link(client, world).rpartition("/")[2]
    kept = db.session.scalars(db.select(FormLink)).one()
    assert kept.secret_hash == checks.secret_hash(secret)
    assert secret not in kept.secret_hash


def test_the_form_shows_nothing_but_the_questions(client: InspectingClient, world: World) -> None:
    page = client.get(link(client, world)).text
    for hidden in ("Referent Rask", "33 00 00 00", "Member", "Skal-krav", "/recruitments", "aria-current"):
        assert hidden not in page


def test_the_form_speaks_the_language_of_the_link(client: InspectingClient, world: World) -> None:
    page = client.get(link(client, world, "en")).text
    assert '<html lang="en">' in page
    assert "Send my answers" in page


def test_an_english_form_is_english_to_the_end(client: InspectingClient, world: World) -> None:
    url = link(client, world, "en")
    sent = {first_name(world): "We worked together for three years.", "send": "1"}
    assert "Send your answers?" in client.send(url, sent).text
    assert 'lang="da"' in client.get(url).text, "the questions are marked as Danish"
    wrong = client.send(url, {first_name(world): "x" * 4001})
    assert "Shorten the answer" in wrong.text
    thanks = client.send(url, {**sent, "confirmed": "1"}).location
    client.set_cookie("language", "en")
    assert "Thank you for your answers" in client.get(thanks).text


@pytest.mark.parametrize("backend", ["sqlite"])
def test_guessing_is_slowed_down(client: InspectingClient, world: World) -> None:
    answers = [client.get(f"/reference/{n:043}").status_code for n in range(21)]
    assert answers[:20] == [404] * 20
    assert answers[20] == 429


def test_what_is_too_long_or_a_cpr_number_is_refused_and_kept_on_the_page(
    client: InspectingClient, world: World
) -> None:
    url = link(client, world)
    for wrong in ("x" * 4001, "Født 010180-1234 sagde hun"):
        refused = client.send(url, {first_name(world): wrong})
        assert refused.status_code == 422
        assert wrong in refused.text


def test_with_a_mail_server_and_an_address_the_link_goes_by_mail(
    app: Flask, client: InspectingClient, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dataclasses import replace

    from portal.config import MailSettings

    settings = app.config["SETTINGS"]
    mail = MailSettings("127.0.0.1", 1, sender="portal@agency.example", domain="agency.example")
    monkeypatch.setitem(app.config, "SETTINGS", replace(settings, mail=mail))
    with unit_of_work():
        world.referee.email = "referent@firma.example"
    url = begin(client, world)
    page = client.send(f"{url}/link", {"language": "da"}).text
    assert "Linket er på vej pr. mail" in page
    sent = db.session.scalars(db.select(OutgoingMail)).one()
    assert sent.address == "referent@firma.example"
    assert "/reference/" in sent.body
    assert "frivilligt" in sent.body
