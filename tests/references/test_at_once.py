"""Two people with one referee at the same moment: nothing is silently overwritten, whoever writes."""

from collections.abc import Callable

import pytest
from flask import Flask

from portal.db import db, unit_of_work
from portal.digests import digest
from portal.i18n import today
from portal.people.models import Person
from portal.references import checks, queries, services
from portal.references.checks import Note, Seen
from portal.references.models import Referee, ReferenceCheck
from tests.factories import World
from tests.inspecting import InspectingClient
from tests.interviews.test_journey import field
from tests.references.test_online import link
from tests.references.test_talks import begin, first_name, shown
from tests.test_together import together


class Talk:
    """A talk that has begun; each act reads it anew, as a request does."""

    def __init__(self, world: World) -> None:
        self.referee_id, self.name = world.referee.id, first_name(world)
        self.caller = world.people["recruiter"].id
        with unit_of_work():
            services.record_accept(world.referee, world.people["recruiter"], given_on=today(), how="Pr. mail")
            checks.start_check(world.referee, world.people["recruiter"])
        self.outcome: list[bool] = []

    def read(self) -> Referee:
        found = queries.find_referee(self.referee_id)
        assert found is not None
        return found

    def check(self) -> ReferenceCheck:
        found = self.read().check
        assert found is not None
        return found

    def person(self) -> Person:
        found = db.session.get(Person, self.caller)
        assert found is not None
        return found

    def answer(self, text: str, page: str, version: int = 0) -> Callable[[object], None]:
        return lambda _read: self.outcome.append(
            checks.save_answers(self.check(), {self.name: text}, Seen(version, page))
        )

    def note(self, text: str, seen: str, *, finish: bool = False) -> Callable[[object], None]:
        return lambda _read: self.outcome.append(
            checks.save_note(self.check(), Note(today(), 20, text), self.person() if finish else None, seen)
        )

    def kept(self) -> dict[str, str]:
        db.session.expire_all()
        return checks.answers_of(self.check())


@pytest.fixture
def talk(world: World) -> Talk:
    return Talk(world)


def test_of_two_who_write_answers_at_once_one_is_saved_and_one_is_told(app: Flask, talk: Talk) -> None:
    works = [(talk.read, talk.answer(text, text)) for text in ("Den ene.", "Den anden.")]
    assert together(app, *works) == ["done", "done"]
    assert sorted(talk.outcome) == [False, True]
    assert talk.kept()[talk.name] in ("Den ene.", "Den anden.")


def test_of_two_who_write_the_note_at_once_one_is_saved_and_one_is_told(app: Flask, talk: Talk) -> None:
    seen = checks.note_in(talk.check()).mark
    works = [(talk.read, talk.note(text, seen)) for text in ("Den enes notat.", "Den andens notat.")]
    assert together(app, *works) == ["done", "done"]
    assert sorted(talk.outcome) == [False, True]


def test_nothing_is_written_into_a_note_while_it_is_finished(app: Flask, talk: Talk) -> None:
    with unit_of_work():
        talk.answer("Sagt.", "p")(None)
        talk.note("Et notat.", "")(None)
    seen = checks.note_in(talk.check()).mark
    finish, write = talk.note("Et notat.", seen, finish=True), talk.answer("Sagt siden.", "q", version=1)
    outcome = together(app, (talk.read, finish), (talk.read, write))
    assert outcome in (["Refused", "done"], ["done", "done"])
    kept = talk.kept()
    check = talk.check()
    assert check.digest == digest(checks.content_of(check, checks.asked_then(check.referee, check)))
    assert kept[talk.name] == ("Sagt." if outcome == ["Refused", "done"] else "Sagt siden.")


def test_two_who_begin_the_same_talk_begin_one(app: Flask, world: World) -> None:
    referee_id, caller = world.referee.id, world.people["recruiter"].id
    with unit_of_work():
        services.record_accept(world.referee, world.people["recruiter"], given_on=today(), how="Pr. mail")

    def start(found: object) -> None:
        person = db.session.get(Person, caller)
        assert isinstance(found, Referee)
        assert person is not None
        checks.start_check(found, person)

    read = (lambda: queries.find_referee(referee_id), start)
    assert together(app, read, read, read) == ["done", "done", "done"]
    assert len(db.session.scalars(db.select(ReferenceCheck)).all()) == 1


def test_the_second_who_saves_the_note_sees_both(client: InspectingClient, world: World) -> None:
    url = begin(client, world)
    seen = field(client.get(f"{url}/note").text, "seen")
    facts = {"held_on": today().isoformat(), "minutes": "20", "seen": seen}
    assert client.send(f"{url}/note", {**facts, "note": "Den enes notat."}).status_code == 303
    both = client.send(f"{url}/note", {**facts, "note": "Den andens notat."})
    assert both.status_code == 409
    assert "Den enes notat." in both.text
    assert "Den andens notat." in both.text
    again = {**facts, "note": "Begges notat.", "seen": field(both.text, "seen")}
    assert client.send(f"{url}/note", again).status_code == 303
    assert "Begges notat." in client.get(f"{url}/note").text


def test_a_note_that_is_finished_meanwhile_gives_back_what_was_typed(client: InspectingClient, world: World) -> None:
    url = begin(client, world)
    client.send(f"{url}/talk", {first_name(world): "Sagt.", **shown(client, url)})
    facts = {"held_on": today().isoformat(), "note": "Færdigt notat.", "finish": "1", "confirmed": "1"}
    client.send(f"{url}/note", facts)
    refused = client.send(f"{url}/note", {"held_on": today().isoformat(), "note": "Skrevet for sent.", "save": "1"})
    assert refused.status_code == 409
    assert "Skrevet for sent." in refused.text


def test_while_the_referee_has_the_link_the_answers_are_theirs_alone(client: InspectingClient, world: World) -> None:
    form, url = link(client, world), f"/referees/{world.referee.id}"
    client.send(form, {first_name(world): "Referentens egne ord."})
    client.sign_in("recruiter")
    waiting = client.get(f"{url}/talk")
    assert "Skriftlige svar fra Referent Rask" in waiting.text
    assert "Referentens egne ord." not in waiting.text, "not before they are sent"
    note = {"held_on": today().isoformat(), "note": "Et notat.", "finish": "1", "confirmed": "1"}
    assert client.send(f"{url}/talk", {first_name(world): "Oven i."}).status_code == 409
    assert client.send(f"{url}/note", note).status_code == 409
    client.send(f"{url}/link/withdraw")
    assert "Referentens egne ord." in client.get(f"{url}/talk").text


def test_what_the_caller_has_noted_is_never_shown_to_the_referee(client: InspectingClient, world: World) -> None:
    url = begin(client, world)
    client.send(f"{url}/talk", {first_name(world): "Virkede presset.", **shown(client, url)})
    refused = client.send(f"{url}/link", {"language": "da"})
    assert refused.status_code == 409
    assert "noteret svar" in refused.text
    client.send(f"{url}/talk", {first_name(world): "", **shown(client, url)})
    assert client.send(f"{url}/link", {"language": "da"}).status_code == 200


def test_a_referee_who_goes_on_with_a_new_link_finds_their_words_again(client: InspectingClient, world: World) -> None:
    first, url = link(client, world), f"/referees/{world.referee.id}"
    client.send(first, {first_name(world): "Halvt færdigt svar."})
    second = link(client, world)
    assert "Halvt færdigt svar." in client.get(second).text
    client.sign_in("recruiter")
    client.send(f"{url}/link/withdraw")
    client.send(f"{url}/talk", {first_name(world): "Rettet af den, der ringede.", **shown(client, url)})
    assert client.send(f"{url}/link", {"language": "da"}).status_code == 409


def test_a_referee_with_the_form_open_twice_sees_both_texts(client: InspectingClient, world: World) -> None:
    url = link(client, world)
    pages = [client.get(url).text for _window in range(2)]
    phone, computer = ({name: field(html, name) for name in ("version", "page")} for html in pages)
    client.send(url, {first_name(world): "Fra telefonen.", **phone})
    htmx = client.send(url, {first_name(world): "Fra computeren.", **computer}, headers={"HX-Request": "true"})
    assert htmx.status_code == 409
    both = client.send(url, {first_name(world): "Fra computeren.", "send": "1", "confirmed": "1", **computer})
    assert both.status_code == 409
    assert "Fra telefonen." in both.text
    assert "Fra computeren." in both.text
    again = {name: field(both.text, name) for name in ("version", "page")}
    sent = client.send(url, {first_name(world): "Begge dele.", "send": "1", "confirmed": "1", **again})
    assert sent.location == "/reference-thanks?language=da"


def test_the_same_texts_from_another_page_are_no_quarrel(client: InspectingClient, world: World) -> None:
    url = link(client, world)
    sent = {first_name(world): "Sendt, mens siden blev forladt."}
    left, opened = ({name: field(client.get(url).text, name) for name in ("version", "page")} for _page in range(2))
    client.send(url, {**sent, **left})
    assert client.send(url, {**sent, "send": "1", **opened}).status_code == 200
    assert (
        client.send(url, {**sent, "send": "1", "confirmed": "1", **opened}).location == "/reference-thanks?language=da"
    )


def test_a_link_that_ends_while_the_referee_writes_gives_back_what_was_typed(
    client: InspectingClient, world: World
) -> None:
    url = link(client, world)
    client.sign_in("recruiter")
    client.send(f"/referees/{world.referee.id}/link/withdraw")
    client.send("/sign-out")
    ended = client.send(url, {first_name(world): "En lang og omhyggelig besked."})
    assert ended.status_code == 404
    assert "En lang og omhyggelig besked." in ended.text
    assert "bed om et nyt link" in ended.text
