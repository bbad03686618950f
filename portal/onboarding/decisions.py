"""Writing sign-offs and the review of the trial period; what was decided is appended and never overwritten."""

from dataclasses import dataclass
from typing import Any

from portal.audit.services import record
from portal.clock import now
from portal.db import db, lock_row
from portal.digests import digest
from portal.errors import Refused
from portal.onboarding import queries
from portal.onboarding.models import MilestoneEvent, Plan, TrialReview
from portal.onboarding.rules import (
    Blocker,
    MilestoneEventKind,
    MilestoneState,
    decision_blockers,
    open_required,
    reopen_blockers,
    request_blockers,
    return_blockers,
    snapshot,
)
from portal.onboarding.schedule import TRIAL_REVIEW
from portal.onboarding.services import recount, refuse
from portal.onboarding.texts import BLOCKER_TEXTS
from portal.people.models import Person


def _decide(plan: Plan, phase: str, kind: MilestoneEventKind, person: Person, comment: str) -> MilestoneEvent:
    event = MilestoneEvent(
        phase=phase, kind=kind.value, by=person, at=now(), comment=comment.strip(), snapshot=None, digest=""
    )
    if kind is MilestoneEventKind.APPROVED:
        event.snapshot = snapshot(phase, queries.with_events(queries.items_of(plan, phase)), _review_of(plan, phase))
        event.digest = digest(event.snapshot)
    plan.milestone_events.append(event)
    db.session.flush()
    recount(plan.id)
    record(f"onboarding.milestone_{kind.value}", plan, phase=phase, digest=event.digest)
    return event


def _state(plan: Plan, phase: str) -> MilestoneState:
    """The state of the milestone, read anew while everyone else who decides on the plan waits."""
    lock_row(plan)
    refuse([Blocker.ENDED] if plan.ended_at else [])
    return queries.state_of(plan, phase)


def request_sign_off(plan: Plan, phase: str, person: Person, comment: str = "") -> None:
    state = _state(plan, phase)
    items = queries.items_of(plan, phase)
    blockers = request_blockers(state, items)
    if blockers:
        lacking = [item.title for item in open_required(items)] if Blocker.ITEMS_OPEN in blockers else []
        raise Refused([*(BLOCKER_TEXTS[blocker] for blocker in blockers), *lacking])
    _decide(plan, phase, MilestoneEventKind.REQUESTED, person, comment)


def withdraw_request(plan: Plan, phase: str, person: Person) -> None:
    """The souschef takes the request back, and can change the items again."""
    refuse(return_blockers(_state(plan, phase)))
    _decide(plan, phase, MilestoneEventKind.WITHDRAWN, person, "")


def return_milestone(plan: Plan, phase: str, person: Person, comment: str) -> None:
    refuse(return_blockers(_state(plan, phase)))
    _decide(plan, phase, MilestoneEventKind.RETURNED, person, comment)


def approve_milestone(plan: Plan, phase: str, person: Person, comment: str = "") -> None:
    """Sign the milestone off, with a snapshot of exactly what was approved."""
    state = _state(plan, phase)
    missing = phase == TRIAL_REVIEW and shared_review(plan.id) is None
    refuse(decision_blockers(state, queries.items_of(plan, phase), review_is_missing=missing))
    _decide(plan, phase, MilestoneEventKind.APPROVED, person, comment)


def reopen_milestone(plan: Plan, phase: str, person: Person, reason: str) -> None:
    """Take a signed-off milestone up again; what was approved stays in the history with its digest."""
    refuse(reopen_blockers(_state(plan, phase)))
    _decide(plan, phase, MilestoneEventKind.REOPENED, person, reason)


@dataclass(frozen=True)
class ReviewText:
    """What the chef writes about the trial period."""

    strengths: str
    concerns: str
    actions: str


def write_review(plan: Plan, person: Person, text: ReviewText, *, share: bool) -> None:
    """Save a wording of the review; once it is shared, later wordings are shared as well."""
    lock_row(plan)
    refuse([Blocker.ENDED] if plan.ended_at else [])
    refuse([Blocker.LOCKED_APPROVED] if queries.state_of(plan, TRIAL_REVIEW) is MilestoneState.APPROVED else [])
    shared = share or shared_review(plan.id) is not None
    db.session.add(
        TrialReview(
            plan_id=plan.id,
            by=person,
            at=now(),
            strengths=text.strengths,
            concerns=text.concerns,
            actions=text.actions,
            shared=shared,
        )
    )
    db.session.flush()
    record("onboarding.share_review" if shared else "onboarding.draft_review", plan)


def add_remarks(plan: Plan, person: Person, remarks: str) -> None:
    """The souschef's own words beside the shared review."""
    lock_row(plan)
    refuse([] if shared_review(plan.id) else [Blocker.NO_REVIEW])
    refuse([Blocker.LOCKED_APPROVED] if queries.state_of(plan, TRIAL_REVIEW) is MilestoneState.APPROVED else [])
    db.session.add(TrialReview(plan_id=plan.id, by=person, at=now(), remarks=remarks, shared=True))
    db.session.flush()
    record("onboarding.remark_review", plan)


def shared_review(plan_id: int) -> TrialReview | None:
    """The last wording that the souschef and HR can see."""
    return next((r for r in reversed(queries.reviews_of(plan_id)) if r.shared and not r.remarks), None)


def _review_of(plan: Plan, phase: str) -> dict[str, Any]:
    """What an approval of the trial period says of the review: which wording it rested on, not its words."""
    if phase != TRIAL_REVIEW:
        return {}
    review = shared_review(plan.id)
    assert review is not None  # approval is refused without it
    words = {"strengths": review.strengths, "concerns": review.concerns, "actions": review.actions}
    return {"review": {"at": review.at.isoformat(), "by": review.by.name, "digest": digest(words)}}
