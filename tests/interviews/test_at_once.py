"""Chair, assessor and recruiter at the same moment: one outcome, and whoever comes second is told why not."""

from collections.abc import Callable

import pytest
from flask import Flask

from portal.db import db, unit_of_work
from portal.interviews import queries
from portal.interviews.closings import close_assessing, reopen_assessing
from portal.interviews.models import Assessment, InterviewClosing
from portal.interviews.services import Draft, save_draft, submit_assessment
from portal.recruitment import services as recruitments
from portal.recruitment.models import Interview, InterviewRound, PanelMember, ProfileCompetency, Recruitment
from portal.recruitment.queries import find_interview, member_of
from portal.recruitment.rules import Choice
from tests.factories import World
from tests.test_together import together

REASON = "Et medlem er blevet syg."
EVIDENCE = "Fortalte konkret, hvad der skete."


class Panel:
    """The world's panel with a chair; each act reads the interview anew, as a request does."""

    def __init__(self, world: World) -> None:
        self.interview_id = world.recruitment.candidates[0].interviews[0].id
        self.people = {name: world.people[name].id for name in ("member", "member2", "outsider")}
        with unit_of_work():
            recruitments.add_member(world.recruitment, world.people["outsider"], chair=True)
            for name in self.people:
                recruitments.declare_impartiality(self.read().candidate, self.seat(self.read(), name), True)

    def read(self) -> Interview:
        found = find_interview(self.interview_id)
        assert found is not None
        return found

    def seat(self, interview: Interview, name: str) -> PanelMember:
        found = member_of(interview.recruitment, self.people[name])
        assert found is not None
        return found

    def submit(self, name: str) -> Callable[[object], None]:
        def work(_read: object) -> None:
            interview = self.read()
            drafts = {q.id: Draft(4, False, EVIDENCE) for q in queries.scorecard(interview.round)}
            submit_assessment(save_draft(interview, self.seat(interview, name), drafts))

        return work

    def as_chair(self, change: Callable[[Interview, PanelMember, str], None]) -> Callable[[object], None]:
        def work(_read: object) -> None:
            interview = self.read()
            change(interview, self.seat(interview, "outsider"), REASON)

        return work

    def chairs_decisions(self) -> list[bool]:
        db.session.rollback()
        return list(db.session.scalars(db.select(InterviewClosing.closes).order_by(InterviewClosing.id)))


@pytest.fixture
def panel(app: Flask, world: World) -> Panel:
    """Only the chair has submitted."""
    found = Panel(world)
    with unit_of_work():
        found.submit("outsider")(None)
    return found


def test_two_who_close_at_once_close_once(app: Flask, panel: Panel) -> None:
    close = (panel.read, panel.as_chair(close_assessing))
    assert together(app, close, close, close) == ["Refused", "Refused", "done"]
    assert panel.chairs_decisions() == [True]


def test_two_who_reopen_at_once_reopen_once(app: Flask, panel: Panel) -> None:
    with unit_of_work():
        panel.as_chair(close_assessing)(None)
    reopen = (panel.read, panel.as_chair(reopen_assessing))
    assert together(app, reopen, reopen) == ["Refused", "done"]
    assert panel.chairs_decisions() == [True, False]


def test_closing_and_reopening_at_once_come_one_after_the_other(app: Flask, panel: Panel) -> None:
    close, reopen = (panel.read, panel.as_chair(close_assessing)), (panel.read, panel.as_chair(reopen_assessing))
    outcome = together(app, close, reopen)
    expected = {("Refused", "done"): [True], ("done", "done"): [True, False]}
    assert panel.chairs_decisions() == expected[tuple(outcome)]


def test_an_assessor_submits_while_the_chair_closes(app: Flask, panel: Panel) -> None:
    """Either the assessment is in and not late, or the assessing was closed first and the assessor is told."""
    outcome = together(app, (panel.read, panel.submit("member")), (panel.read, panel.as_chair(close_assessing)))
    db.session.rollback()
    submitted = db.session.scalars(db.select(Assessment.submitted_at).where(Assessment.submitted_at.is_not(None))).all()
    assert panel.chairs_decisions() == [True], "the other member is still missing, so that the chair may close"
    assert len(submitted) == (2 if outcome == ["done", "done"] else 1)
    assert outcome in (["done", "done"], ["Refused", "done"])
    opening = queries.opening_of(panel.read())
    assert not any(opening.late(moment) for moment in submitted)


def test_the_last_assessor_submits_while_the_chair_closes(app: Flask, panel: Panel) -> None:
    """Now only one of the two can be: all are in and there is nothing to close, or it is closed."""
    with unit_of_work():
        panel.submit("member")(None)
    outcome = together(app, (panel.read, panel.submit("member2")), (panel.read, panel.as_chair(close_assessing)))
    assert outcome == ["Refused", "done"]
    db.session.rollback()
    submitted = len(db.session.scalars(db.select(Assessment.id).where(Assessment.submitted_at.is_not(None))).all())
    assert (submitted, panel.chairs_decisions()) in [(3, []), (2, [True])]


def test_weights_change_while_the_first_assessment_begins(app: Flask, world: World) -> None:
    """The profile changes first and is then locked as changed, or it is locked and the recruiter is told."""
    panel = Panel(world)
    chosen = [row.competency_id for row in world.recruitment.profile]

    def change(_read: object) -> None:
        found = panel.read().recruitment
        recruitments.choose_profile(found, [Choice(n, weight=3, reason="Vigtigst.") for n in chosen])

    outcome = together(app, (panel.read, panel.submit("member")), (panel.read, change))
    db.session.rollback()
    weights = set(db.session.scalars(db.select(ProfileCompetency.weight)))
    assert outcome in (["Refused", "done"], ["done", "done"])
    assert weights == ({3} if outcome == ["done", "done"] else {1})
    assert db.session.scalars(db.select(Recruitment.locked_at)).one() is not None
    assert db.session.scalars(db.select(InterviewRound.locked_at)).one() is not None
