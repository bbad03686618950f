"""Which competencies are asked about where: rounds, references, gaps in words, and the same as files."""

import csv
import io
import re

from openpyxl import load_workbook

from portal.db import db, unit_of_work
from portal.interviews import queries, questions
from portal.recruitment.models import InterviewRound
from portal.references.models import GuideQuestion
from tests.factories import PROFILE, World
from tests.inspecting import InspectingClient
from tests.interviews.test_journey import assess
from tests.interviews.test_scorecards import REASON


def url_of(world: World) -> str:
    return f"/recruitments/{world.recruitment.id}/coverage"


def cells(html: str) -> list[list[str]]:
    rows = re.findall(r"<tr[^>]*><th scope=\"row\">.*?</tr>", html, re.DOTALL)
    found = [re.findall(r"<td[^>]*>(.*?)</td>", row, re.DOTALL) for row in rows]
    return [[" ".join(re.sub(r"<[^>]+>", " ", cell).split()) for cell in row] for row in found]


def test_each_competency_has_its_questions_and_minutes_by_place(client: InspectingClient, world: World) -> None:
    page = client.sign_in("member").get(url_of(world)).text
    assert "Der spørges til hver kompetence" in page
    assert re.findall(r'<th scope="col">(.*?)</th>', page) == ["Kompetence", "Samtale", "Referenceguide", "Mangler"]
    assert cells(page)[0] == ["2 spørgsmål 12 min.", "2 spørgsmål 6 min.", "intet"]
    assert cells(page)[-1][:2] == ["6 spørgsmål 36 min.", "6 spørgsmål 18 min."]


def test_gaps_are_told_in_words_and_rounds_are_columns(client: InspectingClient, world: World) -> None:
    first, *_rest = [q for q in queries.scorecard(world.recruitment) if q.competency.key == PROFILE[0]]
    with unit_of_work():
        for question in queries.scorecard(world.recruitment):
            if question.competency.key in PROFILE[:2]:
                questions.remove_question(question)
        for asked in db.session.scalars(db.select(GuideQuestion)):
            if asked.competency_id is not None and asked.competency_id != first.competency_id:
                db.session.delete(asked)
        db.session.add(InterviewRound(recruitment=world.recruitment, number=2))
    page = client.sign_in("recruiter").get(url_of(world)).text
    assert re.findall(r'<th scope="col">(.*?)</th>', page)[1:3] == ["Runde 1", "Runde 2"]
    assert [row[-1] for row in cells(page)[:3]] == [
        "ingen samtale spørger til den",
        "ingen spørger til den",
        "referencepersonerne bliver ikke spurgt til den",
    ]
    assert "3 kompetencer mangler noget" in page


def test_a_dropped_question_does_not_cover(client: InspectingClient, world: World) -> None:
    assess(client, world, "member", 4)
    with unit_of_work():
        questions.drop_question(queries.scorecard(world.recruitment)[0], world.people["recruiter"], REASON)
    page = client.sign_in("recruiter").get(url_of(world)).text
    assert cells(page)[0][0] == "1 spørgsmål 6 min. 1 udgået"


def test_the_files_hold_the_same_numbers(client: InspectingClient, world: World) -> None:
    client.sign_in("recruiter")
    rows = list(csv.reader(io.StringIO(client.get(f"{url_of(world)}.csv").data.decode("utf-8-sig")), delimiter=";"))
    assert rows[0] == [
        "Del", "Kompetence", "Samtale: spørgsmål", "Samtale: minutter", "Referenceguide: spørgsmål",
        "Referenceguide: minutter", "Mangler",
    ]  # fmt: skip
    assert rows[1][2:] == ["2", "12", "2", "6", ""]
    response = client.get(f"{url_of(world)}.xlsx")
    assert "Souschef-til-pr%C3%B8ve.xlsx" in response.headers["Content-Disposition"]
    sheet = load_workbook(io.BytesIO(response.data)).active
    assert sheet is not None
    assert [[str(cell or "") for cell in row] for row in sheet.values] == rows
