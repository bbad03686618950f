"""The bank through its pages: finding, adding, editing, retiring, and what keeps which version."""

import re

import pytest
from sqlalchemy.exc import DBAPIError

from portal.bank import queries
from portal.bank.models import BankEntry, BankVersion
from portal.bank.rules import Use
from portal.db import db
from portal.interviews import queries as interviews
from portal.interviews.models import ScorecardQuestion
from tests.factories import World
from tests.inspecting import InspectingClient

QUESTION = {
    "competencies": "driftsledelse-k1",
    "text": "Fortæl om en uge, hvor planen måtte laves om.",
    "kind": "behavioural",
    "probes": "Hvad ændrede sig?\n\nHvem fik besked?",
    "anchor_1": "Fortæller, at det var andres skyld.",
    "anchor_3": "Flyttede opgaverne, men fortæller ikke hvorfor.",
    "anchor_5": "Fortæller, hvad der blev valgt fra, hvem der fik besked, og hvordan det endte.",
    "behaviours": ["driftsledelse-a7"],
}


def entry_of(key: str) -> BankEntry:
    return db.session.query(BankEntry).filter_by(key=key).one()


def test_a_search_finds_words_in_any_case_and_with_aa_for_aring(client: InspectingClient, world: World) -> None:
    client.sign_in("recruiter")
    assert client.send("/bank/add/interview", QUESTION | {"text": "Fortæl om en ÅBEN grydeske."}).status_code == 303
    for words in ("åben grydeske", "AABEN GRYDE", "gryde åben"):
        found = client.get("/bank", query_string={"q": words}).text
        assert "1 post" in found, words
        assert "ÅBEN grydeske" in found
    assert "Intet fundet" in client.get("/bank?q=findesikke").text
    assert client.get("/bank", query_string={"q": "100%_"}).status_code == 200


def test_filters_narrow_the_list_and_stay_in_the_address(client: InspectingClient, world: World) -> None:
    client.sign_in("chef")
    everything = int(re.search(r"(\d+) poster", client.get("/bank").text)[1])
    counts = {}
    for asked in ("use=interview", "use=onboarding", "part=driftsledelse", "competency=driftsledelse-k1"):
        counts[asked] = int(re.search(r"(\d+) post", client.get(f"/bank?{asked}").text)[1])
        assert 0 < counts[asked] < everything
    situational = client.get("/bank?use=interview&kind=situational&sort=-changed").text
    assert "Adfærdsspørgsmål</span></td>" not in situational
    assert "use=interview&amp;kind=situational" in situational or "kind=situational&amp;use=interview" in situational
    odd = client.get("/bank?use=nonsense&part=x&kind=y&sort=drop&page=-1&q=" + "x" * 200)
    assert odd.status_code == 200


def test_pages_of_the_list_hold_every_entry_exactly_once(client: InspectingClient, world: World) -> None:
    client.sign_in("hr")
    for sort in ("text", "-changed", "key"):
        ids: list[str] = []
        for number in range(1, 40):
            page = client.get(f"/bank?sort={sort}&page={number}").text
            ids += re.findall(r'<td[^>]*><a href="/bank/(\d+)"', page)
            if 'rel="next"' not in page:
                break
        assert len(ids) == len(set(ids)) == len(queries.all_entries())


def test_an_edit_is_a_new_version_and_what_uses_the_old_one_keeps_it(client: InspectingClient, world: World) -> None:
    on_card = interviews.scorecard(world.recruitment)[0]
    entry, old = on_card.bank_version.entry, on_card.text
    client.sign_in("recruiter")
    content = entry.current.content
    form = {
        "number": 1,
        "competencies": content.competencies[0],
        "text": "Fortæl om noget helt andet.",
        "kind": content.kind,
        "probes": "\n".join(content.probes),
        **{f"anchor_{level}": text for level, text in content.anchors.items()},
        "behaviours": list(content.behaviours),
    }
    assert client.send(f"/bank/{entry.id}/edit", form).status_code == 303
    db.session.expire_all()
    assert [version.number for version in entry.versions] == [2, 1]
    assert entry.current.text == "Fortæl om noget helt andet."
    assert db.session.get(ScorecardQuestion, on_card.id).text == old
    page = client.get(f"/bank/{entry.id}").text
    assert old in page
    assert "på 1 vurderingsskema" in page
    again = client.send(f"/bank/{entry.id}/edit", {**form, "number": 2})
    assert again.status_code == 303
    db.session.expire_all()
    assert len(entry.versions) == 2  # the same words are no new version


def test_the_second_of_two_savers_sees_both_versions_and_loses_nothing(client: InspectingClient, world: World) -> None:
    entry_id = entry_of("driftsledelse-k1-s1").id
    client.sign_in("recruiter")
    assert client.send(f"/bank/{entry_id}/edit", QUESTION | {"number": 1, "text": "Den første."}).status_code == 303
    second = client.send(f"/bank/{entry_id}/edit", QUESTION | {"number": 1, "text": "Den anden."})
    assert second.status_code == 409
    assert "Den første." in second.text
    assert "Den anden.</textarea>" in second.text.replace("\r\n", "")
    assert 'name="number" type="hidden" value="2"' in second.text
    assert client.send(f"/bank/{entry_id}/edit", QUESTION | {"number": 2, "text": "Den anden."}).status_code == 303


def test_a_question_on_a_protected_ground_is_refused_with_the_rule_named(
    client: InspectingClient, world: World
) -> None:
    client.sign_in("hr")
    refused = client.send("/bank/add/interview", QUESTION | {"text": "Hvor mange sygedage har du haft?"})
    assert refused.status_code == 422
    assert "helbredsoplysningsloven § 2" in refused.text
    assert "sygedage har du haft?</textarea>" in refused.text.replace("\r\n", "")
    probe = client.send("/bank/add/interview", QUESTION | {"probes": "Hvad gjorde du?\nPlanlægger du at få børn?"})
    assert probe.status_code == 422
    assert "ligebehandlingsloven § 2" in probe.text
    cpr = client.send("/bank/add/interview", QUESTION | {"anchor_1": "Se 010203-1234."})
    assert cpr.status_code == 422
    assert "CPR" in cpr.text


def test_a_double_question_is_pointed_out_and_saved(client: InspectingClient, world: World) -> None:
    client.sign_in("hr")
    text = "Hvad gjorde du, og hvordan tog de andre imod det?"
    response = client.send("/bank/add/interview", QUESTION | {"text": text})
    assert response.status_code == 303
    assert "to spørgsmål i ét" in client.get(response.location).text


def test_what_is_missing_is_said_at_the_field(client: InspectingClient, world: World) -> None:
    client.sign_in("hr")
    empty = client.send("/bank/add/interview", {})
    assert empty.status_code == 422
    for words in ("Vælg én kompetence.", "Udfyld feltet.", "Skriv to til fire opfølgende spørgsmål"):
        assert words in empty.text
    odd = client.send(
        "/bank/add/onboarding", {"text": "x", "phase": "evil", "offset_days": "many", "competencies": "z"}
    )
    assert odd.status_code == 422
    assert client.get("/bank/add/script").status_code == 404


def test_a_retired_entry_is_offered_no_more_and_comes_back(client: InspectingClient, world: World) -> None:
    entry_id = entry_of("driftsledelse-k1-s1").id
    client.sign_in("recruiter")
    assert client.send(f"/bank/{entry_id}/retire").status_code == 303
    assert "driftsledelse-k1-s1" not in {e.key for e in queries.entries("souschef", Use.INTERVIEW)}
    assert "Udgået" in client.get(f"/bank/{entry_id}").text
    assert f'href="/bank/{entry_id}"' in client.get("/bank?retired=y").text
    assert client.send(f"/bank/{entry_id}/restore").status_code == 303
    assert "driftsledelse-k1-s1" in {e.key for e in queries.entries("souschef", Use.INTERVIEW)}
    script = entry_of("reference_closing").id
    assert client.send(f"/bank/{script}/retire").status_code == 409


def test_the_coverage_shows_gaps_at_a_glance(client: InspectingClient, world: World) -> None:
    client.sign_in("hr")
    assert "Ingen huller" in client.get("/bank/coverage").text
    for version in queries.entries("souschef", Use.AD, ["driftsledelse-k1"]):
        client.send(f"/bank/{version.entry_id}/retire")
    page = client.get("/bank/coverage").text
    assert "1 hul" in page
    assert "/bank/add/ad?competency=driftsledelse-k1" in page


@pytest.mark.parametrize("kind", ["souschef", "buddy", "outsider"])
def test_only_those_who_recruit_see_questions_and_anchors(client: InspectingClient, world: World, kind: str) -> None:
    (question,) = queries.entries("souschef", Use.INTERVIEW, ["personaleledelse-k1"])[:1]
    address = "/frameworks/souschef/1/personaleledelse-k1"
    client.sign_in(kind)
    page = client.get(address).text
    assert question.text not in page
    assert "på lige vilkår" in page
    client.sign_in("chef")
    assert question.text in client.get(address).text


def test_versions_cannot_be_changed_in_the_database(world: World) -> None:
    version = db.session.query(BankVersion).first()
    assert version is not None
    version.text = "Rettet bagom"
    with pytest.raises(DBAPIError):
        db.session.flush()
    db.session.rollback()
