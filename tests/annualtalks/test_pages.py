"""The pages of a talk, as each side meets them."""

from datetime import timedelta

from portal.annualtalks.rules import Side
from portal.i18n import today
from tests.annualtalks.talking import KEYS, call, held, prepare, read, release_both
from tests.factories import World
from tests.inspecting import InspectingClient


def test_a_talk_is_called_with_suggested_competencies(client: InspectingClient, world: World) -> None:
    client.sign_in("chef")
    souschef = world.people["souschef"].id
    url = f"/development/{souschef}/talks/call"
    form = {"day": (today() + timedelta(days=14)).isoformat(), "time": "10:00", "minutes": "90", "place": "Lokale 2"}
    wrong = client.send(url, form)
    assert wrong.status_code == 422
    right = client.send(url, {**form, "competencies": list(KEYS)})
    assert right.status_code == 303
    page = client.get(right.location).text
    assert "Lokale 2" in page


def test_the_preparation_is_kept_and_the_other_does_not_see_it(client: InspectingClient, world: World) -> None:
    found = prepare(call(world), Side.CHEF, "Du er tydelig, når det gælder.")
    client.sign_in("souschef")
    url = f"/talks/{found.talk.id}/preparation"
    sent = {"words_0": "Jeg vil øve mig.", "level_0": "3", "revision_0": "0", "revision_1": "0"}
    assert client.send(url, sent).status_code == 303
    assert "Jeg vil øve mig." in client.get(url).text
    both = client.send(url, {**sent, "words_0": "Fra en gammel side."})
    assert both.status_code == 409
    assert "Fra en gammel side." in both.text
    assert "Jeg vil øve mig." in both.text
    for page in (url, f"/talks/{found.talk.id}", f"/development/{world.people['souschef'].id}/talks"):
        assert "Du er tydelig" not in client.get(page).text


def test_both_read_each_other_when_both_have_released(client: InspectingClient, world: World) -> None:
    found = prepare(call(world), Side.CHEF, "Du er tydelig, når det gælder.")
    release_both(prepare(found, Side.SOUSCHEF, "Jeg vil øve mig."), world)
    client.sign_in("souschef")
    page = client.get(f"/talks/{found.talk.id}").text
    assert "Du er tydelig, når det gælder." in page
    assert "Jeg vil øve mig." in page


def test_a_confirmed_talk_shows_what_was_agreed(client: InspectingClient, world: World) -> None:
    found = held(world)
    client.sign_in("chef")
    page = client.get(f"/talks/{found.talk.id}").text
    assert "Vi er enige om at øve feedback." in page
    assert read(found.talk).talk.frozen_at
