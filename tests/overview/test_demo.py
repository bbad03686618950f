"""The demonstration has a past: what happened in it is spread over the days since, as if people had done it."""

from collections import Counter
from datetime import timedelta
from itertools import pairwise

import pytest
from flask import Flask
from sqlalchemy import select

from portal.db import db
from portal.hearings.models import Hearing
from portal.hearings.queries import open_hearings
from portal.i18n import ZONE, today
from portal.interviews.models import Assessment
from portal.onboarding import queries
from portal.onboarding.models import ItemEvent, MilestoneEvent, Plan, PlanItem
from portal.onboarding.rules import done_over_time
from portal.recruitment.models import Interview
from portal.recruitment.schedule import clashes
from portal.references.models import GuideProbe, ReferenceCheck
from portal.references.rules import LinkEnd
from portal.workdays import is_workday
from tests.conftest import Databases, make_app


@pytest.fixture
def demo(backend: str, databases: Databases) -> Flask:
    app = make_app(databases.empty(backend))
    for command in (["db", "upgrade"], ["seed"], ["demo"]):
        assert app.test_cli_runner().invoke(args=["portal", *command]).exit_code == 0
    return app


def test_the_past_of_the_demonstration_is_spread_over_its_days(demo: Flask) -> None:
    with demo.app_context():
        for plan in db.session.scalars(select(Plan)):
            items = select(ItemEvent).join(PlanItem).where(PlanItem.plan_id == plan.id).order_by(ItemEvent.id)
            decided = select(MilestoneEvent).where(MilestoneEvent.plan_id == plan.id).order_by(MilestoneEvent.id)
            for events in (list(db.session.scalars(items)), list(db.session.scalars(decided))):
                assert all(earlier.at < later.at for earlier, later in pairwise(events))
                days = Counter(event.at.astimezone(ZONE).date() for event in events)
                assert all(plan.created_at.astimezone(ZONE).date() <= day < today() for day in days)
                assert all(is_workday(day) for day in days)
                assert not events or max(days.values()) <= 6
            for item in plan.items:
                done = [event.at.astimezone(ZONE).date() for event in item.events if event.kind == "completed"]
                assert all(abs(day - item.due_date) <= timedelta(days=10) for day in done)


def test_the_chart_of_the_demonstration_climbs(demo: Flask) -> None:
    with demo.app_context():
        plan = db.session.scalars(select(Plan).order_by(Plan.id)).first()
        assert plan is not None
        weeks = [plan.start_date + timedelta(days=7 * n) for n in range(6)]
        done = done_over_time(queries.changes_of(plan.id), {item.id for item in plan.items}, weeks)
        assert done[0] > 0
        assert len(set(done)) >= 5


def test_the_demonstrations_interviews_have_times_that_fit_what_was_assessed(demo: Flask) -> None:
    with demo.app_context():
        interviews = list(db.session.scalars(select(Interview)))
        times = [interview.starts_at for interview in interviews]
        assert all(times)
        assert len(set(times)) == len(times)
        assert not clashes((i.id, i.starts_at, i.minutes) for i in interviews if i.starts_at)
        for assessment in db.session.scalars(select(Assessment)):
            assert assessment.interview.starts_at is not None
            assert assessment.interview.starts_at < assessment.started_at, "nobody is assessed before they have come"
        assert max(time.astimezone(ZONE).date() for time in times if time) >= today(), "one is still to come"


def test_the_demonstration_shows_a_note_a_raised_hearing_and_written_answers(demo: Flask) -> None:
    with demo.app_context():
        note, written = db.session.scalars(select(ReferenceCheck).order_by(ReferenceCheck.id))
        assert note.finished
        assert all(answer.text for answer in note.answers)
        assert [link.ended_why for link in written.links] == [LinkEnd.USED]
        assert written.answers
        assert not written.finished, "the note is still to be written"
        hearing = db.session.scalars(select(Hearing)).one()
        assert hearing.check_id == note.id
        assert open_hearings([hearing.candidate.id]) == [hearing]
        assert {probe.accepted for probe in db.session.scalars(select(GuideProbe))} == {True, False}
        days = [check.started_at.astimezone(ZONE).date() for check in (note, written)]
        assert all(is_workday(day) and day < today() for day in days)
