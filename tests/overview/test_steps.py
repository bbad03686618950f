"""The steps of a recruitment: where it has come to, what is missing, and whose progress a reader may hear of."""

import re
from dataclasses import replace

from portal.db import db, unit_of_work
from portal.jobads import services as jobads
from portal.recruitment import services
from tests.factories import World, version
from tests.inspecting import InspectingClient
from tests.interviews.test_journey import assess

TITLES = [
    "Kravprofil", "Vurderingsskema", "Udvalg og kandidater", "Jobannonce", "Samtaler", "Opsamling og sammenligning",
    "Referencer", "Indstilling", "Afgørelse",
]  # fmt: skip


def steps(page: str) -> list[tuple[bool, bool, str]]:
    """(done, current, words) of each step."""
    part = page[page.index('<ol class="step-indicator">') :].partition("</ol>")[0]
    found = re.findall(r'<li class="(.*?)"(.*?)>(.*?)</li>', part, re.DOTALL)
    plain = [(kind, rest, " ".join(re.sub(r"<[^>]+>", " ", text).split())) for kind, rest, text in found]
    return [("done" in kind, 'aria-current="step"' in rest, text) for kind, rest, text in plain]


def test_a_new_recruitment_begins_with_its_profile_and_says_what_each_step_lacks(
    client: InspectingClient, world: World
) -> None:
    with unit_of_work():
        made = services.add_recruitment("Ny", world.office, version(), world.people["recruiter"])
    client.sign_in("recruiter")
    page = client.get(f"/recruitments/{made.id}").text
    found = steps(page)
    assert all(title in text for title, (_done, _current, text) in zip(TITLES, found, strict=True))
    assert [current for _done, current, _text in found] == [True, *[False] * 8]
    assert not any(done for done, _current, _text in found)
    lacking = ("Vælg kompetencer", "spørgsmål", "Mindst to", "Lav et udkast", "Alle bedømmere", "åbner", "guide")
    assert all(words.lower() in text.lower() for words, (_d, _c, text) in zip(lacking, found, strict=False))
    assert "Næste: Kravprofil" in page


def test_the_ad_is_a_step_that_is_done_when_the_required_information_is_there(
    client: InspectingClient, world: World
) -> None:
    recruiter, url = world.people["recruiter"], f"/recruitments/{world.recruitment.id}"
    client.sign_in("recruiter")
    assert "Næste: Jobannonce" in client.get(url).text
    with unit_of_work():
        draft = jobads.draft(world.recruitment, recruiter)
    assert "Udfyld: ansættelsesområde" in steps(client.get(url).text)[3][2]
    words = dict.fromkeys(("area", "pay", "part_time", "apply"), "x")
    with unit_of_work():
        jobads.save(world.recruitment, replace(draft.says, **words, deadline="2026-12-01T12:00"), recruiter, 1)
    assert steps(client.get(url).text)[3][0]


def test_interviews_and_comparison_are_done_when_all_have_submitted(client: InspectingClient, world: World) -> None:
    url = f"/recruitments/{world.recruitment.id}"
    assess(client, world, "member", 4)
    client.sign_in("recruiter")
    found = steps(client.get(url).text)
    assert found[4][1]
    assert "1 af 2 vurderinger indsendt" in found[4][2]
    page = client.get(url).text
    assert "Næste: " not in page, "the recruiter can only wait"
    assert f'class="step" href="{url}/interviews"' in page
    assert f'href="{url}/scorecard/guide.pdf"' in page
    guide = f'href="/interviews/{world.recruitment.candidates[0].interviews[0].id}/guide.pdf"'
    assert guide not in client.sign_in("member2").get(url).text, "not before they have declared"
    client.send(f"/interviews/{world.recruitment.candidates[0].interviews[0].id}/declaration", {"impartial": "yes"})
    assert guide in client.get(url).text
    assess(client, world, "member2", 4)
    client.sign_in("recruiter")
    assert [done for done, _current, _text in steps(client.get(url).text)[4:6]] == [True, True]


def test_the_way_to_the_debrief_is_there_for_panel_and_recruiter_as_soon_as_it_is_open(
    client: InspectingClient, world: World
) -> None:
    candidate = world.recruitment.candidates[0]
    interview = candidate.interviews[0].id
    pages = {
        "member": [f"/recruitments/{world.recruitment.id}", f"/interviews/{interview}/assessment"],
        "recruiter": [f"/candidates/{candidate.id}"],
    }

    def shown() -> set[bool]:
        found = set()
        for name, paths in pages.items():
            client.sign_in(name)
            found |= {f'href="/interviews/{interview}/debrief"' in client.get(path).text for path in paths}
        return found

    assess(client, world, "member", 4)
    assert shown() == {False}
    assess(client, world, "member2", 4)
    assert shown() == {True}


def test_the_recruiter_sees_whom_to_remind_and_nobody_on_the_panel_does(client: InspectingClient, world: World) -> None:
    url, member = f"/candidates/{world.recruitment.candidates[0].id}", world.people["member2"].name
    owing = f"Har ikke indsendt: {member}"
    client.sign_in("recruiter")
    assert "Har ikke indsendt" not in client.get(url).text, "nobody has begun"
    assess(client, world, "member", 4)
    assert "Har ikke indsendt" not in client.get(url).text
    client.sign_in("recruiter")
    assert owing in client.get(url).text


def test_a_recruiter_on_the_panel_hears_of_nobody_elses_progress(client: InspectingClient, world: World) -> None:
    with unit_of_work():
        services.add_member(world.recruitment, world.people["recruiter"])
    assess(client, world, "member", 4)
    db.session.expire_all()
    client.sign_in("recruiter")
    found = steps(client.get(f"/recruitments/{world.recruitment.id}").text)
    assert "0 af dine 1 vurderinger indsendt" in found[4][2]
    assert not any("af 3" in text or "1 af" in text for _done, _current, text in found)
    candidate = world.recruitment.candidates[0]
    client.send(f"/interviews/{candidate.interviews[0].id}/declaration", {"impartial": "yes"})
    page = client.get(f"/candidates/{candidate.id}")
    assert page.status_code == 200
    assert "Har ikke indsendt" not in page.text
