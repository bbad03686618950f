"""Invented persons, plans and recruitments for the demonstration, made by the features' own services."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from itertools import cycle
from typing import Any

import yaml
from sqlalchemy import func, select

from portal import clock
from portal.access import Role
from portal.audit.services import acting_as
from portal.balance import queries as balances
from portal.balance import rules as balance_rules
from portal.balance import services as balance_services
from portal.balance.rules import Focus, Wanted
from portal.checklists.queries import published
from portal.db import db
from portal.decisions import services as deciding
from portal.decisions.documents import whole_case
from portal.decisions.rules import Ruling
from portal.framework.models import Competency, FrameworkVersion
from portal.framework.queries import find_version
from portal.hearings import services as hearings
from portal.i18n import ZONE, in_denmark, speaking, today
from portal.interviews import queries as interviews
from portal.interviews import questions, rounds
from portal.interviews import services as interview_services
from portal.interviews.services import Draft
from portal.jobads import services as jobads
from portal.onboarding import decisions
from portal.onboarding import queries as onboarding
from portal.onboarding import services as onboarding_services
from portal.onboarding.decisions import ReviewText
from portal.onboarding.models import Plan
from portal.onboarding.schedule import TRIAL_REVIEW
from portal.overview.seeding import FRAMEWORK
from portal.paths import SEED_DATA
from portal.people import services as people_services
from portal.people.models import Office, Person
from portal.recruitment import services as recruitment_services
from portal.recruitment.models import Candidate, PanelMember, Recruitment
from portal.recruitment.rules import Choice
from portal.references import checks
from portal.references import queries as references
from portal.references import services as reference_services
from portal.references.models import Referee, ReferenceCheck
from portal.workdays import add_workdays, workday_from, workday_until

PASSWORD = "souschefportal-demo"
DOMAIN = "@portal.example"
LONG_AGO, WORKDAY_MINUTES, PAUSE = 300, 7 * 60, 9
INTERVIEW_MINUTES = 75
LATENESS = (-1, 0, -3, 1, 0, -2, 2)  # by how many days the items of a plan are done before or after their day
DEMO_SIGN_INS = ("souschef", "chef", "makker", "rekruttering", "udvalg1", "udvalg2", "udvalg3", "hr")


class RefusedDemo(ValueError):
    """The demonstration cannot be loaded into this database; the message is one line that says why."""


def load_demo() -> str:
    """Load the demonstration once; again changes nothing. Raises RefusedDemo where persons are or the seed is not."""
    if db.session.scalar(select(Person.id).where(~Person.email.endswith(DOMAIN)).limit(1)) is not None:
        raise RefusedDemo("demo: this database has persons of its own; the demonstration needs an empty one")
    if db.session.scalar(select(func.count()).select_from(Person)):
        return "the demonstration is there already"
    version = find_version(FRAMEWORK)
    if version is None:
        raise RefusedDemo("demo: the framework and the bank are missing; run portal seed first")
    content = yaml.safe_load((SEED_DATA / "demo.yaml").read_text(encoding="utf-8"))
    _Demo(content, version).load()
    return f"demonstration: {len(content['people'])} persons, password {PASSWORD}"


class _Demo:
    """Loads the file from top to bottom; persons and offices are found by address and name."""

    def __init__(self, content: dict[str, Any], version: FrameworkVersion) -> None:
        self.content, self.version = content, version
        self.people: dict[str, Person] = {}
        self.offices: dict[str, Office] = {}
        self.notes = cycle(content["notes"])
        self.minutes = 0
        self.last = clock.now()

    def load(self) -> None:
        with self._day(LONG_AGO):
            self._people_and_offices()
        for row in self.content["plans"]:
            self._plan(row)
        for row in self.content["balances"]:
            self._balance(row)
        for row in self.content["recruitments"]:
            self._recruitment(row)

    @contextmanager
    def _day(self, days_ago: int, person: Person | None = None) -> Iterator[None]:
        """What this person does happens on a weekday that long ago, some minutes after what they did before."""
        day = today() - timedelta(days=days_ago)
        day = workday_until(day)
        self.minutes = (self.minutes + 23) % WORKDAY_MINUTES
        moment = datetime.combine(day, time(8, 5), ZONE) + timedelta(minutes=self.minutes)
        with clock.at(moment), acting_as(person.id) if person else nullcontext():
            yield

    def _people_and_offices(self) -> None:
        password_hash = ""
        for row in self.content["people"]:
            roles = [Role(role) for role in row.get("roles", [])]
            person = people_services.add_person(row["email"], row["name"], job_title=row["job_title"], roles=roles)
            if not password_hash:
                people_services.set_password(person, PASSWORD)
                password_hash = person.password_hash
            person.password_hash, person.must_change_password = password_hash, False
            self.people[person.email] = person
        for row in self.content["offices"]:
            self.offices[row["name"]] = people_services.add_office(row["name"], self.people[row["chef"]])

    def _plan(self, row: dict[str, Any]) -> None:
        """Planned in time for the first items; what is signed off was done and decided on the way."""
        office, start = self.offices[row["office"]], today() + timedelta(days=row["starts_in"])
        self.last = datetime.combine(min(start, today()) - timedelta(days=row["planned_before"]), time(8, 5), ZONE)
        with self._next(self.last.date(), office.chef):
            plan = onboarding_services.start_plan(
                published()[0],
                self.version,
                office,
                self.people[row["souschef"]],
                start,
                buddy=self.people.get(row.get("buddy", "")),
                created_by=office.chef,
            )
        for phase in row["signed"]:
            self._ask(plan, phase)
            self._decide(plan, decisions.approve_milestone, phase, self.content["approve_comment"])
        if row.get("returned"):
            self._ask(plan, row["returned"])
            self._decide(plan, decisions.return_milestone, row["returned"], self.content["return_comment"])
        if row.get("not_relevant"):
            item = next(item for item in plan.items if item.title.startswith(row["not_relevant"]))
            with self._next(self.last.date() + timedelta(days=2), plan.souschef):
                onboarding_services.ask_waiver(item, plan.souschef, self.content["not_relevant"], decides=False)

    @contextmanager
    def _next(self, day: date, person: Person | None) -> Iterator[None]:
        """What this person does on that working day, but after all that has happened on the plan, and before today."""
        day = min(workday_from(max(day, self.last.date())), workday_until(today() - timedelta(days=1)))
        moment = datetime.combine(day, time(8, 5), ZONE)
        self.last = max(moment, self.last) + timedelta(minutes=PAUSE)
        with clock.at(self.last), acting_as(person.id) if person else nullcontext():
            yield

    def _ask(self, plan: Plan, phase: str) -> None:
        """Each item is done about its day by the one who is responsible; then sign-off is asked for."""
        holders = {"souschef": plan.souschef, "chef": self._chef(plan), "makker": plan.buddy or self._chef(plan)}
        for item, late in zip(onboarding.items_of(plan, phase), cycle(LATENESS), strict=False):
            note = next(self.notes) if item.responsible == "souschef" else ""
            holder = holders.get(item.responsible, self.people["hr@portal.example"])
            with self._next(item.due_date + timedelta(days=late), holder):
                onboarding_services.complete_item(item, holder, note)
        onboarding_services.recount(plan.id)
        due = next(m.due_date for m in plan.milestones if m.phase == phase)
        if phase == TRIAL_REVIEW:
            with self._next(due, self._chef(plan)):
                decisions.write_review(plan, self._chef(plan), ReviewText(**self.content["review"]), share=True)
        with self._next(due, plan.souschef):
            decisions.request_sign_off(plan, phase, plan.souschef)

    def _decide(self, plan: Plan, decide: Callable[..., None], phase: str, comment: str) -> None:
        with self._next(self.last.date() + timedelta(days=1), self._chef(plan)):
            decide(plan, phase, self._chef(plan), comment)

    def _chef(self, plan: Plan) -> Person:
        assert plan.office.chef is not None  # every office of the demonstration has one
        return plan.office.chef

    def _balance(self, row: dict[str, Any]) -> None:
        pair = balances.find_pair(self.offices[row["office"]].id, self.people[row["souschef"]].id)
        assert pair is not None  # placed there by the plan
        for version in row["versions"]:
            focus = tuple(Focus(key, better) for key, better in version["focus"].items())
            wanted = Wanted(version["weights"], focus, version.get("reason", ""))
            seen = balance_rules.seen(balances.history(pair.office_id, pair.souschef_id))
            proposer, days_ago = self.people[version["by"]], version["days_ago"]
            with self._day(days_ago, proposer):
                made = balance_services.propose(pair, self.version, proposer, wanted, seen, today())
            other = pair.office.chef if proposer is pair.souschef else pair.souschef
            if version["answered"] and other:
                with self._day(days_ago - 3, other):
                    balance_services.confirm(balances.Proposal(pair, made), other, today())

    def _recruitment(self, row: dict[str, Any]) -> None:
        recruiter, days_ago, times = self.people["rekruttering@portal.example"], row["days_ago"], _interview_times(row)
        office = self.offices[row["office"]]
        with self._day(days_ago["begun"], recruiter):
            recruitment = recruitment_services.add_recruitment(
                row["title"],
                office,
                self.version,
                recruiter,
                case_number=row["case_number"],
                authority=office.chef,
                deadline=in_denmark(today() + timedelta(days=days_ago["begun"] - days_ago["candidates"] - 3), time(12)),
                starts_on=today() + timedelta(days=60),
            )
            self._choose_profile(recruitment, row)
            questions.suggest_questions(recruitment.rounds[0])
            drafted = jobads.draft(recruitment, recruiter)
            jobads.save(recruitment, replace(drafted.says, **self.content["ad"]), recruiter, drafted.number)
        with self._day(days_ago["panel"], recruiter):
            members = [
                recruitment_services.add_member(recruitment, self.people[email], chair=n == 0)
                for n, email in enumerate(row["panel"])
            ]
            reference_services.build_guide(recruitment)
        with self._day(days_ago["candidates"], recruiter):
            candidates = [recruitment_services.add_candidate(recruitment, c["name"]) for c in row["candidates"]]
            for candidate, local in zip(candidates, times, strict=True):
                rounds.set_time(candidate.interviews[0], local, INTERVIEW_MINUTES, row["place"])
        for n, (candidate, candidate_row) in enumerate(zip(candidates, row["candidates"], strict=True)):
            for member, scores in zip(members, candidate_row["scores"], strict=False):
                with self._day(days_ago["interviews"] - n, member.person):
                    self._assess(recruitment, candidate, member, scores)
        with self._day(days_ago["referees"], recruiter):
            self._referees(recruitment, row["referees"])
        self._references(recruitment, row["referees"])
        if "ended" in row:
            self._end(recruitment, **row["ended"])

    def _choose_profile(self, recruitment: Recruitment, row: dict[str, Any]) -> None:
        competencies: dict[str, Competency] = {c.key: c for part in self.version.parts for c in part.competencies}
        heavy = row.get("heavy", {})
        recruitment_services.choose_profile(
            recruitment,
            [
                Choice(
                    competencies[key].id,
                    weight=heavy["weight"] if key == heavy.get("competency") else 1,
                    minimum=3 if key == row["must_have"] else None,
                    reason=heavy["reason"] if key == heavy.get("competency") else "",
                )
                for key in row["competencies"]
            ],
        )
        db.session.refresh(recruitment)

    def _assess(
        self, recruitment: Recruitment, candidate: Candidate, member: PanelMember, scores: list[int | None]
    ) -> None:
        recruitment_services.declare_impartiality(candidate, member, True)
        asked = interviews.scorecard(recruitment)
        drafts = {
            question.id: Draft(score, score is None, self.content["evidence"][str(score)] if score else "")
            for question, score in zip(asked, scores, strict=True)
        }
        interview_services.submit_assessment(interview_services.save_draft(candidate.interviews[0], member, drafts))

    def _end(self, recruitment: Recruitment, days_ago: int, hired: str, filed: bool) -> None:
        """Recommended, decided, answered and perhaps filed, long before today."""
        recruiter, authority = recruitment.recruiter, recruitment.authority
        assert authority is not None  # every office of the demonstration has a chef
        chosen = next(candidate for candidate in recruitment.candidates if candidate.name == hired)
        reasons = {row.competency_id: self.content["recommended_for"] for row in recruitment.profile}
        wording = deciding.Wording(chosen.id, self.content["recommended"].format(name=hired), reasons)
        with self._day(days_ago + 3, recruiter):
            deciding.save_recommendation(recruitment, recruiter, wording, 0)
            deciding.submit_recommendation(recruitment, recruiter, 1)
        with speaking("da"), self._day(days_ago, authority):
            deciding.decide(recruitment, authority, Ruling.FOLLOW, None, "")
        with speaking("da"), self._day(days_ago - 2, recruiter):
            for candidate in (c for c in recruitment.candidates if c is not chosen):
                deciding.save_refusal(candidate, recruiter, self.content["refusal"].format(name=candidate.name), 0)
                deciding.review_refusal(candidate, recruiter, 1)
                deciding.send_refusal(candidate, recruiter, today())
        if filed:
            with speaking("da"), self._day(days_ago - 5, recruiter):
                content = whole_case(recruitment, recruiter.id)
                deciding.file_record(recruitment, recruiter, recruitment.case_number, content, provisional=False)

    def _referees(self, recruitment: Recruitment, rows: list[dict[str, Any]]) -> None:
        candidates = {candidate.name: candidate for candidate in recruitment.candidates}
        for row in rows:
            facts = {name: row.get(name, "") for name in ("name", "relation", "period", "phone", "email")}
            referee = reference_services.add_referee(
                candidates[row["candidate"]],
                reference_services.RefereeFacts(current_employer=row["current_employer"], **facts),
            )
            if row.get("accept"):
                given_on = today() - timedelta(days=1)
                reference_services.record_accept(referee, recruitment.recruiter, given_on=given_on, how=row["accept"])

    def _references(self, recruitment: Recruitment, rows: list[dict[str, Any]]) -> None:
        """Follow-ups are proposed before anyone is called; then come talks, written answers and what was judged."""
        found = {referee.name: referee for referee in references.referees(recruitment)}
        talks = [(found[row["name"]], row) for row in rows if "answers" in row]
        for candidate in {referee.candidate for referee, _row in talks}:
            with self._day(talks[0][1]["days_ago"] + 1, recruitment.recruiter):
                checks.propose_probes(candidate, recruitment.recruiter_id)
                for n, probe in enumerate(references.probes_of([candidate.id])[candidate.id]):
                    checks.decide_probe(probe, recruitment.recruiter, accepted=n == 0, text=probe.text)
        for referee, row in talks:
            with self._day(row["days_ago"], recruitment.recruiter):
                check = checks.start_check(referee, recruitment.recruiter)
                if row.get("online"):
                    checks.make_link(check, "da")
                else:
                    self._note(recruitment, check, row)
            if row.get("online"):
                with self._day(row["days_ago"] - 1):
                    checks.save_answers(check, _answers(referee, row), checks.Seen.by_referee(0, ""))
                    checks.submit_form(check.links[-1])

    def _note(self, recruitment: Recruitment, check: ReferenceCheck, row: dict[str, Any]) -> None:
        checks.save_answers(check, _answers(check.referee, row), checks.Seen())
        checks.save_note(check, checks.Note(today(), row["minutes"], row["note"]), recruitment.recruiter)
        judged = hearings.Judgement(row["fact"], is_new=True, unfavourable=True, essential=True)
        hearings.judge_fact(check, recruitment.recruiter, judged)


def _interview_times(row: dict[str, Any]) -> list[datetime]:
    """Each is interviewed a working day before the panel assesses them; who has not been assessed comes today."""
    times = []
    for n, candidate in enumerate(row["candidates"]):
        assessed = workday_until(today() - timedelta(days=row["days_ago"]["interviews"] - n))
        day = add_workdays(assessed, -1) if candidate["scores"] else workday_from(today())
        times.append(datetime.combine(day, time(9 + 2 * n)))
    return times


def _answers(referee: Referee, row: dict[str, Any]) -> dict[str, str]:
    """What the referee says to each question in turn; one who has nothing to say to the last leaves them empty."""
    return dict(zip(checks.asked_of(referee).names(), row["answers"], strict=False))
