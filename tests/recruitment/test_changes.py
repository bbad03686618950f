"""Putting right what was entered: facts, names, people, while nothing has begun; and what each page says meanwhile."""

import re

from portal.db import db
from portal.recruitment import services
from portal.recruitment.models import Candidate, Recruitment
from portal.recruitment.rules import RemovalBlocker, removal_blockers, same_name
from tests.factories import World, make_recruitment
from tests.inspecting import InspectingClient
from tests.interviews.test_journey import assess


def test_facts_and_names_can_be_put_right(client: InspectingClient, world: World) -> None:
    client.sign_in("recruiter")
    url, candidate = f"/recruitments/{world.recruitment.id}", world.recruitment.candidates[0].id
    assert "Souschef" in client.get(f"{url}/edit").text
    assert client.send(f"{url}/edit", {"title": "", "office": world.office.id}).status_code == 422
    facts = {"title": "Souschef, ny", "office": world.office.id, "case_number": "26-9"}
    assert client.send(f"{url}/edit", facts).status_code == 303
    assert client.send(f"{url}/candidates/{candidate}/edit", {"name": "Kandidat Kirk"}).status_code == 303
    page = client.get(url).text
    assert all(text in page for text in ("Souschef, ny", "26-9", "Kandidat Kirk"))
    assert client.get(f"/recruitments/9999/candidates/{candidate}/edit").status_code == 404


def test_two_candidates_of_the_same_name_are_warned_about_and_not_refused(
    client: InspectingClient, world: World
) -> None:
    client.sign_in("recruiter")
    url = f"/recruitments/{world.recruitment.id}"
    added = client.send(f"{url}/candidates", {"name": "kandidat  KIRKEGAARD"}, follow_redirects=True)
    assert "Der er nu to kandidater" in added.text
    assert same_name(" Åse  ørsted ", ["Åse Ørsted"])
    assert not same_name("Åse", ["Aase"])


def test_a_candidate_is_removed_while_nothing_has_begun(client: InspectingClient, world: World) -> None:
    client.sign_in("recruiter")
    url = f"/recruitments/{world.recruitment.id}/candidates"
    client.send(url, {"name": "Fejl Tastet"})
    wrong = db.session.scalars(db.select(Candidate.id).where(Candidate.name == "Fejl Tastet")).one()
    asked = client.send(f"{url}/{wrong}/remove")
    assert "Vil du fjerne Fejl Tastet fra kandidaterne?" in asked.text
    assert client.send(f"{url}/{wrong}/remove", {"confirmed": "1"}).status_code == 303
    assert db.session.get(Candidate, wrong) is None
    named = world.recruitment.candidates[0].id
    refused = client.send(f"{url}/{named}/remove", {"confirmed": "1"})
    assert refused.status_code == 409
    assert "har referencepersoner" in refused.text
    assess(client, world, "member", 4)
    client.sign_in("recruiter")
    assert "Udvalget er begyndt" in client.send(f"{url}/{named}/remove", {"confirmed": "1"}).text
    assert removal_blockers(declarations=0, referees=0) == []
    assert removal_blockers(declarations=1, referees=1) == [RemovalBlocker.DECLARED, RemovalBlocker.REFEREES]


def test_a_second_chair_replaces_the_first_with_words(client: InspectingClient, world: World) -> None:
    client.sign_in("recruiter")
    url = f"/recruitments/{world.recruitment.id}/members"
    first = {"person": world.people["outsider"].id, "chair": "y"}
    assert "Outsider sidder i" in client.send(url, first, follow_redirects=True).text
    second = client.send(url, {"person": world.people["buddy"].id, "chair": "y"}, follow_redirects=True).text
    assert "Buddy er nu formand for udvalget i stedet for Outsider." in second


def test_a_locked_profile_is_text_with_weights_and_must_haves(client: InspectingClient, world: World) -> None:
    assess(client, world, "member", 4)
    client.sign_in("recruiter")
    url = f"/recruitments/{world.recruitment.id}/profile"
    page = client.get(url).text
    assert 'type="checkbox"' not in page
    assert "Skal-krav: mindst 3" in page
    assert page.count("Vægt 1") == len(world.recruitment.profile)
    picked = {f"pick_{row.competency_id}": "y" for row in world.recruitment.profile}
    assert client.send(url, picked).status_code in (409, 422)


def test_hr_sees_how_far_a_recruitment_is_and_no_score(client: InspectingClient, world: World) -> None:
    assess(client, world, "member", 5)
    client.sign_in("hr")
    page = client.get(f"/recruitments/{world.recruitment.id}").text
    assert "1 af 2 vurderinger indsendt" in page
    assert "Kandidat Kirkegaard" in page
    assert "Vurderingsskema" in page
    assert "/debrief" not in page
    assert "/comparison" not in page


def test_the_same_words_say_where_a_recruitment_stands_everywhere(client: InspectingClient, world: World) -> None:
    assess(client, world, "member", 5)
    client.sign_in("recruiter")
    for path in ("/", "/recruitments", f"/recruitments/{world.recruitment.id}"):
        assert "1 af 2 vurderinger indsendt" in client.get(path).text
    client.sign_in("member2")
    for path in ("/recruitments", f"/recruitments/{world.recruitment.id}"):
        page = client.get(path).text
        assert "Du har indsendt 0 af 1 vurdering" in page
        assert "af 2 vurderinger" not in page, "how far the others are is not for the panel"
    assess(client, world, "member2", 5)
    assert "Klar til sammenligning" in client.get("/recruitments").text


def test_references_are_not_ticked_before_an_accept(client: InspectingClient, world: World) -> None:
    client.sign_in("recruiter")
    page = client.get(f"/recruitments/{world.recruitment.id}").text
    assert len(re.findall(r'<li class="done">', page)) == 3


def test_the_list_is_searched_filtered_sorted_and_cut_by_the_address(client: InspectingClient, world: World) -> None:
    for n in range(24):
        title = f"Stilling {n:02}"
        services.add_recruitment(title, world.office, world.recruitment.version, world.people["recruiter"])
    make_recruitment("Åben stilling", world.office, world.people["recruiter"], world.people["member"])
    db.session.commit()
    assert db.session.query(Recruitment).count() == 26
    client.sign_in("recruiter")

    def titles(query: str) -> list[str]:
        return re.findall(r"<strong>([^<]+)</strong></a>", client.get(f"/recruitments?{query}").text)

    assert len(titles("")) == 20
    assert len(titles("page=2")) == 6
    assert titles("page=99") == titles("page=2")
    assert titles("q=åben") == ["Åben stilling"]
    assert titles("sort=-title")[0] == "Åben stilling"
    assert len(titles("status=assessing")) == 1
    assert "Ingen rekrutteringer svarer" in client.get("/recruitments?q=zzz").text
    fragment = client.get("/recruitments?q=åben", headers={"HX-Request": "true"}).text
    assert fragment.lstrip().startswith('<div id="recruitments"')


def test_the_menu_and_the_crumbs_say_recruitment_on_every_page_of_one(client: InspectingClient, world: World) -> None:
    assess(client, world, "member", 4)
    assess(client, world, "member2", 4)
    interview = f"/interviews/{world.recruitment.candidates[0].interviews[0].id}"
    pages = (f"{interview}/assessment", f"{interview}/debrief", f"/recruitments/{world.recruitment.id}/comparison")
    for path in pages:
        page = client.get(path).text
        assert re.search(r'href="/recruitments" aria-current="page"', page), path
        crumbs = page[page.index('<nav class="crumbs"') :].partition("</nav>")[0]
        assert crumbs.index("/recruitments") < crumbs.index(f"/recruitments/{world.recruitment.id}")
