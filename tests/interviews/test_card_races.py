"""The scorecard while the first assessment begins: exactly one outcome, whoever comes first."""

from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from flask import Flask

from portal.db import db, unit_of_work
from portal.interviews import queries, questions, services
from portal.interviews.models import Assessment, QuestionDrop, Rating, ScorecardQuestion
from portal.people.models import Person
from portal.recruitment.models import Interview, PanelMember
from portal.recruitment.queries import find_interview, member_of
from portal.recruitment.services import declare_impartiality
from tests.factories import World
from tests.interviews.test_journey import EVIDENCE
from tests.interviews.test_scorecards import REASON
from tests.test_together import together

Step = Callable[[object], object]


T = TypeVar("T")


def found(row: T | None) -> T:
    assert row is not None
    return row


class Race:
    """A member who is ready to assess, and a question that the recruiter is about to change."""

    def __init__(self, world: World) -> None:
        self.interview_id = world.recruitment.candidates[0].interviews[0].id
        self.recruitment_id = world.recruitment.id
        self.recruiter_id = world.people["recruiter"].id
        self.member_ids = [world.people[name].id for name in ("member", "member2")]
        self.question_id = queries.scorecard(world.recruitment)[0].id
        with unit_of_work():
            for member in world.recruitment.panel:
                declare_impartiality(world.recruitment.candidates[0], member, True)

    def seat(self, n: int) -> tuple[Interview, PanelMember]:
        interview = found(find_interview(self.interview_id))
        return interview, found(member_of(interview.recruitment, self.member_ids[n]))

    def read(self) -> ScorecardQuestion:
        """What both have in front of them before either writes."""
        self.seat(0)
        return found(queries.find_question(self.recruitment_id, self.question_id))

    def assess(self, n: int = 0, *, submit: bool = False) -> Step:
        def run(_read: object) -> None:
            interview, member = self.seat(n)
            drafts = {q.id: services.Draft(3, False, EVIDENCE) for q in queries.scorecard(interview.round)}
            saved = services.save_draft(interview, member, drafts)
            if submit:
                services.submit_assessment(saved)

        return run

    def drop(self, question: object) -> None:
        assert isinstance(question, ScorecardQuestion)
        questions.drop_question(question, found(db.session.get(Person, self.recruiter_id)), REASON)


def changing(question: object) -> None:
    assert isinstance(question, ScorecardQuestion)
    content = replace(questions.content_of(question), text="Omskrevet i sidste øjeblik?")
    assert questions.change_question(question, content, 5, questions.stamp_of(question))


def test_a_question_does_not_change_under_the_first_assessment(app: Flask, world: World) -> None:
    race = Race(world)
    outcome = together(app, (race.read, race.assess()), (race.read, changing))
    text = db.session.get_one(ScorecardQuestion, race.question_id).text
    assert outcome in (["Refused", "done"], ["done", "done"])  # the assessment first, or the change
    assert (outcome == ["done", "done"]) == (text == "Omskrevet i sidste øjeblik?")


def test_a_question_is_removed_or_assessed_and_never_both(app: Flask, world: World) -> None:
    race = Race(world)

    def remove(question: object) -> None:
        assert isinstance(question, ScorecardQuestion)
        questions.remove_question(question)

    outcome = together(app, (lambda: race.seat(0), race.assess()), (race.read, remove))
    gone = db.session.get(ScorecardQuestion, race.question_id) is None
    rated = set(db.session.scalars(db.select(Rating.question_id)))
    assert outcome in (["Refused", "done"], ["done", "done"])
    assert (outcome == ["done", "done"]) == gone
    assert (race.question_id in rated) != gone


def test_a_question_is_dropped_only_when_the_first_assessment_came_before(app: Flask, world: World) -> None:
    race = Race(world)
    outcome = together(app, (race.read, race.assess()), (race.read, race.drop))
    drops = len(db.session.scalars(db.select(QuestionDrop)).all())
    assert outcome in (["Refused", "done"], ["done", "done"])  # too early to drop, or dropped afterwards
    assert drops == (outcome == ["done", "done"])


def test_two_who_drop_the_same_question_make_one_drop(app: Flask, world: World) -> None:
    race = Race(world)
    with unit_of_work():
        race.assess()(None)
    assert together(app, *[(race.read, race.drop)] * 3) == ["Refused", "Refused", "done"]
    assert len(db.session.scalars(db.select(QuestionDrop)).all()) == 1


def test_an_assessor_submits_while_a_question_is_dropped(app: Flask, world: World) -> None:
    race = Race(world)
    with unit_of_work():
        race.assess(1)(None)
    outcome = together(app, (race.read, race.assess(0, submit=True)), (race.read, race.drop))
    assert outcome == ["done", "done"]
    submitted = db.session.scalars(db.select(Assessment).where(Assessment.submitted_at.is_not(None))).one()
    assert len(submitted.ratings) == len(queries.scorecard(world.recruitment)), "what was written stays"
    assert len(db.session.scalars(db.select(QuestionDrop)).all()) == 1
