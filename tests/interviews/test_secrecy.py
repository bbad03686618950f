"""As an attacker: whoever they are, no page tells how others assess before the scores are open.

Every GET route is fetched twice, as a page and as the fragment that htmx would get: before another member has put
anything down, and after they have drafted, submitted and amended. To those on the panel, and to those who have nothing
to do with it, the answers must be the same to the last letter. Whoever runs the recruitment without assessing may see
how many have submitted, and nothing else.
"""

import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from zipfile import ZipFile

import pytest
from flask import Flask

from portal.audit.services import acting_as
from portal.db import db, unit_of_work
from portal.i18n import today
from portal.interviews import queries
from portal.interviews.amendments import amend_rating
from portal.interviews.closings import close_assessing, reopen_assessing
from portal.interviews.forms import Given
from portal.interviews.queries import find_asked
from portal.interviews.services import Draft, save_draft, submit_assessment
from portal.overview.digest import compose
from portal.people.services import renew_calendar_link
from portal.recruitment import services as recruitments
from portal.recruitment.models import Interview, PanelMember, Recruitment
from portal.recruitment.queries import find_interview, find_recruitment, member_of
from tests.factories import World
from tests.inspecting import InspectingClient
from tests.test_access import url_values

SECRET = "Zebrafink"  # in everything that the other member writes, and nowhere else
# how the attacker takes part: the demo person, whether on the panel, as chair, and whether impartial
ATTACKERS = {
    "member": ("member2", True, False, True),
    "chair": ("outsider", True, True, True),
    "recruiter on the panel": ("recruiter", True, False, True),
    "recruiter": ("recruiter", False, False, True),
    "HR on the panel": ("hr", True, False, True),
    "HR": ("hr", False, False, True),
    "partial member": ("buddy", True, False, False),
    "chef on the panel": ("chef", True, False, True),
    "souschef": ("souschef", False, False, True),
    "chef": ("chef", False, False, True),
    "outsider": ("other_recruiter", False, False, True),
}
MAY_COUNT = ("recruiter", "HR")
SKIPPED = ("overview.healthz", "overview.readyz", "people.sign_in")
# what differs between two readings of the same page: tokens, secrets, and the readers' own exports
VARIES = re.compile(
    r'csrf_token" value="[^"]*"|X-CSRFToken": "[^"]*"|(?:page|instance)" type="hidden" value="[^"]*"|DTSTAMP:\S+'
    r"|\s*<li>Siden [^\n]*</li>"  # the attacker's own sign-ins on the account page
)
COUNTS = re.compile(r"\d+ af \d+ vurderinger indsendt|(?:<br>)?Har ikke indsendt: [^<]*")


def seat(recruitment: Recruitment, person_id: int) -> PanelMember:
    found = member_of(recruitment, person_id)
    assert found is not None
    return found


def fill(interview: Interview, member: PanelMember, text: str, score: int) -> None:
    """The member drafts, submits and amends; everything they write bears the text."""
    questions = queries.scorecard(interview.round)
    drafts = {question.id: Draft(score, False, f"{text} – hvad kandidaten sagde.") for question in questions}
    submit_assessment(save_draft(interview, member, drafts))
    asked = find_asked(interview.id, questions[0].id)
    assert asked is not None
    amend_rating(asked, member, Given(1, False, f"{text} – rettet."), f"{text} – derfor rettet.")


@contextmanager
def doing(app: Flask, world: World, name: str) -> Iterator[None]:
    """What the person does without signing in, which would itself be in the log."""
    db.session.rollback()
    with app.test_request_context(method="POST"), acting_as(world.people[name].id), unit_of_work():
        yield


class Attack:
    """An attacker's seat, and everything that they can fetch."""

    def __init__(self, app: Flask, client: InspectingClient, world: World, kind: str, *, begun: bool = True) -> None:
        """With `begun` someone else has begun before, so that what locks is locked already."""
        self.app, self.client, self.world = app, client, world
        self.name, self.on_panel, chair, impartial = ATTACKERS[kind]
        self.person_id = world.people[self.name].id
        self.interview_id = world.recruitment.candidates[0].interviews[0].id
        self.recruitment_id = world.recruitment.id
        values = url_values(world)
        with unit_of_work():
            values["secret"] = renew_calendar_link(world.people[self.name])
            values["member_id"] = world.recruitment.panel[0].id
            if self.on_panel and world.recruitment.panel and self.name != "member2":
                recruitments.add_member(world.recruitment, world.people[self.name], chair=chair)
        with doing(app, world, "member"):
            recruitments.declare_impartiality(self.candidate, self.seat("member"), True)
        if self.on_panel:
            with doing(app, world, self.name):
                recruitments.declare_impartiality(self.candidate, self.seat(self.name), impartial)
        beginner = self.name if self.on_panel and impartial else "member2"
        if beginner == "member2" and self.name != "member2":
            with doing(app, world, "member2"):
                recruitments.declare_impartiality(self.candidate, self.seat("member2"), True)
        if begun:
            with doing(app, world, beginner):
                save_draft(self.interview, self.seat(beginner), {})
        self.urls = list(self._urls(values))

    @property
    def interview(self) -> Interview:
        found = find_interview(self.interview_id)
        assert found is not None
        return found

    @property
    def candidate(self) -> object:
        return self.interview.candidate

    def seat(self, name: str) -> PanelMember:
        found = find_recruitment(self.recruitment_id)
        assert found is not None
        return seat(found, self.world.people[name].id)

    def _urls(self, values: dict[str, object]) -> Iterator[str]:
        with self.app.test_request_context():
            for rule in sorted(self.app.url_map.iter_rules(), key=lambda rule: rule.endpoint):
                if "GET" in (rule.methods or ()) and rule.endpoint not in SKIPPED:
                    yield self.app.url_for(rule.endpoint, **{name: values[name] for name in rule.arguments})
        yield "/recruitments?q=souschef&status=assessing&sort=status"
        yield "/recruitments?status=ready"
        yield "/event-log?action=interviews."
        yield f"/event-log?person={self.world.people['member'].id}&q=vurdering"
        yield f"/interviews/{self.interview_id + 1}/debrief"

    def fetch(self) -> dict[str, str]:
        """What every address answers, without what differs between any two readings."""
        self.client.sign_in(self.name)
        self.client.get(next(url for url in self.urls if "calendar" in url))  # the account page says when it was read
        found = {}
        for url in self.urls:
            for headers in ({}, {"HX-Request": "true"}):
                response = self.client.get(url, headers=headers)
                if response.mimetype.startswith("text/"):
                    found[f"{url} {headers}"] = f"{response.status_code} {VARIES.sub('', response.text)}"
                if headers or response.mimetype != "text/html":
                    break
        found["digest"] = "\n".join(d.body for d in compose(today()) if d.person_id == self.person_id)
        return found

    def guide(self) -> bytes:
        """The text of the attacker's interview guide, or why there is none."""
        answer = self.client.sign_in(self.name).get(f"/interviews/{self.interview_id}/guide.docx")
        if answer.status_code != 200:
            return str(answer.status_code).encode()
        with ZipFile(io.BytesIO(answer.data)) as file:
            return file.read("word/document.xml")


def leaks(pages: dict[str, str]) -> list[str]:
    return [url for url, text in pages.items() if SECRET in text]


def told(before: dict[str, str], after: dict[str, str], kind: str) -> list[str]:
    """Where the attacker can tell the two apart, with the first lines that differ; the log is looked at by itself."""
    found = []
    for url, text in before.items():
        lines = [t.splitlines() for t in (text, after[url])]
        if kind in MAY_COUNT:
            lines = [[COUNTS.sub("", line) for line in page] for page in lines]
        if "/event-log" not in url and lines[0] != lines[1]:
            differs = next((pair for pair in zip(*lines, strict=False) if pair[0] != pair[1]), ())
            found.append(f"{url}: {differs}")
    return found


@pytest.mark.parametrize("kind", ATTACKERS)
@pytest.mark.parametrize("backend", ["sqlite"])  # what a page tells does not depend on the database
def test_nobody_can_tell_how_another_assesses_before_the_scores_are_open(
    app: Flask, client: InspectingClient, world: World, kind: str
) -> None:
    attack = Attack(app, client, world, kind)
    before = attack.fetch()
    with doing(app, world, "member"):
        fill(attack.interview, attack.seat("member"), SECRET, 5)
    after = attack.fetch()
    assert leaks(after) == []
    assert told(before, after, kind) == []
    if attack.on_panel:
        log = "".join(text for url, text in after.items() if "/event-log" in url)
        assert not re.search(r"Member (påbegyndte|begyndte|indsendte|ændrede)", log)


@pytest.mark.parametrize("kind", ["member", "chair", "HR on the panel", "partial member", "chef on the panel"])
@pytest.mark.parametrize("backend", ["sqlite"])
def test_nobody_on_the_panel_can_tell_that_another_has_begun(
    app: Flask, client: InspectingClient, world: World, kind: str
) -> None:
    """Locking is progress, too: only whoever runs the recruitment is told of it."""
    attack = Attack(app, client, world, kind, begun=False)
    before, guide = attack.fetch(), attack.guide()
    with doing(app, world, "member"):
        fill(attack.interview, attack.seat("member"), SECRET, 5)
    assert attack.interview.round.locked
    after = attack.fetch()
    assert leaks(after) == []
    assert told(before, after, kind) == []
    assert attack.guide() == guide
    log = "".join(text for url, text in after.items() if "/event-log" in url)
    assert "begyndte den første vurdering" not in log


@pytest.mark.parametrize("kind", ["member", "partial member", "recruiter", "HR on the panel", "HR", "chef", "outsider"])
@pytest.mark.parametrize("backend", ["sqlite"])
def test_what_the_chair_opens_and_hides_again_is_seen_by_those_who_may_and_only_then(
    app: Flask, client: InspectingClient, world: World, kind: str
) -> None:
    with unit_of_work():
        recruitments.add_member(world.recruitment, world.people["other_chef"], chair=True)
    attack = Attack(app, client, world, kind)
    with doing(app, world, "other_chef"):
        recruitments.declare_impartiality(attack.candidate, attack.seat("other_chef"), True)
    with doing(app, world, "member"):
        fill(attack.interview, attack.seat("member"), SECRET, 5)
    with doing(app, world, "other_chef"):
        fill(attack.interview, attack.seat("other_chef"), SECRET, 2)
        close_assessing(attack.interview, attack.seat("other_chef"), "Et medlem er syg.")
    seen = leaks(attack.fetch())
    if kind in ("member", "recruiter", "HR on the panel"):
        assert f"/interviews/{attack.interview_id}/debrief {{}}" in seen
    else:
        assert seen == []
    with doing(app, world, "other_chef"):
        reopen_assessing(attack.interview, attack.seat("other_chef"), "Medlemmet er tilbage.")
    assert leaks(attack.fetch()) == []
