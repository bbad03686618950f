"""The review of the trial period: whom it reminds and when, who reads it, and where it never stands."""

import io
import zipfile
from datetime import timedelta

import pytest
from pypdf import PdfReader

from portal.access import Role
from portal.db import unit_of_work
from portal.i18n import today
from portal.onboarding import decisions, queries, services
from portal.onboarding.decisions import ReviewText
from portal.onboarding.models import PlanMilestone
from portal.onboarding.schedule import REVIEW_WARNING, TRIAL_REVIEW
from portal.overview import digest
from portal.people.services import name_deputy
from portal.workdays import workday_from
from tests.factories import World, make_person
from tests.inspecting import InspectingClient

SECRET = "hemmeligtord"
WORDS = ReviewText(f"Styrke: {SECRET}", f"Bekymring: {SECRET}", f"Aftale: {SECRET}")
READERS = ("souschef", "chef", "hr")
OTHERS = (
    "buddy", "outsider", "other_souschef", "other_chef", "recruiter", "other_recruiter", "member", "member2",
)  # fmt: skip
REFUSED = {"buddy": 403, "outsider": 403}  # on the plan as makker and as deputy: they know that there is a review


@pytest.fixture
def reviewed(world: World) -> World:
    """The review is shared and signed off, with remarks; the outsider is the chef's deputy."""
    chef, souschef = world.people["chef"], world.people["souschef"]
    with unit_of_work():
        name_deputy(world.office, world.people["outsider"], today(), today() + timedelta(days=9), chef)
        decisions.write_review(world.plan, chef, WORDS, share=True)
        decisions.add_remarks(world.plan, souschef, f"Bemærkning: {SECRET}")
        for item in queries.items_of(world.plan, TRIAL_REVIEW):
            services.complete_item(item, souschef, "Gjort.")
        decisions.request_sign_off(world.plan, TRIAL_REVIEW, souschef)
        decisions.approve_milestone(world.plan, TRIAL_REVIEW, chef)
    return world


def test_souschef_chef_and_hr_read_the_review_and_nobody_else(client: InspectingClient, reviewed: World) -> None:
    url = f"/onboarding/{reviewed.plan.id}/trial-review"
    for who in READERS:
        page = client.sign_in(who).get(url)
        assert page.status_code == 200
        assert page.text.count(SECRET) == 4, who
    for who in OTHERS:
        page = client.sign_in(who).get(url)
        assert page.status_code == REFUSED.get(who, 404), who
        assert SECRET not in page.text
        for path, form in ((url, {"strengths": "x", "share": "yes"}), (f"{url}/remarks", {"remarks": "Hej med jer."})):
            assert client.send(path, form).status_code in (403, 404), (who, path)


def test_the_review_stands_in_no_other_page_document_list_log_calendar_or_mail(
    client: InspectingClient, reviewed: World
) -> None:
    plan = f"/onboarding/{reviewed.plan.id}"
    items = [f"{plan}/items/{item.id}" for item in queries.items_of(reviewed.plan, TRIAL_REVIEW)[:2]]
    milestone, lists = f"{plan}/milestones/{TRIAL_REVIEW}", ("plans.csv", "plans.xlsx", "overdue.csv", "overdue.xlsx")
    pages = [
        "/", "/account", "/onboarding", "/onboarding/overdue", "/onboarding/sign-offs", "/event-log", "/event-log.csv",
        plan, f"{plan}/progress", f"{plan}/plan.pdf", f"{plan}/plan.docx", milestone, f"{milestone}/record.pdf",
        *items, *(f"/onboarding/{name}" for name in lists),
    ]  # fmt: skip
    for who in (*READERS, *OTHERS):
        client.sign_in(who)
        for path in pages:
            response = client.get(path)
            assert SECRET.encode() not in response.data, (who, path)
            if path.endswith("x") and response.status_code == 200:  # a zip: look inside
                assert SECRET not in inside(response.data), (who, path)
            if path.endswith("pdf") and response.status_code == 200:
                assert SECRET not in text_of(response.data), (who, path)
        calendar = client.send("/account/calendar").text.split("/calendar/")[1].split(".ics")[0]
        assert SECRET.encode() not in client.get(f"/calendar/{calendar}.ics").data, who
    mails = digest.compose(workday_from(today()))
    assert mails
    assert all(SECRET not in mail.body + mail.subject for mail in mails)


def inside(archive: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(archive)) as file:
        return "".join(file.read(name).decode("utf-8", "replace") for name in file.namelist())


def text_of(pdf: bytes) -> str:
    reader = PdfReader(io.BytesIO(pdf))
    attached = [content for contents in reader.attachments.values() for content in contents]
    return "".join(page.extract_text() for page in reader.pages) + "".join(map(str, attached))


def review_on(world: World, days: int) -> None:
    """The review is to be held so many days from today."""
    with unit_of_work():
        milestone = next(m for m in queries.find_plan_milestones(world.plan.id) if m.phase == TRIAL_REVIEW)
        assert isinstance(milestone, PlanMilestone)
        milestone.due_date = workday_from(today()) + timedelta(days=days)


def reminded(client: InspectingClient, who: str) -> tuple[bool, bool, bool]:
    """Whether the start page, the sign-offs and the daily mail remind the person of the review."""
    start = "Hold prøvetidsvurderingen" in client.sign_in(who).get("/").text
    page = client.get("/onboarding/sign-offs")
    mails = {mail.address.split("@")[0]: mail.body for mail in digest.compose(workday_from(today()))}
    return start, "trial-review" in page.text, f"/milestones/{TRIAL_REVIEW}" in mails.get(who, "")


def test_the_chef_is_reminded_in_good_time_and_until_it_is_signed_off(client: InspectingClient, world: World) -> None:
    review_on(world, REVIEW_WARNING.days + 1)
    assert reminded(client, "chef") == (False, False, False)
    review_on(world, REVIEW_WARNING.days - 1)
    assert reminded(client, "chef") == (True, True, True)
    for who in ("souschef", "buddy", "other_chef", "hr"):
        assert reminded(client, who)[0] is False, who
    review_on(world, -3)
    assert reminded(client, "chef") == (True, True, True)
    with unit_of_work():
        chef, souschef = world.people["chef"], world.people["souschef"]
        decisions.write_review(world.plan, chef, WORDS, share=True)
        for item in queries.items_of(world.plan, TRIAL_REVIEW):
            services.complete_item(item, souschef, "Gjort.")
        decisions.request_sign_off(world.plan, TRIAL_REVIEW, souschef)
        decisions.approve_milestone(world.plan, TRIAL_REVIEW, chef)
    assert reminded(client, "chef") == (False, False, False)


def test_a_deputy_does_not_decide_on_the_trial_period_whatever_else_they_are(
    client: InspectingClient, world: World
) -> None:
    souschef, hr = world.people["souschef"], make_person("second_hr", Role.HR)
    with unit_of_work():
        name_deputy(world.office, hr, today(), today() + timedelta(days=9), world.people["chef"])
        decisions.write_review(world.plan, world.people["chef"], WORDS, share=True)
        for item in queries.items_of(world.plan, TRIAL_REVIEW):
            services.complete_item(item, souschef, "Gjort.")
        decisions.request_sign_off(world.plan, TRIAL_REVIEW, souschef)
    url = f"/onboarding/{world.plan.id}"
    client.sign_in("second_hr")
    assert SECRET in client.get(f"{url}/trial-review").text
    form = {"strengths": "x", "concerns": "y", "actions": "z", "share": "yes"}
    assert client.send(f"{url}/trial-review", form).status_code == 403
    assert client.send(f"{url}/milestones/{TRIAL_REVIEW}/approve").status_code == 403
    assert "/approve" not in client.get(f"{url}/milestones/{TRIAL_REVIEW}").text


def test_a_draft_is_its_writers_alone_and_nothing_empty_is_shared(client: InspectingClient, world: World) -> None:
    url = f"/onboarding/{world.plan.id}/trial-review"
    client.sign_in("chef")
    draft = {"strengths": f"Udkast {SECRET}", "concerns": "", "actions": ""}
    assert client.send(url, draft | {"draft": "yes"}).status_code == 303
    assert SECRET in client.get(url).text
    empty = client.send(url, draft | {"share": "yes"})
    assert empty.status_code == 422
    assert "Skriv noget her, før du deler vurderingen." in empty.text
    assert SECRET in empty.text
    for who in ("souschef", "hr"):
        assert SECRET not in client.sign_in(who).get(url).text
    with unit_of_work():
        world.office.chef = world.people["outsider"]
    page = client.sign_in("outsider").get(url)
    assert page.status_code == 200
    assert SECRET not in page.text
