"""The event log keeps the progress of a panel from those who sit on it, also from HR."""

from portal.db import unit_of_work
from portal.recruitment import services
from tests.factories import World
from tests.inspecting import InspectingClient
from tests.interviews.test_journey import assess

LOG = "/event-log?action=interviews."


def test_hr_on_the_panel_sees_no_progress_before_the_scores_are_open(client: InspectingClient, world: World) -> None:
    with unit_of_work():
        services.add_member(world.recruitment, world.people["hr"])
    assess(client, world, "member", 4)
    client.sign_in("recruiter").get(f"/recruitments/{world.recruitment.id}/comparison")
    for page in (LOG, "/event-log"):
        text = client.sign_in("hr").get(page).text
        assert "vurdering</td>" not in text
        assert "sammenligningen af kandidaterne" not in text
        assert "Member begyndte" not in text, "nor who began first"
    assert "vurdering;" not in client.get("/event-log.csv").text, "nor in the file"
    assess(client, world, "member2", 4)
    assess(client, world, "hr", 4)
    text = client.sign_in("hr").get(LOG).text
    assert text.count("indsendte en vurdering") == 3


def test_hr_off_the_panel_sees_the_log_as_before(client: InspectingClient, world: World) -> None:
    assess(client, world, "member", 4)
    assert "indsendte en vurdering" in client.sign_in("hr").get(LOG).text
