"""Two who write on one recommendation at the same moment: one outcome, and whoever comes second is told why not."""

from collections.abc import Callable

import pytest
from flask import Flask

from portal.db import db, unit_of_work
from portal.decisions import drafts, services
from portal.decisions.drafts import Shown
from portal.decisions.models import Decision, Recommendation, RecommendationDraft, Submission
from portal.decisions.rules import Ruling
from portal.decisions.services import Wording
from portal.errors import Refused
from portal.hearings.models import Hearing
from portal.hearings.services import Judgement, judge_fact
from portal.people.models import Person
from portal.people.queries import find_person
from portal.recruitment.models import Recruitment
from portal.recruitment.queries import find_recruitment
from portal.references.models import ReferenceCheck
from portal.references.services import RefereeFacts, add_referee
from tests.decisions.case import Opened, opened, recommend
from tests.factories import World, finished_talk
from tests.test_together import together

Act = Callable[[Recruitment, Person], object]
REASON = "Samlet den bedst egnede."


class Room:
    """People who act on the case at once, each with a session of their own; `told` is what was refused, in words."""

    def __init__(self, app: Flask, case: Opened) -> None:
        self.app, self.case = app, case
        self.people = {name: person.id for name, person in case.world.people.items()}
        self.told: list[str] = []

    def act(self, name: str, act: Act) -> tuple[Callable[[], object], Callable[[object], None]]:
        def read() -> Recruitment:
            found = find_recruitment(self.case.recruitment_id)
            assert found is not None
            list(found.candidates)
            return found

        def write(_read: object) -> None:
            person = find_person(self.people[name])
            assert person is not None
            try:
                act(read(), person)
            except Refused as refused:
                self.told += [str(reason) for reason in refused.blockers]
                raise

        return read, write

    def together(self, *acts: tuple[str, Act]) -> list[str]:
        outcome = together(self.app, *(self.act(name, act) for name, act in acts))
        db.session.rollback()
        return outcome


@pytest.fixture
def room(app: Flask, world: World) -> Room:
    return Room(app, opened(world))


def decide(ruling: Ruling) -> Act:
    return lambda recruitment, person: services.decide(recruitment, person, ruling, None, "Sådan besluttet i dag.")


def submit(recruitment: Recruitment, person: Person) -> None:
    """The first wording is what everyone here has read."""
    services.submit_recommendation(recruitment, person, 1)


def test_two_who_decide_at_once_decide_once(room: Room) -> None:
    recommend(room.case, room.case.first)
    outcome = room.together(("chef", decide(Ruling.FOLLOW)), ("chef", decide(Ruling.NOBODY)))
    assert outcome == ["Refused", "done"]
    assert room.told == ["Afgørelsen er truffet. Den kan ikke ændres."]
    ruling = db.session.scalars(db.select(Decision.ruling)).one()
    hired = room.case.candidate(room.case.first).state == "hired"
    assert hired == (ruling == Ruling.FOLLOW), "who is hired follows from the one decision"


def test_a_hearing_is_raised_while_the_recommendation_is_submitted(room: Room) -> None:
    """Raised first, it keeps the recommendation from being submitted; raised second, from being decided on."""
    world, case = room.case.world, room.case
    with unit_of_work():
        facts = RefereeFacts("Anden Referent", "Kollega", current_employer=False)
        referee = add_referee(case.candidate(case.first), facts)
    check_id = finished_talk(referee, world.people["recruiter"]).id
    reasons = {row.competency_id: "Eksemplerne fra samtalen viste det." for row in case.recruitment.profile}
    with unit_of_work():
        services.save_recommendation(case.recruitment, world.people["member"], Wording(case.first, REASON, reasons), 0)

    def raise_hearing(_recruitment: Recruitment, person: Person) -> None:
        check = db.session.get(ReferenceCheck, check_id)
        assert check is not None
        judge_fact(
            check, person, Judgement("Projektet blev forsinket.", is_new=True, unfavourable=True, essential=True)
        )

    outcome = room.together(("member", submit), ("recruiter", raise_hearing))
    assert len(db.session.scalars(db.select(Hearing)).all()) == 1
    submissions = len(db.session.scalars(db.select(Submission)).all())
    assert (outcome, submissions) in [(["Refused", "done"], 0), (["done", "done"], 1)]
    if submissions:
        assert room.together(("chef", decide(Ruling.FOLLOW))) == ["Refused"]
    assert room.told == [f"Partshøringen af {case.candidate(case.first).name} er ikke afsluttet."]
    assert db.session.scalars(db.select(Decision)).all() == []


def test_two_who_save_at_once_save_one_wording_and_lose_no_text(room: Room) -> None:
    kept: list[drafts.Kept] = []

    def save(recruitment: Recruitment, person: Person) -> None:
        wording = Wording(room.case.first, f"Skrevet af {person.name}.", {})
        kept.append(drafts.save(recruitment, person, wording, Shown(0)))

    assert room.together(("member", save), ("recruiter", save)) == ["done", "done"]
    saved = db.session.scalars(db.select(Recommendation)).one()
    waiting = db.session.scalars(db.select(RecommendationDraft).where(RecommendationDraft.pending)).one()
    assert {saved.reason, waiting.reason} == {"Skrevet af Member.", "Skrevet af Recruiter."}
    assert [found.saved is None for found in kept] == [False, True], "the second one is shown both texts"


def test_one_saves_a_wording_while_another_submits(room: Room) -> None:
    """What was read is submitted and nothing written on it, or the other wording comes first and has to be read."""
    reasons = {row.competency_id: "Eksemplerne fra samtalen viste det." for row in room.case.recruitment.profile}
    with unit_of_work():
        person = room.case.world.people["member"]
        services.save_recommendation(room.case.recruitment, person, Wording(room.case.first, REASON, reasons), 0)

    def save(recruitment: Recruitment, person: Person) -> None:
        drafts.save(recruitment, person, Wording(room.case.first, f"{REASON} Igen.", reasons), Shown(1))

    assert room.together(("recruiter", save), ("member", submit)) == ["Refused", "done"]
    submitted = len(db.session.scalars(db.select(Submission)).all())
    wordings = len(db.session.scalars(db.select(Recommendation)).all())
    assert (submitted, wordings) in [(1, 1), (0, 2)]
    told = {
        1: "Indstillingen er indsendt og afventer afgørelse. Den kan ikke ændres.",
        2: "Indstillingen er ændret, siden",
    }
    assert [text.startswith(told[wordings]) for text in room.told] == [True]
