"""What assessing may ask of the database: as many queries, however many panels the assessor sits on."""

from portal.db import unit_of_work
from portal.recruitment import services as recruitments
from tests.factories import World
from tests.inspecting import InspectingClient
from tests.interviews.test_drafts import HTMX, begin, shown
from tests.interviews.test_journey import answers

PAGE, SAVING = 9, 8  # who is signed in and what they may takes one of them
BYTES = 1024


def sit_on_more_panels(world: World) -> None:
    with unit_of_work():
        for n in range(20):
            place = (world.office, world.recruitment.version, world.people["recruiter"])
            other = recruitments.add_recruitment(f"Souschef {n}", *place)
            recruitments.add_member(other, world.people["member"])


def test_the_page_and_a_draft_take_exactly_their_budget(client: InspectingClient, world: World) -> None:
    url = begin(client, world)
    sent = answers(world, 4, **shown(client, url))

    def taken() -> tuple[int, int]:
        for _ in range(2):
            assert client.get(url).status_code == 200
        read = client.selects
        for _ in range(2):
            answer = client.send(url, sent, headers=HTMX)
            assert (answer.status_code, len(answer.data) <= BYTES) == (200, True)
        return read, client.selects

    client.send(url, sent, headers=HTMX)  # the first one begins the assessment and locks the recruitment
    assert taken() == (PAGE, SAVING)
    sit_on_more_panels(World.load())
    assert taken() == (PAGE, SAVING)
