"""A recruitment that ended long ago, with something about the first candidate in every table that can hold it."""

from dataclasses import replace
from datetime import date, timedelta

from portal import clock
from portal.audit.services import acting_as
from portal.clock import now
from portal.db import db, unit_of_work
from portal.decisions import drafts
from portal.decisions import services as decisions
from portal.decisions.rules import Ruling
from portal.hearings import services as hearings
from portal.hearings.rules import Step
from portal.hearings.services import Taken
from portal.hearings.texts import danish
from portal.i18n import speaking, today
from portal.interviews.models import InterviewClosing, QuestionDrop
from portal.interviews.queries import scorecard
from portal.mail.services import enqueue
from portal.records.rules import later_by
from portal.references import checks
from portal.references import services as references
from portal.references.models import GuideProbe
from portal.references.services import RefereeFacts
from tests.decisions.case import FIRST, SECOND, Opened, amend_and_agree, opened
from tests.factories import World, finished_talk

REFEREE, PHONE, EMAIL = "Referent Rask", "33 00 00 00", "ulla.ukendt@arbejdsgiver.example"
# who the first candidate and the referees are, and a word of each text that is about this candidate alone
NAMED = ("Kirkegaard", REFEREE, PHONE, EMAIL, "Ulla Ukendt")
WORDS = (
    "Roligere end", "LUKKET", "SPOERGSMAAL", "SVAR", "NOTAT", "TILFOEJELSE", "FAKTUM", "BREV", "ACCEPT", "TILBAGEKALDT",
    "STED", "AFSLAG",
)  # fmt: skip
# and of each text about recommending and deciding, which goes with the candidate whom it recommends
RECOMMENDING = ("UGEMT", "INDSTILLET", "KOMPETENCE", "SKALKRAV", "MINDRETAL")
OTHERS = "UNIKT-ANDEN"


def ago(months: int) -> date:
    return later_by(-months, today())


def ended(world: World, *, months: int = 8, recommended: bool = True, filed: bool = True) -> Opened:
    """Decided that many months ago: the first candidate recommended and the second hired, or the other way round."""
    then = clock.now() - (today() - ago(months))
    with speaking("da"), clock.at(then - timedelta(days=10)):
        case = opened(world)
        amend_and_agree(case)
        _refer(case)
        _assess_more(case)
    with speaking("da"), clock.at(then):
        _recommend(case, case.first if recommended else case.second)
        _decide(case, case.second if recommended else case.first)
        _answer(case, case.first if recommended else case.second)
        if filed:
            file(case)
    return case


def file(case: Opened, number: str = "26-777") -> None:
    with unit_of_work(), acting_as(case.world.people["recruiter"].id):
        decisions.file_record(case.recruitment, case.world.people["recruiter"], number, {}, provisional=False)


def _refer(case: Opened) -> None:
    """A finished talk with a hearing about it, a second referee with a withdrawn accept, and a link by mail."""
    recruiter, referee = case.world.people["recruiter"], case.world.referee
    check = finished_talk(referee, recruiter, f"NOTAT: {FIRST} ledede et stort projekt.")
    candidate = case.candidate(case.first)
    with unit_of_work():
        checks.add_addendum(check, recruiter, f"TILFOEJELSE om {FIRST}")
        judged = hearings.Judgement(f"FAKTUM om {FIRST}", is_new=True, unfavourable=True, essential=True)
        hearing = hearings.judge_fact(check, recruiter, judged)
        day = today() + timedelta(days=7)
        letter = f"BREV til {FIRST} efter forvaltningslovens § 19. Vi skal have dit svar senest den {danish(day)}."
        for step, text in ((Step.REVIEWED, letter), (Step.SENT, letter), (Step.REPLIED, f"BREV fra {FIRST}")):
            hearings.take_step(hearing, recruiter, Taken(step, text, day if step is not Step.REPLIED else None))
        facts = RefereeFacts("Ulla Ukendt", f"Chef for {FIRST}", current_employer=False, phone=PHONE, email=EMAIL)
        other = references.add_referee(candidate, facts)
        references.record_accept(other, recruiter, given_on=today(), how=f"ACCEPT fra {FIRST}")
        competency = candidate.recruitment.profile[0].competency_id
        text = f"SPOERGSMAAL om {FIRST}"
        probe = GuideProbe(candidate_id=candidate.id, competency_id=competency, text=text, why="thin", accepted=True)
        db.session.add(probe)
        db.session.flush()
        asked = checks.start_check(other, recruiter)
        checks.make_link(asked, "da")
        checks.save_answers(asked, {f"p_{probe.id}": f"SVAR om {FIRST}"}, checks.Seen.by_referee(0, ""))
        key = f"reference-link-{asked.links[0].id}"
        enqueue(key, address=EMAIL, name="Ulla Ukendt", subject="Reference", body=f"Om {FIRST}")
        references.withdraw_accept(other, recruiter, f"TILBAGEKALDT af {FIRST}")


def _assess_more(case: Opened) -> None:
    """A closing, a dropped question and a place; and the first candidate in what is written about the others."""
    with unit_of_work():
        recruitment, chair = case.recruitment, case.world.people["member"]
        for candidate in recruitment.candidates:
            reason = f"LUKKET, mens {FIRST} ventede." if candidate.id == case.first else f"Udsat for {FIRST}."
            closing = InterviewClosing(
                interview_id=candidate.interviews[0].id, closes=False, reason=reason, by_id=chair.id, at=now()
            )
            db.session.add(closing)
        case.candidate(case.first).interviews[0].place = f"STED for {FIRST}"
        question = scorecard(recruitment)[-1]
        db.session.add(QuestionDrop(question_id=question.id, reason=f"Kun {FIRST} fik det.", by_id=chair.id, at=now()))
        decisions.write_opinion(recruitment, case.world.people["member2"], f"MINDRETAL: hellere {FIRST} end {SECOND}.")


def _recommend(case: Opened, candidate_id: int) -> None:
    recruitment, chair = case.recruitment, case.world.people["member"]
    with unit_of_work(), acting_as(chair.id):
        reasons = {row.competency_id: f"KOMPETENCE: {FIRST} viste det." for row in recruitment.profile}
        wording = decisions.Wording(candidate_id, f"INDSTILLET: {FIRST}, {SECOND}.", reasons, f"SKALKRAV: {FIRST}")
        decisions.save_recommendation(recruitment, chair, wording, 0)
        drafts.keep(recruitment, case.world.people["member2"], replace(wording, reason="UGEMT"), drafts.Shown(1))
        decisions.submit_recommendation(recruitment, chair, 1)


def _decide(case: Opened, hired: int) -> None:
    chef, reason = case.world.people["chef"], f"AFGOERELSE: {FIRST} eller {SECOND}."
    with unit_of_work(), acting_as(chef.id):
        decisions.decide(case.recruitment, chef, Ruling.OTHER, hired, reason)


def _answer(case: Opened, candidate_id: int) -> None:
    """The refusal to the one who was not hired, sent."""
    recruiter, candidate = case.world.people["recruiter"], case.candidate(candidate_id)
    with unit_of_work(), acting_as(recruiter.id):
        decisions.save_refusal(candidate, recruiter, f"AFSLAG til {candidate.name}", 0)
        decisions.review_refusal(candidate, recruiter, 1)
        decisions.send_refusal(candidate, recruiter, today())
