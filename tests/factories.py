"""The small world that tests begin with: made by the services, as users would make it."""

from dataclasses import dataclass
from datetime import date, timedelta

from argon2 import PasswordHasher
from sqlalchemy import select

from portal.access import Role
from portal.checklists.queries import published
from portal.db import db, unit_of_work
from portal.framework.models import FrameworkVersion
from portal.framework.queries import find_version
from portal.hearings import services as hearings
from portal.hearings.models import Hearing
from portal.i18n import today
from portal.interviews import questions
from portal.onboarding import services as onboarding
from portal.onboarding.models import Plan
from portal.people import services as people
from portal.people.models import Office, Person
from portal.recruitment import services as recruitment_services
from portal.recruitment.models import Recruitment
from portal.recruitment.rules import Choice
from portal.references import checks
from portal.references import services as references
from portal.references.models import Referee, ReferenceCheck

PASSWORD = "korrekt-hest-batteri"
_HASH = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1).hash(PASSWORD)  # as in conftest
PERSONS = (
    "souschef", "other_souschef", "chef", "other_chef", "buddy", "recruiter", "other_recruiter", "member", "member2",
    "outsider", "hr",
)  # fmt: skip
ROLES = {"recruiter": [Role.RECRUITER], "other_recruiter": [Role.RECRUITER], "hr": [Role.HR]}
PROFILE = ("personaleledelse-k4", "faglig-ledelse-k2", "driftsledelse-k1")


def make_person(name: str, *roles: Role) -> Person:
    person = people.add_person(f"{name}@portal.example", name.replace("_", " ").title(), roles=roles)
    person.password_hash, person.must_change_password = _HASH, False
    db.session.flush()
    return person


def version() -> FrameworkVersion:
    found = find_version("souschef")
    assert found is not None
    return found


def start_plan(office: Office, souschef: Person, start: date, buddy: Person | None = None) -> Plan:
    template = published()[0]
    return onboarding.start_plan(template, version(), office, souschef, start, buddy=buddy, created_by=office.chef)


def make_recruitment(title: str, office: Office, recruiter: Person, *panel: Person) -> Recruitment:
    recruitment = recruitment_services.add_recruitment(title, office, version(), recruiter)
    competencies = {c.key: c.id for part in version().parts for c in part.competencies}
    choices = [Choice(competencies[key], minimum=3 if n == 0 else None) for n, key in enumerate(PROFILE)]
    recruitment_services.choose_profile(recruitment, choices)
    db.session.refresh(recruitment)
    questions.suggest_questions(recruitment.rounds[0])
    for person in panel:
        recruitment_services.add_member(recruitment, person)
    return recruitment


def make_world() -> None:
    """Two offices with a running plan each, and a recruitment with a panel of two, a candidate and a referee."""
    person = {name: make_person(name, *ROLES.get(name, [])) for name in PERSONS}
    office = people.add_office("Kontor for prøver", person["chef"])
    other = people.add_office("Kontor for andre prøver", person["other_chef"])
    start_plan(office, person["souschef"], today() - timedelta(days=3), person["buddy"])
    start_plan(other, person["other_souschef"], today() + timedelta(days=20))
    recruitment = make_recruitment(
        "Souschef til prøve", office, person["recruiter"], person["member"], person["member2"]
    )
    candidate = recruitment_services.add_candidate(recruitment, "Kandidat Kirkegaard")
    references.build_guide(recruitment)
    facts = references.RefereeFacts("Referent Rask", "Kontorchef", current_employer=True, phone="33 00 00 00")
    references.add_referee(candidate, facts)


def finished_talk(
    referee: Referee, person: Person, note: str = "Kandidaten ledede et stort projekt."
) -> ReferenceCheck:
    """What a referee said, noted down and finished."""
    with unit_of_work():
        references.record_accept(referee, person, given_on=today(), how="Pr. mail")
        check = checks.start_check(referee, person)
        name = checks.asked_of(referee).names()[0]
        checks.save_answers(check, {name: "Jeg var kandidatens chef."}, checks.Seen())
        checks.save_note(check, checks.Note(today(), 30, note), person)
    return check


def open_hearing(referee: Referee, person: Person) -> Hearing:
    """A fact that calls for a hearing, which nobody has begun yet."""
    check = finished_talk(referee, person)
    with unit_of_work():
        judged = hearings.Judgement("Projektet blev forsinket.", is_new=True, unfavourable=True, essential=True)
        return hearings.judge_fact(check, person, judged)


@dataclass
class World:
    """The rows of the world, loaded from the database of this test."""

    people: dict[str, Person]
    office: Office
    plan: Plan
    other_plan: Plan
    recruitment: Recruitment
    referee: Referee

    @classmethod
    def load(cls) -> "World":
        persons = {p.email.split("@")[0]: p for p in db.session.scalars(select(Person))}
        plans = list(db.session.scalars(select(Plan).order_by(Plan.id)))
        recruitment = db.session.scalars(select(Recruitment)).one()
        referee = db.session.scalars(select(Referee)).one()
        return cls(persons, plans[0].office, plans[0], plans[1], recruitment, referee)

    def item_of(self, responsible: str, phase: str = "before_start") -> int:
        """The id of the first item of the plan in that phase that this one is responsible for."""
        return next(i.id for i in self.plan.items if i.responsible == responsible and i.phase == phase)
