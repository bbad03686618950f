"""Drafts: nothing typed is lost or overwritten in silence, and what is frozen is what was submitted."""

from datetime import UTC, datetime

import pytest
from sqlalchemy.exc import IntegrityError

from portal.db import db, unit_of_work
from portal.interviews import queries, services
from portal.interviews.models import Assessment, Rating
from tests.factories import World
from tests.inspecting import InspectingClient
from tests.interviews.test_journey import EVIDENCE, answers, field

HTMX = {"HX-Request": "true"}


def begin(client: InspectingClient, world: World, name: str = "member") -> str:
    """Sign in, declare, and give the address of the assessment."""
    candidate_id = world.recruitment.candidates[0].id
    client.sign_in(name)
    client.send(f"/interviews/{candidate_id}/declaration", {"impartial": "yes"})
    return f"/interviews/{candidate_id}/assessment"


def shown(client: InspectingClient, url: str) -> dict[str, str]:
    """What an opened page sends besides the answers."""
    html = client.get(url).text
    return {name: field(html, name) for name in ("version", "page")}


def test_only_what_was_sent_counts(client: InspectingClient, world: World) -> None:
    url = begin(client, world)
    first, second = (question.id for question in queries.scorecard(world.recruitment)[:2])
    opened = shown(client, url)
    client.send(url, answers(world, 4, **opened))
    client.send(url, {f"evidence_{first}": "Rettet begrundelse.", **opened})
    page = client.get(url).text
    assert "Rettet begrundelse." in page
    ratings = {r.question_id: r for r in db.session.scalars(db.select(Rating))}
    assert ratings[first].score == 4, "a rating that was not sent stays"
    assert ratings[second].evidence == f"{EVIDENCE} Niveau 4."


def test_a_second_window_is_told_and_sees_both_texts(client: InspectingClient, world: World) -> None:
    url = begin(client, world)
    question_id = queries.scorecard(world.recruitment)[0].id
    name = f"evidence_{question_id}"
    one, two = shown(client, url), shown(client, url)
    assert client.send(url, {name: "Fra det ene vindue.", **one}).status_code == 303
    assert client.send(url, {name: "Fra det ene vindue, igen.", **one}).status_code == 303, "the same page goes on"
    notice = client.send(url, {name: "Fra det andet vindue.", **two}, headers=HTMX)
    assert notice.status_code == 409
    assert notice.headers["HX-Retarget"] == "#notices"
    both = client.send(url, {name: "Fra det andet vindue.", **two})
    assert both.status_code == 409
    assert "Fra det andet vindue.</textarea>" in both.text
    assert "Fra det ene vindue, igen.</pre>" in both.text
    chosen = {key: field(both.text, key) for key in ("version", "page")}
    assert client.send(url, {name: "Begge dele.", **chosen}).status_code == 303
    assert client.send(url, {name: "For sent.", **one}).status_code == 409
    assert "Begge dele.</textarea>" in client.get(url).text


def test_an_autosave_that_comes_late_changes_nothing_that_was_submitted(client: InspectingClient, world: World) -> None:
    url = begin(client, world)
    opened = shown(client, url)
    client.send(url, answers(world, 2, **opened), headers=HTMX)
    assert client.send(url, answers(world, 5, submit="1", confirmed="1", **opened)).status_code == 303
    assert client.send(url, answers(world, 1, **opened), headers=HTMX).status_code == 409
    assert set(db.session.scalars(db.select(Rating.score))) == {5}


def test_saving_and_submitting_are_one_unit_of_work(
    client: InspectingClient, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = begin(client, world)

    def fail(saved: services.Saved) -> None:
        raise RuntimeError("power cut")

    monkeypatch.setattr(services, "submit_assessment", fail)
    client.application.config["PROPAGATE_EXCEPTIONS"] = False
    with pytest.raises(AssertionError, match="500"):
        client.send(url, answers(world, 4, submit="1", confirmed="1"))
    db.session.rollback()
    assert db.session.scalars(db.select(Rating)).all() == []


def test_the_database_refuses_to_submit_an_empty_rating(client: InspectingClient, world: World) -> None:
    url = begin(client, world)
    client.send(url, answers(world, 4))
    submit = db.update(Assessment).values(submitted_at=Assessment.started_at)
    with unit_of_work():
        db.session.execute(db.update(Rating).values(score=None))
    with pytest.raises(IntegrityError):
        db.session.execute(submit)
    db.session.rollback()
    with unit_of_work():
        db.session.execute(db.update(Rating).values(not_covered=True))
        db.session.execute(submit)


@pytest.mark.parametrize("text", ["x" * 3990 + "\r\n" * 10])
def test_a_line_break_counts_as_one_as_it_does_in_browsers(client: InspectingClient, world: World, text: str) -> None:
    url = begin(client, world)
    name = f"evidence_{queries.scorecard(world.recruitment)[0].id}"
    long = text + "x" * 0
    assert client.send(url, {name: "En linje.\r\nEn til.", **shown(client, url)}).status_code == 303
    assert db.session.scalars(db.select(Rating.evidence)).one() == "En linje.\nEn til."
    assert client.send(url, {name: long + "y" * 0, **shown(client, url)}).status_code == 303


def test_a_wrong_autosave_gets_a_notice_and_not_a_page(client: InspectingClient, world: World) -> None:
    url = begin(client, world)
    name = f"evidence_{queries.scorecard(world.recruitment)[0].id}"
    wrong = client.send(url, {name: "x" * 4001, **shown(client, url)}, headers=HTMX)
    assert wrong.status_code == 422
    assert wrong.headers["HX-Retarget"] == "#notices"
    assert "<html" not in wrong.text
    assert "Forkort" in wrong.text


def test_what_a_slow_network_brings_late_does_not_replace_what_came_before_it(
    client: InspectingClient, world: World
) -> None:
    url = begin(client, world)
    name = f"evidence_{queries.scorecard(world.recruitment)[0].id}"
    opened = shown(client, url)
    for step, text in (("2", "Den nye tekst."), ("1", "Den gamle tekst.")):
        assert client.send(url, {name: text, "step": step, **opened}, headers=HTMX).status_code == 200
    assert db.session.scalars(db.select(Rating.evidence)).one() == "Den nye tekst."
    again = client.send(url, {name: "Den nye tekst, sendt igen.", "step": "2", **opened}, headers=HTMX)
    assert again.status_code == 200
    assert db.session.scalars(db.select(Rating.evidence)).one() == "Den nye tekst, sendt igen."
    late = client.send(url, answers(world, 3, submit="1", confirmed="1", step="1", **opened))
    assert late.status_code == 303
    assert db.session.scalars(db.select(Assessment.submitted_at)).one() is None


def test_an_autosave_is_answered_in_less_than_a_kilobyte_with_what_is_missing(
    client: InspectingClient, world: World
) -> None:
    url = begin(client, world)
    questions = queries.scorecard(world.recruitment)
    only_first = {f"score_{questions[0].id}": "4", f"evidence_{questions[0].id}": EVIDENCE}
    answer = client.send(url, {**only_first, **shown(client, url)}, headers=HTMX)
    assert len(answer.data) <= 1024
    assert f"Mangler {len(questions) - 1} af {len(questions)}" in answer.text
    assert f'href="#question-{questions[1].id}"' in answer.text
    assert "Kladde gemt" in answer.text
    done = client.send(url, answers(world, 4, **shown(client, url)), headers=HTMX)
    assert len(done.data) <= 1024
    assert "Der mangler ikke noget" in done.text
    page = client.get(url).text
    assert "Der mangler ikke noget" in page


def test_an_assessor_sees_round_time_and_place(client: InspectingClient, world: World) -> None:
    url = begin(client, world)
    interview = world.recruitment.candidates[0].interviews[0]
    with unit_of_work():
        interview.starts_at, interview.place = datetime(2026, 12, 1, 9, 30, tzinfo=UTC), "Mødelokale 4"
    page = client.get(url).text
    assert "1. december 2026" in page
    assert "10.30" in page
    assert "Mødelokale 4" in page


def test_an_autosave_takes_the_same_few_queries_whatever_is_written(client: InspectingClient, world: World) -> None:
    url = begin(client, world)
    opened = shown(client, url)
    counts = set()
    for score in (1, 2, 3):
        token = client.token()
        client.post(url, data={"csrf_token": token, **answers(world, score, **opened)}, headers=HTMX)
        counts.add(client.selects)
    assert len(counts) <= 2, "the first begins the assessment"
    assert max(counts) <= 18
