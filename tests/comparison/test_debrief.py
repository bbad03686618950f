"""The debrief through the pages: every rating with its versions, what the panel agrees on, and news as it comes."""

import re

import pytest
from sqlalchemy.exc import IntegrityError

from portal.comparison import debriefing
from portal.db import db, unit_of_work
from portal.i18n import today
from portal.interviews import queries as interviews
from portal.interviews.models import AgreedRating, ScorecardQuestion
from portal.recruitment import services as recruitments
from tests.comparison import filling
from tests.comparison.filling import fill
from tests.factories import World
from tests.inspecting import InspectingClient

FIRST = "Kandidat Kirkegaard"
REASON = "Eksemplet viste opfølgning, som to af os havde overhørt."
HTMX = {"HX-Request": "true"}


@pytest.fixture
def interview_id(world: World) -> int:
    """An interview that is open: spread 1 on the first question, 3 on the second, and 0 on the others."""
    return fill(world.recruitment.id, {FIRST: [[4, 5, 3], [3, 2, 3]]})[FIRST]


@pytest.fixture
def questions(world: World, interview_id: int) -> list[ScorecardQuestion]:
    return interviews.scorecard(world.recruitment)


def agree(
    client: InspectingClient, interview_id: int, question_id: int, level: str, seen: int = 0, **how: str
) -> tuple[int, str]:
    """Send the form of one question; gives the status and what came back."""
    data = {f"q{question_id}-level": level, f"q{question_id}-reason": how.pop("reason", REASON)}
    url = f"/interviews/{interview_id}/debrief/questions/{question_id}/agree"
    response = client.send(url, {**data, f"q{question_id}-seen": str(seen)}, headers=how)
    return response.status_code, response.text


def last_id(interview_id: int, question_id: int) -> int:
    db.session.rollback()
    found = debriefing.last_agreed(interview_id, question_id)
    return found.id if found else 0


def order(html: str) -> list[int]:
    return [int(n) for n in re.findall(r'id="question-(\d+)"', html)]


def test_the_largest_disagreement_comes_first_or_the_questions_as_they_were_asked(
    client: InspectingClient, interview_id: int, questions: list[ScorecardQuestion]
) -> None:
    ids = [question.id for question in questions]
    client.sign_in("member")
    url = f"/interviews/{interview_id}/debrief"
    assert order(client.get(url).text) == [ids[1], ids[0], *ids[2:]]
    assert order(client.get(f"{url}?order=asked").text) == ids


def test_a_changed_rating_shows_both_versions_and_that_it_came_after_the_opening(
    client: InspectingClient, interview_id: int
) -> None:
    filling.amend(filling.rating_of(interview_id, "Member", 1), 3, "Hørte optagelsen igen.")
    page = client.sign_in("recruiter").get(f"/interviews/{interview_id}/debrief").text
    assert "Før: Niveau 5 – " in page
    assert "Hørte optagelsen igen." in page
    assert "efter at vurderingerne var åbne" in page
    assert "Spredning 3" not in page, "what holds now is 3 and 2"


def test_an_assessment_that_came_after_the_closing_is_marked(client: InspectingClient, world: World) -> None:
    interview_id = fill(world.recruitment.id, {FIRST: [[4]]})[FIRST]
    filling.close(interview_id, world.people["member"].id)
    client.sign_in("recruiter")
    assert "Indsendt, efter at vurderingerne blev åbnet" not in client.get(f"/interviews/{interview_id}/debrief").text
    filling.close(interview_id, world.people["member"].id, closes=False)
    with unit_of_work():
        recruitment = filling.whole(world.recruitment.id)
        filling.assess(recruitment.candidates[0].interviews[0], recruitment.panel[1], [2])
    page = client.get(f"/interviews/{interview_id}/debrief").text
    assert page.count("Indsendt, efter at vurderingerne blev åbnet") == len(interviews.scorecard(world.recruitment))


def test_a_dropped_question_stands_last_with_its_reason_and_asks_for_no_agreement(
    client: InspectingClient, world: World, interview_id: int, questions: list[ScorecardQuestion]
) -> None:
    filling.drop(questions[1].id, world.people["member"].id, "To kandidater fik det forklaret.")
    client.sign_in("recruiter")
    page = client.get(f"/interviews/{interview_id}/debrief").text
    assert order(page)[-1] == questions[1].id
    assert "To kandidater fik det forklaret." in page
    assert f'id="agree-{questions[1].id}"' not in page
    assert "Der mangler et fælles niveau på 5 af 5 spørgsmål" in page
    assert agree(client, interview_id, questions[1].id, "3")[0] == 409
    assert last_id(interview_id, questions[1].id) == 0


def test_what_is_agreed_is_kept_apart_from_what_each_wrote_and_every_change_is_a_row(
    client: InspectingClient, interview_id: int, questions: list[ScorecardQuestion]
) -> None:
    question_id, url = questions[0].id, f"/interviews/{interview_id}/debrief"
    client.sign_in("recruiter")
    assert "Der mangler et fælles niveau på 6 af 6 spørgsmål" in client.get(url).text
    assert agree(client, interview_id, question_id, "4")[0] == 303
    assert agree(client, interview_id, question_id, "not_covered", last_id(interview_id, question_id))[0] == 303
    page = client.get(url).text
    assert "Der mangler et fælles niveau på 5 af 6 spørgsmål" in page
    box = page.partition(f'id="agreed-{question_id}"')[2].partition("</details>")[0]
    assert "Ikke belyst" in box.partition("Tidligere fælles niveauer")[0]
    assert "Niveau 4" in box.partition("Tidligere fælles niveauer")[2]
    rows = list(db.session.scalars(db.select(AgreedRating).order_by(AgreedRating.id)))
    assert [(row.score, row.not_covered, row.reason) for row in rows] == [(4, False, REASON), (None, True, REASON)]
    assert filling.rating_of(interview_id, "Member").score == 4
    assert filling.rating_of(interview_id, "Member2").score == 3
    client.sign_in("hr")
    assert "hvad et udvalg blev enigt om" in client.get("/event-log?action=interviews.").text


def test_what_was_agreed_can_be_neither_changed_nor_removed_in_the_database(
    client: InspectingClient, interview_id: int, questions: list[ScorecardQuestion]
) -> None:
    client.sign_in("recruiter")
    agree(client, interview_id, questions[0].id, "4")
    for statement in (db.update(AgreedRating).values(score=1), db.delete(AgreedRating)):
        with pytest.raises(IntegrityError):
            db.session.execute(statement)
        db.session.rollback()


def test_the_chair_and_the_recruiter_record_and_the_other_members_only_read(
    client: InspectingClient, world: World, interview_id: int, questions: list[ScorecardQuestion]
) -> None:
    filling.make_chair(world.recruitment.id, "Member2")
    question_id = questions[0].id
    for who, may in (("member", False), ("member2", True), ("recruiter", True)):
        client.sign_in(who)
        page = client.get(f"/interviews/{interview_id}/debrief").text
        assert ("Notér, hvad I er enige om" in page) is may or last_id(interview_id, question_id)
        expected = 303 if may else 403
        assert agree(client, interview_id, question_id, "3", last_id(interview_id, question_id))[0] == expected
    client.sign_in("other_recruiter")
    assert agree(client, interview_id, question_id, "3")[0] == 404


def test_nothing_can_be_agreed_on_before_the_scores_are_open(client: InspectingClient, world: World) -> None:
    interview_id = fill(world.recruitment.id, {FIRST: [[4]]})[FIRST]
    question_id = interviews.scorecard(world.recruitment)[0].id
    client.sign_in("recruiter")
    assert agree(client, interview_id, question_id, "3")[0] == 404
    assert client.get(f"/interviews/{interview_id}/debrief/news?seen=0-0-0-0").status_code == 404
    assert client.get(f"/interviews/{interview_id}/debrief/changes?seen=0-0-0-0").status_code == 404


def test_a_chair_who_is_not_impartial_takes_no_part(client: InspectingClient, world: World) -> None:
    filling.make_chair(world.recruitment.id, "Member2")
    with unit_of_work():
        recruitment = filling.whole(world.recruitment.id)
        recruitments.declare_impartiality(recruitment.candidates[0], recruitment.panel[1], False)
        interview = recruitment.candidates[0].interviews[0]
        filling.assess(interview, recruitment.panel[0], [4])
    question_id = interviews.scorecard(world.recruitment)[0].id
    client.sign_in("member2")
    assert client.get(f"/interviews/{interview.id}/debrief").status_code == 404
    assert agree(client, interview.id, question_id, "3")[0] == 404


@pytest.mark.parametrize(("level", "reason"), [("", REASON), ("6", REASON), ("3", "  "), ("3", "x" * 4001)])
def test_a_level_and_a_reason_are_needed_and_what_was_typed_is_given_back(
    client: InspectingClient, interview_id: int, questions: list[ScorecardQuestion], level: str, reason: str
) -> None:
    client.sign_in("recruiter")
    for headers in ({}, HTMX):
        status, text = agree(client, interview_id, questions[2].id, level, reason=reason, **headers)
        assert status == 422
        assert reason.strip() in text
        assert '<details class="more no-print" open>' in text
    assert last_id(interview_id, questions[2].id) == 0


def test_the_second_of_two_is_shown_both_versions_and_never_writes_over_the_first(
    client: InspectingClient, interview_id: int, questions: list[ScorecardQuestion]
) -> None:
    question_id = questions[0].id
    client.sign_in("recruiter")
    assert agree(client, interview_id, question_id, "4")[0] == 303
    for headers in ({}, HTMX):
        status, text = agree(client, interview_id, question_id, "2", reason="En helt anden grund.", **headers)
        assert status == 409
        assert "En anden har i mellemtiden noteret et andet fælles niveau" in text
        assert "En helt anden grund." in text
        assert REASON in text
    first = last_id(interview_id, question_id)
    assert f'value="{first}"' in text, "sending it again is a choice made with both in sight"
    assert agree(client, interview_id, question_id, "2", first, reason="En helt anden grund.")[0] == 303


def test_a_double_click_is_recorded_once(
    client: InspectingClient, interview_id: int, questions: list[ScorecardQuestion]
) -> None:
    client.sign_in("recruiter")
    for _ in range(2):
        assert agree(client, interview_id, questions[0].id, "4")[0] == 303
    assert db.session.scalar(db.select(db.func.count(AgreedRating.id))) == 1


def seen(html: str) -> str:
    found = re.search(r"debrief/news\?seen=([0-9-]+)", html)
    assert found
    return found[1]


def test_news_is_an_empty_answer_until_there_is_something_and_then_one_small_piece_for_each_question(
    client: InspectingClient, interview_id: int, questions: list[ScorecardQuestion]
) -> None:
    url, question_id = f"/interviews/{interview_id}/debrief", questions[0].id
    client.sign_in("member")
    marker = seen(client.get(url).text)
    quiet = client.get(f"{url}/news?seen={marker}", headers=HTMX)
    assert (quiet.status_code, quiet.data) == (204, b"")
    client.sign_in("recruiter")
    agree(client, interview_id, question_id, "4")
    client.sign_in("member")
    news = client.get(f"{url}/news?seen={marker}", headers=HTMX)
    assert news.status_code == 200
    assert len(news.data) < 1024
    assert REASON not in news.text, "that something is new tells nothing of the scores"
    changes = client.get(f"{url}/changes?seen={marker}", headers=HTMX).text
    assert re.findall(r'id="agreed-(\d+)"', changes) == [str(question_id)]
    assert REASON in changes
    assert "Der mangler et fælles niveau på 5 af 6 spørgsmål" in changes
    assert "<form" not in changes, "what someone is writing stays as it is"
    assert client.get(f"{url}/news?seen={seen(changes)}").status_code == 204
    client.sign_in("hr")
    log = client.get("/event-log?action=interviews.").text
    assert log.count("Member læste udvalgets vurderinger af en kandidat") == 2, "the page, and the changes"


def test_a_changed_rating_and_a_dropped_question_ask_to_show_the_page_anew(
    client: InspectingClient, world: World, interview_id: int, questions: list[ScorecardQuestion]
) -> None:
    url = f"/interviews/{interview_id}/debrief"
    client.sign_in("member2")
    marker = seen(client.get(url).text)
    filling.amend(filling.rating_of(interview_id, "Member"), 3, "Så noterne igennem.")
    changes = client.get(f"{url}/changes?seen={marker}", headers=HTMX).text
    assert "Vurderinger eller spørgsmål er ændret" in changes
    marker = seen(changes)
    filling.drop(questions[1].id, world.people["member"].id, "Ikke egnet.")
    assert client.get(f"{url}/news?seen={marker}").status_code == 200


def test_the_debrief_takes_the_same_number_of_queries_whatever_has_been_agreed(
    client: InspectingClient, interview_id: int, questions: list[ScorecardQuestion]
) -> None:
    url = f"/interviews/{interview_id}/debrief"
    client.sign_in("recruiter")

    def taken() -> int:
        for _ in range(2):
            client.get(url)
        return client.selects

    few = taken()
    for question in questions:
        agree(client, interview_id, question.id, "4")
        filling.amend(filling.rating_of(interview_id, "Member", question.position - 1), 2, "Igen.")
    assert taken() == few
    assert str(today().year) in client.get(url).text
