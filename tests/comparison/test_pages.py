"""The comparison through the pages: what is side by side, in which order, for whom, and as files."""

import io
import re
from typing import Any

import pytest
from openpyxl import load_workbook

from portal.comparison import queries as comparing
from portal.db import db, unit_of_work
from portal.interviews import queries as interviews
from portal.interviews.models import AgreedRating
from portal.recruitment import services as recruitments
from portal.recruitment.models import CandidateEvent, Interview, InterviewRound, Recruitment
from tests.comparison import filling
from tests.comparison.filling import fill, whole
from tests.factories import World
from tests.inspecting import InspectingClient

FIRST = "Kandidat Kirkegaard"
ANNA, AAGE = "Anna Ærlig", "Åge Østergaard"
SCORES = {FIRST: [[5], [4]], ANNA: [[2, 2, 5, 5, 5, 5], [2, 3, 5, 5, 5, 5]], AAGE: [[3], [None, 3]]}


def url_of(world: World) -> str:
    return f"/recruitments/{world.recruitment.id}/comparison"


def heads(html: str) -> list[str]:
    """Who is compared, from left to right."""
    table = html.partition("stacked-matrix")[2].partition("</thead>")[0]
    columns = re.findall(r'<th scope="col"(?: class="apart")?>(.*?)</th>', table, re.DOTALL)
    return [re.sub(r"<.*?>", " ", column).split("  ")[0].strip() for column in columns[1:]]


def agree_on_all(interview_id: int, by_id: int, score: int | None) -> None:
    with unit_of_work():
        interview = db.session.get(Interview, interview_id)
        assert interview is not None
        for question in interviews.scorecard(interview.round):
            given: dict[str, Any] = {"score": score, "not_covered": score is None, "reason": "Enige.", "by_id": by_id}
            db.session.add(AgreedRating(interview_id=interview_id, question_id=question.id, at=filling.now(), **given))


def test_candidates_stand_side_by_side_by_danish_rules_with_parts_spread_and_sums(
    client: InspectingClient, world: World
) -> None:
    fill(world.recruitment.id, SCORES)
    page = client.sign_in("recruiter").get(url_of(world)).text
    assert heads(page) == [ANNA, FIRST, AAGE]
    assert page.count('class="part-row') == 3
    assert "4,00–5,00 · SD 0,71" in page
    assert "2,00–2,50 · SD 0,35" in page
    assert "ikke belyst i 1 vurdering" in page
    assert page.count("Opfylder ikke skal-krav") == 1
    assert page.count("Opfylder ikke alle skal-krav") == 1


def test_one_with_a_failed_must_have_stands_apart_when_the_order_is_by_a_number(
    client: InspectingClient, world: World
) -> None:
    fill(world.recruitment.id, SCORES)
    client.sign_in("recruiter")
    page = client.get(f"{url_of(world)}?order=total").text
    assert heads(page) == [FIRST, AAGE, ANNA]
    assert "indgår ikke i rækkefølgen" in page
    assert not re.search(r"\b(rang|nr\.|nummer) 1\b", page, re.IGNORECASE)
    key = comparing.read(whole(world.recruitment.id), 0).lines[1].criterion.key
    assert heads(client.get(f"{url_of(world)}?order=c{key}").text) == [FIRST, AAGE, ANNA]


@pytest.mark.parametrize("query", ["order=c999", "order=<b>", "round=7", "profile=x", "order=", "round=x&blind=q"])
def test_what_the_address_asks_for_wrongly_is_left_out(client: InspectingClient, world: World, query: str) -> None:
    fill(world.recruitment.id, SCORES)
    response = client.sign_in("recruiter").get(f"{url_of(world)}?{query}")
    assert response.status_code == 200
    assert len(heads(response.text)) == 3


def test_what_was_agreed_stands_beside_the_means_and_has_a_sum_of_its_own(
    client: InspectingClient, world: World
) -> None:
    found = fill(world.recruitment.id, SCORES)
    page = client.sign_in("recruiter").get(url_of(world)).text
    assert "Fælles niveau" not in page.partition("Profil for")[0].partition("<tbody>")[2].partition("</tbody>")[0]
    agree_on_all(found[FIRST], world.people["recruiter"].id, 2)
    page = client.get(f"{url_of(world)}?order=agreed").text
    assert page.count("Fælles niveau 2,00") == 6, "three competencies and their parts"
    assert "Fælles niveau under skal-kravet" in page
    assert "Vægtet gennemsnit af de fælles niveauer" in page
    agree_on_all(found[AAGE], world.people["recruiter"].id, None)
    assert "Fælles niveau ikke belyst" in client.get(url_of(world)).text


def test_one_who_is_out_is_marked_and_has_no_place_in_an_order_by_number(
    client: InspectingClient, world: World
) -> None:
    fill(world.recruitment.id, SCORES)
    with unit_of_work():
        candidate = world.recruitment.candidates[0]
        out = {"kind": "withdrawn", "reason": "Fik andet job.", "by_id": world.people["recruiter"].id}
        db.session.add(CandidateEvent(candidate_id=candidate.id, at=filling.now(), **out))
    page = client.sign_in("recruiter").get(f"{url_of(world)}?order=total").text
    assert heads(page) == [AAGE, ANNA, FIRST]
    assert "Trukket tilbage" in page


def test_only_open_interviews_of_candidates_to_whom_one_is_impartial_are_compared_and_exported(
    client: InspectingClient, world: World
) -> None:
    fill(world.recruitment.id, {FIRST: [[5]], ANNA: [[2], [3]]})
    with unit_of_work():
        recruitment = whole(world.recruitment.id)
        late = recruitments.add_candidate(recruitment, AAGE)
        recruitments.declare_impartiality(late, recruitment.panel[1], False)
        filling.assess(late.interviews[0], recruitment.panel[0], [4])
    for who, seen in (("recruiter", {ANNA, AAGE}), ("member", {ANNA, AAGE}), ("member2", {ANNA})):
        client.sign_in(who)
        assert set(heads(client.get(url_of(world)).text)) == seen
        person = world.people[who].id
        open_ids = {i.id for i in interviews.open_interviews_for(whole(world.recruitment.id), person)}
        reading = comparing.read(whole(world.recruitment.id), person)
        assert {m.id for m in reading.shown()} == open_ids, "the one rule of who sees what, read in another way"
        text = client.get(f"{url_of(world)}.csv").data.decode("utf-8-sig")
        assert {name for name in (FIRST, ANNA, AAGE) if name in text} == seen


def test_an_interview_that_was_closed_is_open_and_one_that_was_reopened_is_not(
    client: InspectingClient, world: World
) -> None:
    found = fill(world.recruitment.id, {FIRST: [[5]]})
    client.sign_in("recruiter")
    assert FIRST not in client.get(url_of(world)).text
    filling.close(found[FIRST], world.people["member"].id)
    page = client.get(url_of(world)).text
    assert heads(page) == [FIRST]
    assert "SD kan ikke beregnes" in page
    filling.close(found[FIRST], world.people["member"].id, closes=False)
    assert FIRST not in client.get(url_of(world)).text


def test_an_amendment_counts_and_a_dropped_question_does_not(client: InspectingClient, world: World) -> None:
    found = fill(world.recruitment.id, {FIRST: [[2, 4], [2, 4]]})
    client.sign_in("recruiter")
    assert "Opfylder ikke skal-krav" not in client.get(url_of(world)).text, "2 and 4 make 3"
    question = interviews.scorecard(world.recruitment)[1]
    filling.drop(question.id, world.people["member"].id, "Ingen forstod det.")
    assert "Opfylder ikke skal-krav" in client.get(url_of(world)).text
    for name in ("Member", "Member2"):
        filling.amend(filling.rating_of(found[FIRST], name), 5, "Så noterne igennem.")
    assert "Opfylder ikke skal-krav" not in client.get(url_of(world)).text


def test_a_competency_whose_questions_are_all_dropped_weighs_nothing_and_is_named(
    client: InspectingClient, world: World
) -> None:
    fill(world.recruitment.id, {FIRST: [[2, 2, 4], [2, 2, 4]]})
    key = comparing.read(whole(world.recruitment.id), 0).lines[0].criterion.key
    for question in interviews.scorecard(world.recruitment):
        if question.competency_id == key:
            filling.drop(question.id, world.people["member"].id, "Ikke egnet.")
    page = client.sign_in("recruiter").get(url_of(world)).text
    assert "Der spørges ikke om alle kompetencer her" in page
    assert "4,00" in page.partition("Vægtet gennemsnit")[2]


def second_round(recruitment_id: int) -> None:
    """A round with the first two questions again, to which the first candidate is invited and assessed."""
    with unit_of_work():
        recruitment: Recruitment = whole(recruitment_id)
        first = interviews.scorecard(recruitment.rounds[0])[:2]
        made = InterviewRound(recruitment_id=recruitment.id, number=2)
        db.session.add(made)
        db.session.flush()
        for question in first:
            row = {c.key: getattr(question, c.key) for c in type(question).__table__.columns if c.key != "id"}
            db.session.add(type(question)(**row | {"round_id": made.id}))
        interview = Interview(candidate_id=recruitment.candidates[0].id, round_id=made.id)
        db.session.add(interview)
        db.session.flush()
    with unit_of_work():
        recruitment = whole(recruitment_id)
        again = recruitment.candidates[0].interviews[1]
        for member in recruitment.panel:
            filling.assess(again, member, [1])


def test_a_round_is_compared_alone_or_with_the_others(client: InspectingClient, world: World) -> None:
    fill(world.recruitment.id, SCORES)
    second_round(world.recruitment.id)
    client.sign_in("recruiter")
    everything = client.get(url_of(world)).text
    assert heads(everything) == [ANNA, FIRST, AAGE]
    assert "2,75" in everything, "the mean of 5, 4 and 1 over both rounds"
    assert "Vælg én runde" in everything
    alone = client.get(f"{url_of(world)}?round=2").text
    assert heads(alone) == [FIRST]
    assert "1,00" in alone
    assert "Der spørges ikke om alle kompetencer her" in alone
    assert "2,75" not in client.get(f"{url_of(world)}?round=1").text


NAMES = (FIRST, ANNA, AAGE)


def telling(text: str, world: World) -> list[str]:
    """What in a text tells who someone is: a name, a part of one, or an id that other pages give a name to."""
    words = {word for name in NAMES for word in name.split() if word != "Kandidat"}
    ids = {c.id for c in whole(world.recruitment.id).candidates}
    links = {f"/interviews/{i.id}/" for c in whole(world.recruitment.id).candidates for i in c.interviews}
    links |= {f"profile={n}" for n in ids} | {f"/candidates/{n}" for n in ids}
    return [found for found in words | links if found in text]


@pytest.mark.parametrize("query", ["", "&order=total", "&profile=B", "&profile=2", "&order=agreed&round=1"])
def test_blind_nothing_on_the_page_or_in_the_files_tells_who_is_who(
    client: InspectingClient, world: World, query: str
) -> None:
    found = fill(world.recruitment.id, SCORES)
    agree_on_all(found[FIRST], world.people["recruiter"].id, 4)
    client.sign_in("recruiter")
    page = client.get(f"{url_of(world)}?blind=y{query}").text
    assert telling(page, world) == []
    assert sorted(heads(page)) == ["Kandidat A", "Kandidat B", "Kandidat C"]
    piece = client.get(f"{url_of(world)}?blind=y{query}", headers={"HX-Request": "true"})
    assert telling(piece.text, world) == []
    csv = client.get(f"{url_of(world)}.csv?blind=y{query}")
    assert telling(csv.data.decode("utf-8-sig") + str(csv.headers), world) == []
    book = client.get(f"{url_of(world)}.xlsx?blind=y{query}")
    cells = [str(cell) for row in load_workbook(io.BytesIO(book.data)).active.values for cell in row]
    assert telling(" ".join(cells), world) == []
    assert {"A", "B", "C"} <= set(cells)


def test_the_files_hold_what_the_page_shows_with_numbers_as_numbers(client: InspectingClient, world: World) -> None:
    fill(world.recruitment.id, SCORES)
    client.sign_in("recruiter")
    rows = client.get(f"{url_of(world)}.csv?order=total").data.decode("utf-8-sig").splitlines()
    assert rows[0].startswith("Kandidat;Del;Kompetence;Vægt;Skal-krav;Gennemsnit")
    assert [row.partition(";")[0] for row in rows[1:]] == [FIRST] * 4 + [AAGE] * 4 + [ANNA] * 4
    assert rows[1].split(";")[3:12] == ["1", "3", "4,50", "4,00", "5,00", "0,71", "4", "0", ""]
    assert rows[12].endswith("Opfylder ikke alle skal-krav")
    sheet = load_workbook(io.BytesIO(client.get(f"{url_of(world)}.xlsx").data)).active
    table = list(sheet.values)
    assert table[5][5:9] == (4.5, 4, 5, 0.7071)
    client.sign_in("hr")
    assert "hentede sammenligningen af kandidater" in client.get("/event-log?action=interviews.").text


def test_the_profile_is_drawn_with_a_title_and_the_same_numbers_in_a_table(
    client: InspectingClient, world: World
) -> None:
    fill(world.recruitment.id, SCORES)
    candidate = world.recruitment.candidates[0].id
    page = client.sign_in("recruiter").get(f"{url_of(world)}?profile={candidate}").text
    assert f'<title id="chart-title">Profil for {FIRST}</title>' in page
    assert "<desc id=" in page
    chart = page.partition("<svg viewBox")[2].partition("</svg>")[0]
    assert chart.count("4,50") == 3
    assert chart.count('class="chart-minimum"') == 1
    table = page.partition('id="profile"')[2].partition("<tbody>")[2]
    assert table.count(">4,50<") == 3
    assert re.search(r'<th scope="col">Member</th><th scope="col">Member2</th>', page)
    assert table.count("5 · 5") == 3


def test_agreement_is_shown_when_the_whole_round_is_open_and_never_as_a_number_that_is_none(
    client: InspectingClient, world: World
) -> None:
    fill(world.recruitment.id, {FIRST: [[5], [4]], ANNA: [[2]]})
    client.sign_in("recruiter")
    page = client.get(url_of(world)).text
    assert "Tallene vises, når alle rundens samtaler er åbne for dig" in page
    assert "ICC(2,1)" not in page
    with unit_of_work():
        recruitment = whole(world.recruitment.id)
        filling.assess(recruitment.candidates[1].interviews[0], recruitment.panel[1], [3])
    page = client.get(url_of(world)).text
    assert "ICC(2,1)" in page
    assert "0,75" in page, "means 5, 4 and 2, 3: squares 4 between candidates, 0 between assessors, 1 left; 3 of 4"
    assert "kan ikke beregnes" not in page.partition('id="agreement"')[2].partition("<details")[0]
    assert "NaN" not in page


def test_one_candidate_gives_no_agreement(client: InspectingClient, world: World) -> None:
    fill(world.recruitment.id, {FIRST: [[5], [4]]})
    page = client.sign_in("recruiter").get(url_of(world)).text
    assert page.partition('id="agreement"')[2].partition("<details")[0].count("kan ikke beregnes") == 4
