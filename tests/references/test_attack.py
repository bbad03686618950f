"""Attackers: with a referee's link, with the session of somebody else in the case, or with a link of yesterday."""

import re
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from portal.access import Role
from portal.audit.models import AuditEvent
from portal.db import db, unit_of_work
from portal.people.services import change_person
from portal.recruitment import services as recruitments
from portal.recruitment.candidates import settle
from portal.recruitment.rules import CandidateState
from portal.references import checks, online, queries, services
from portal.references.models import (
    ApplicantAccept,
    FormLink,
    GuideProbe,
    ReferenceAddendum,
    ReferenceAnswer,
    ReferenceCheck,
)
from tests.factories import World, make_recruitment, open_hearing
from tests.inspecting import InspectingClient
from tests.references.test_journey import text_of
from tests.references.test_online import link
from tests.references.test_talks import ACCEPT, begin, first_name

SAID = "Vi arbejdede sammen i tre år."
VARYING = r'value="[^"]*"|"X-CSRFToken": "[^"]*"'


def as_recruiter(client: InspectingClient, path: str, form: dict[str, str]) -> None:
    client.sign_in("recruiter")
    assert client.send(path, form).status_code == 303
    client.send("/sign-out")


def test_a_new_accept_gives_an_old_link_no_new_life(client: InspectingClient, world: World) -> None:
    url, referee = link(client, world), f"/referees/{world.referee.id}"
    as_recruiter(client, f"{referee}/withdraw", {"why": "Ringede og trak det tilbage"})
    as_recruiter(client, f"{referee}/accept", ACCEPT)
    assert client.get(url).status_code == 404
    assert client.send(url, {first_name(world): SAID}).status_code == 404


@pytest.mark.parametrize("kind", [CandidateState.WITHDRAWN, CandidateState.REFUSED])
def test_a_link_about_someone_who_is_out_is_dead_and_none_is_made(
    client: InspectingClient, world: World, kind: CandidateState
) -> None:
    url = link(client, world)
    with unit_of_work():
        settle(world.recruitment.candidates[0], kind, "Har fået et andet job.", world.people["recruiter"])
    assert client.get(url).status_code == 404
    assert client.send(url, {first_name(world): SAID}).status_code == 404
    client.sign_in("recruiter")
    assert client.send(f"/referees/{world.referee.id}/link", {"language": "da"}).status_code == 409


@pytest.mark.parametrize(
    ("changed", "status"), [({"email": "rigtig@firma.example"}, 404), ({"name": "Anden Person"}, 404), ({}, 200)]
)
def test_a_link_that_may_be_with_someone_else_ends(
    client: InspectingClient, world: World, changed: dict[str, str], status: int
) -> None:
    url = link(client, world)
    facts = {"name": "Referent Rask", "relation": "Kontorchef", "current_employer": "y", "phone": "33 99 99 99"}
    as_recruiter(client, f"/referees/{world.referee.id}/edit", facts | changed)
    assert client.get(url).status_code == status


ENDINGS: dict[str, Callable[[ReferenceCheck, World], object]] = {
    "withdrawn": lambda check, _world: checks.withdraw_link(check),
    "used": lambda check, _world: checks.submit_form(check.links[-1]),
    "accept": lambda check, world: services.withdraw_accept(check.referee, world.people["recruiter"], "Ringede"),
}


@pytest.mark.parametrize("backend", ["postgresql"])  # on SQLite a form waits before it looks at its link
@pytest.mark.parametrize("ending", ENDINGS)
def test_a_link_that_ends_while_the_form_is_on_its_way_takes_nothing_in(
    app: Flask, client: InspectingClient, world: World, monkeypatch: pytest.MonkeyPatch, ending: str
) -> None:
    url = link(client, world)
    client.send(url, {first_name(world): SAID})
    check_id, real = db.session.scalars(db.select(ReferenceCheck.id)).one(), online.talk_form

    def end() -> None:
        with app.app_context(), unit_of_work():
            check = db.session.get_one(ReferenceCheck, check_id)
            ENDINGS[ending](check, World.load())

    def overtaken(*args: Any, **kwargs: Any) -> object:
        thread = threading.Thread(target=end)
        thread.start()
        thread.join()
        return real(*args, **kwargs)

    monkeypatch.setattr(online, "talk_form", overtaken)
    late = client.send(url, {first_name(world): "Skrevet bagefter.", "send": "1", "confirmed": "1"})
    assert late.status_code == 404
    db.session.rollback()
    assert db.session.scalars(db.select(ReferenceAnswer.text)).all() == [SAID]
    sent = db.session.scalars(db.select(AuditEvent).where(AuditEvent.action == "references.submit_form")).all()
    assert len(sent) == (ending == "used")


def test_a_form_that_is_sent_twice_is_sent_once(client: InspectingClient, world: World) -> None:
    url = link(client, world)
    form = {first_name(world): SAID, "send": "1", "confirmed": "1"}
    assert [client.send(url, form).status_code for _ in range(2)] == [303, 404]
    assert [found.ended_why for found in db.session.scalars(db.select(FormLink))] == ["used"]


def test_a_link_writes_answers_to_its_own_questions_and_nothing_else(client: InspectingClient, world: World) -> None:
    url = link(client, world)
    with unit_of_work():
        panel = (world.people["member"], world.people["member2"])
        other = make_recruitment("En anden stilling", world.office, world.people["other_recruiter"], *panel)
        services.build_guide(other)
        key = world.recruitment.profile[0].competency_id
        probe = GuideProbe(
            candidate_id=world.recruitment.candidates[0].id, competency_id=key, text="Hvordan?", why="thin"
        )
        db.session.add(probe)
        foreign = queries.guide(other)[0].id
    sent = {first_name(world): SAID, f"q_{foreign}": "Fremmed.", f"p_{probe.id}": "Ikke godkendt.", "q_0": "Intet."}
    facts = {"note": "Mit eget notat.", "held_on": "2020-01-01", "minutes": "7", "version": "9" * 30, "id": "1"}
    assert client.send(url, sent | facts).status_code in (303, 422)
    assert client.send(url, sent | facts | {"version": "0"}).status_code == 303
    check = db.session.scalars(db.select(ReferenceCheck)).one()
    assert checks.answers_of(check) == {first_name(world): SAID}
    assert (check.note, check.held_on, check.minutes, check.finished) == ("", None, None, False)


def test_a_link_opens_no_other_page(app: Flask, client: InspectingClient, world: World) -> None:
    url, referee, recruitment = link(client, world), world.referee.id, world.recruitment.id
    client.delete_cookie("portal")
    assert client.get(url).status_code == 200
    secret = url.rpartition("/")[2]
    for path in ("/", "/recruitments", f"/recruitments/{recruitment}/references", f"/referees/{referee}/talk"):
        for asked in (path, f"{path}?secret={secret}"):
            assert "/sign-in" in client.get(asked).location
    assert client.get(f"/calendar/{secret}.ics").status_code == 404
    for garbled in (secret[:-1], f"{secret}a", secret.swapcase(), f"{secret}%0a", f"%20{secret}", f"{secret}/talk"):
        assert client.get(f"/reference/{garbled}").status_code == 404
    assert client.get(f"/reference/{secret}%00").status_code == 400


def test_what_goes_wrong_leaves_no_secret_in_the_technical_log(
    client: InspectingClient, world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    url = link(client, world)

    def fail(_check: ReferenceCheck) -> dict[str, str]:
        raise RuntimeError("on purpose")

    monkeypatch.setattr(checks, "answers_of", fail)
    with pytest.raises(AssertionError, match="500"):
        client.get(url)
    assert "GET /reference/<secret>" in caplog.text
    assert url.rpartition("/")[2] not in caplog.text


def test_looking_is_not_using(client: InspectingClient, world: World) -> None:
    """Mail filters follow links before people do."""
    url = link(client, world)
    for _ in range(3):
        assert client.head(url).status_code == 200
    assert client.get(url).status_code == 200
    assert db.session.scalars(db.select(FormLink)).one().ended_at is None


def test_the_form_is_kept_nowhere_and_its_address_told_to_nobody(client: InspectingClient, world: World) -> None:
    url = link(client, world)
    page = client.get(url)
    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["Referrer-Policy"] == "same-origin"
    assert "ETag" not in page.headers
    assert not re.findall(r'(?:src|href)="(?:https?:)?//', page.text)


def test_dead_links_answer_alike_to_the_last_header(client: InspectingClient, world: World) -> None:
    url = link(client, world)
    client.send(url, {first_name(world): SAID, "send": "1", "confirmed": "1"})

    def seen(address: str) -> tuple[object, ...]:
        client.delete_cookie("portal")
        answer = client.get(address)
        headers = sorted(answer.headers.keys())
        return answer.status_code, re.sub(VARYING, "", answer.text).replace(address, ""), headers, len(answer.data)

    assert seen(url) == seen("/reference/" + "a" * 43)


@pytest.mark.parametrize("path", ["talk", "facts"])
def test_what_a_referee_writes_is_text_everywhere(
    client: InspectingClient, world: World, tmp_path: Path, path: str
) -> None:
    nasty = '<script>alert(1)</script> {{ 7*7 }} #eval("1") $x$ \\u{41} `raw` @label =HYPERLINK("http://x")'
    url, referee = link(client, world), f"/referees/{world.referee.id}"
    client.send(url, {first_name(world): nasty, "send": "1", "confirmed": "1"})
    client.sign_in("recruiter")
    facts = {"held_on": ACCEPT["given_on"], "note": f"Notat: {nasty}", "finish": "1", "confirmed": "1"}
    assert client.send(f"{referee}/note", facts).status_code == 303
    page = client.get(f"{referee}/{path}").text
    assert "<script>alert" not in page
    if path == "talk":
        assert "&lt;script&gt;alert(1)&lt;/script&gt; {{ 7*7 }}" in page
        read = text_of(client.get(f"{referee}/note.pdf").data, tmp_path)
        for piece in ("<script>alert(1)</script>", "{{ 7*7 }}", '#eval("1")', "$x$", "`raw`", "@label"):
            assert piece in read


@pytest.mark.parametrize(
    "number", ["010190-1234", "010190\u20111234", "cpr-nr. 0101901234", "01 01 90\u00a0-\u00a01234"]
)
def test_no_cpr_number_gets_in_through_a_link(client: InspectingClient, world: World, number: str) -> None:
    url = link(client, world)
    assert client.send(url, {first_name(world): f"Hans nummer er {number}."}).status_code == 422
    assert db.session.scalars(db.select(ReferenceAnswer.text)).all() == []


def routes(app: Flask, wanted: dict[str, int]) -> list[tuple[str, str]]:
    """The pages of references and hearings about a thing with one of these ids, as (method, address)."""
    ours = [rule for rule in app.url_map.iter_rules() if rule.endpoint.split(".")[0] in ("references", "hearings")]
    with app.test_request_context():
        return [
            (method, app.url_for(rule.endpoint, **{name: wanted[name] for name in rule.arguments}))
            for rule in ours
            for method in sorted({"GET", "POST"} & (rule.methods or set()))
            if rule.arguments and rule.arguments <= set(wanted)
        ]


@pytest.mark.parametrize("backend", ["sqlite"])
@pytest.mark.parametrize("kind", ["member", "member2", "hr", "chef", "other_recruiter", "souschef"])
def test_to_others_in_the_case_referees_talks_and_hearings_do_not_exist(
    app: Flask, client: InspectingClient, world: World, kind: str
) -> None:
    """Not even by a 403: that there is a hearing tells of something unfavourable."""
    hearing = open_hearing(world.referee, world.people["recruiter"])
    with unit_of_work():
        world.recruitment.authority = world.people["chef"]
        key, candidate = world.recruitment.profile[0].competency_id, world.recruitment.candidates[0]
        probe = GuideProbe(candidate_id=candidate.id, competency_id=key, text="Hvordan?", why="thin")
        db.session.add(probe)
        recruitments.declare_impartiality(candidate, world.recruitment.panel[0], True)
        recruitments.declare_impartiality(candidate, world.recruitment.panel[1], False)
    real = {"referee_id": world.referee.id, "hearing_id": hearing.id, "probe_id": probe.id}
    token = client.sign_in(kind).token()

    def ask(method: str, url: str) -> tuple[int, str]:
        answer = client.open(url, method=method, data={"csrf_token": token} if method == "POST" else None)
        return answer.status_code, re.sub(VARYING, "", answer.text).replace(url, "")

    found = list(zip(routes(app, real), routes(app, dict.fromkeys(real, 99_999)), strict=True))
    assert len(found) > 25
    for (method, url), (_method, nowhere) in found:
        assert ask(method, url) == ask(method, nowhere), url
        assert ask(method, url)[0] == 404


def test_ids_of_another_case_in_a_form_are_refused(client: InspectingClient, world: World) -> None:
    with unit_of_work():
        other = make_recruitment("En anden stilling", world.office, world.people["other_recruiter"])
        services.build_guide(other)
        mine, foreign = other.id, world.recruitment.candidates[0].id
        question = queries.guide(world.recruitment)[0].id
    client.sign_in("other_recruiter")
    form = {"candidate": str(foreign), "name": "Ny Referent", "relation": "Chef"}
    assert client.send(f"/recruitments/{mine}/referees", form).status_code == 422
    for action in ("", "/move", "/remove"):
        url = f"/recruitments/{mine}/references/questions/{question}{action}"
        assert client.send(url, {"text": "Min tekst", "minutes": "3", "confirmed": "1"}).status_code == 404
    assert queries.referees_of(world.recruitment.candidates[0]) == 1


def test_what_is_sent_twice_stands_in_the_record_once(client: InspectingClient, world: World) -> None:
    open_hearing(world.referee, world.people["recruiter"])
    client.sign_in("recruiter")
    referee, accepts = f"/referees/{world.referee.id}", len(world.referee.accepts)
    form = {"text": "Ringede tilbage om datoen.", "instance": "a" * 32}
    assert {client.send(f"{referee}/addenda", form).location for _ in range(2)} == {f"{referee}/talk"}
    for _ in range(2):
        client.send(f"{referee}/accept", {**ACCEPT, "how": "Ved samtalen"})
    db.session.rollback()
    assert len(db.session.scalars(db.select(ReferenceAddendum.id)).all()) == 1
    assert len(db.session.scalars(db.select(ApplicantAccept.id)).all()) == accepts + 1


def readings() -> int:
    db.session.rollback()
    return len(db.session.scalars(db.select(AuditEvent.id).where(AuditEvent.action == "references.read_talk")).all())


@pytest.mark.parametrize(("path", "form"), [("/talk", {}), ("/addenda", {"text": ""})])
def test_a_form_sent_wrongly_on_purpose_is_no_way_to_read_unseen(
    client: InspectingClient, world: World, path: str, form: dict[str, str]
) -> None:
    url = begin(client, world)
    client.send(f"{url}/talk", {first_name(world): SAID, "version": "0"})
    if path == "/addenda":
        facts = {"held_on": ACCEPT["given_on"], "note": SAID, "finish": "1", "confirmed": "1"}
        client.send(f"{url}/note", facts)
    before, wrong = readings(), form or {first_name(world): "x" * 4001}
    assert client.send(f"{url}{path}", wrong).status_code == 422
    assert readings() == before + 1


@pytest.mark.parametrize(("roles", "active", "status"), [([], True, 404), ([Role.RECRUITER], False, 303)])
def test_a_running_session_ends_with_the_role_and_with_the_person(
    client: InspectingClient, world: World, roles: list[Role], active: bool, status: int
) -> None:
    url = begin(client, world)
    token, person = client.token(), world.people["recruiter"]
    with unit_of_work():
        change_person(person, name=person.name, job_title="", roles=roles, active=active)
    assert client.get(f"{url}/talk").status_code == status
    sent = client.post(f"{url}/talk", data={"csrf_token": token, first_name(world): SAID})
    assert sent.status_code in (401, 404)
    assert db.session.scalars(db.select(ReferenceAnswer.text)).all() == []
