"""What is typed on the recommendation saves itself, for its writer alone, until it is saved for the panel."""

from portal.audit.models import AuditEvent
from portal.db import db
from portal.decisions.models import Recommendation, RecommendationDraft
from tests.decisions.case import FIRST, Opened, opened
from tests.factories import World
from tests.inspecting import InspectingClient
from tests.interviews.test_drafts import HTMX
from tests.interviews.test_journey import field

TYPED, OTHERS = "Halvt skrevet begr", "Formandens ord om kandidaten."


def page_of(client: InspectingClient, case: Opened) -> dict[str, str]:
    """What an opened page sends besides the texts."""
    html = client.get(f"{case.url}/recommendation/draft?candidate={case.first}").text
    return {name: field(html, name) for name in ("seen", "version", "page")}


def type_in(client: InspectingClient, case: Opened, text: str, page: dict[str, str], **more: str) -> tuple[int, str]:
    """What the page sends by itself, and the answer."""
    sent = case.wording(case.first, reason=text, **page, **more)
    answer = client.send(f"{case.url}/recommendation/draft", sent, headers=HTMX)
    return answer.status_code, answer.text


def events(action: str) -> int:
    return len(db.session.scalars(db.select(AuditEvent.id).where(AuditEvent.action == action)).all())


def test_what_is_typed_survives_a_closed_browser_and_nobody_else_sees_it(
    client: InspectingClient, world: World
) -> None:
    case = opened(world)
    client.sign_in("member")
    page = page_of(client, case)
    status, said = type_in(client, case, TYPED[:5], page, step="1")
    assert status == 200
    assert "Kladde gemt" in said
    assert type_in(client, case, TYPED, page, step="2")[0] == 200
    client.sign_in("member")
    again = client.get(f"{case.url}/recommendation/draft").text
    assert f"{TYPED}</textarea>" in again, "the draft says whom it is about, too"
    assert "Du er begyndt at skrive" in again
    assert "ikke er i indstillingen endnu" in client.get(f"{case.url}/recommendation").text
    for other in ("recruiter", "member2"):
        client.sign_in(other)
        assert TYPED not in client.get(f"{case.url}/recommendation").text
        if other == "recruiter":
            assert TYPED not in client.get(f"{case.url}/recommendation/draft?candidate={case.first}").text
    assert db.session.scalars(db.select(Recommendation)).all() == []
    assert events("decisions.begin_draft") == 1, "the log tells that someone writes, not every key"


def test_saving_for_the_panel_makes_a_wording_and_leaves_no_draft(client: InspectingClient, world: World) -> None:
    case = opened(world)
    client.sign_in("member")
    page = page_of(client, case)
    type_in(client, case, TYPED, page, step="1")
    saved = client.send(f"{case.url}/recommendation/draft", case.wording(case.first, step="2", **page))
    assert saved.status_code == 303
    assert [found.number for found in db.session.scalars(db.select(Recommendation))] == [1]
    assert not db.session.scalars(db.select(RecommendationDraft)).one().pending
    type_in(client, case, TYPED, page, step="1")
    assert not db.session.scalars(db.select(RecommendationDraft)).one().pending, "what comes late changes nothing"
    assert TYPED not in client.get(f"{case.url}/recommendation/draft").text


def test_a_wording_saved_meanwhile_is_told_of_and_then_both_are_shown(client: InspectingClient, world: World) -> None:
    case = opened(world)
    client.sign_in("recruiter")
    page = page_of(client, case)
    type_in(client, case, TYPED, page, step="1")
    client.sign_in("member")
    client.send(f"{case.url}/recommendation/draft", case.wording(case.first, reason=OTHERS))
    client.sign_in("recruiter")
    status, said = type_in(client, case, f"{TYPED}undelse", page, step="2")
    assert status == 200, "typing is never refused because of another's text"
    assert "Member har imens gemt en anden tekst" in said
    reopened = client.get(f"{case.url}/recommendation/draft").text
    assert f"{TYPED}undelse</textarea>" in reopened
    assert OTHERS in reopened
    both = client.send(f"{case.url}/recommendation/draft", case.wording(case.first, reason=TYPED, step="3", **page))
    assert both.status_code == 409
    assert OTHERS in both.text
    assert f"{TYPED}</textarea>" in both.text
    seen = {name: field(both.text, name) for name in ("seen", "version", "page")}
    assert client.send(f"{case.url}/recommendation/draft", case.wording(case.first, **seen)).status_code == 303
    assert [found.number for found in db.session.scalars(db.select(Recommendation))] == [1, 2]


def test_another_window_of_the_same_person_writes_over_nothing(client: InspectingClient, world: World) -> None:
    case = opened(world)
    client.sign_in("member")
    one, two = page_of(client, case), page_of(client, case)
    type_in(client, case, "Fra det ene vindue.", one, step="1")
    status, said = type_in(client, case, "Fra det andet vindue.", two, step="1")
    assert status == 409
    assert "et andet vindue" in said
    sent = case.wording(case.first, reason="Fra det andet vindue.", step="2", **two)
    both = client.send(f"{case.url}/recommendation/draft", sent)
    assert both.status_code == 409
    assert "Fra det ene vindue." in both.text
    assert "Fra det andet vindue.</textarea>" in both.text
    assert db.session.scalars(db.select(RecommendationDraft.reason)).all() == ["Fra det ene vindue."]
    assert db.session.scalars(db.select(Recommendation)).all() == []


def test_texts_about_two_candidates_do_not_replace_each_other(client: InspectingClient, world: World) -> None:
    case = opened(world)
    client.sign_in("member")
    type_in(client, case, TYPED, page_of(client, case), step="1")
    nobody = case.wording(None, reason="Ingen opfylder kravene.")
    assert client.send(f"{case.url}/recommendation/draft", nobody, headers=HTMX).status_code == 200
    assert "Ingen opfylder kravene.</textarea>" in client.get(f"{case.url}/recommendation/draft").text
    assert f"{TYPED}</textarea>" in client.get(f"{case.url}/recommendation/draft?candidate={case.first}").text


def test_nothing_is_submitted_while_its_writer_has_text_that_is_not_in_it(
    client: InspectingClient, world: World
) -> None:
    case = opened(world)
    client.sign_in("member")
    client.send(f"{case.url}/recommendation/draft", case.wording(case.first))
    page = page_of(client, case)
    type_in(client, case, TYPED, page, step="1")
    refused = case.submit(client)
    assert refused.status_code == 409
    assert "ikke er i indstillingen endnu" in refused.text
    dropping = case.wording(case.first, reason=TYPED, drop="1", **page)
    assert client.send(f"{case.url}/recommendation/draft", dropping).status_code == 200, "it asks first"
    assert client.send(f"{case.url}/recommendation/draft", dropping | {"confirmed": "1"}).status_code == 303
    assert TYPED not in client.get(f"{case.url}/recommendation/draft").text
    assert events("decisions.drop_draft") == 1
    assert case.submit(client).status_code == 303
    status, said = type_in(client, case, f"{FIRST} igen", page, step="2")
    assert status == 409, "what has been submitted is not written on"
    assert "kan ikke ændres" in said


def test_what_says_the_same_as_the_newest_wording_does_not_wait(client: InspectingClient, world: World) -> None:
    """As when a slow network brings what was typed after it has been saved by hand."""
    case = opened(world)
    client.sign_in("member")
    page = page_of(client, case)
    client.send(f"{case.url}/recommendation/draft", case.wording(case.first, step="1", **page))
    assert (
        client.send(
            f"{case.url}/recommendation/draft", case.wording(case.first, step="2", **page), headers=HTMX
        ).status_code
        == 200
    )
    assert "ikke er i indstillingen endnu" not in client.get(f"{case.url}/recommendation").text
    assert case.submit(client).status_code == 303
