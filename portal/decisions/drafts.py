"""What someone writes on the recommendation saves itself, for them alone, until they save it for the panel."""

from dataclasses import dataclass, replace

from portal.audit.services import record
from portal.clock import now
from portal.db import db
from portal.decisions import queries, services
from portal.decisions.models import Recommendation, RecommendationDraft
from portal.decisions.queries import Case
from portal.decisions.rules import stage_blockers
from portal.decisions.services import Wording
from portal.drafts import NOTHING_SEEN, Seen
from portal.people.models import Person
from portal.recruitment.models import Recruitment


@dataclass(frozen=True)
class Shown:
    """What the page showed when the text was written: the number of the newest wording, and the draft."""

    wording: int
    draft: Seen = NOTHING_SEEN


@dataclass(frozen=True)
class Kept:
    """`overtaken`: another page of the same person has changed the draft, so that nothing has been kept.

    `late`: the same page has sent something newer before. `latest` is the newest wording, `other` the same
    when someone has saved it meanwhile, and `saved` the one that has just been made of the draft.
    """

    draft: RecommendationDraft
    overtaken: bool = False
    late: bool = False
    other: Recommendation | None = None
    latest: Recommendation | None = None
    saved: Recommendation | None = None


def _begun(case: Case, person: Person, candidate_id: int | None) -> RecommendationDraft:
    draft = RecommendationDraft(
        recruitment_id=case.recruitment.id, candidate_id=candidate_id, by=person, pending=False, version=0
    )
    db.session.add(draft)
    return draft


def _write(recruitment: Recruitment, person: Person, wording: Wording, shown: Shown) -> Kept:
    case = services.locked(recruitment)
    services.refuse(stage_blockers(case.stage))
    draft = queries.draft_about(recruitment.id, person.id, wording.candidate_id)
    if draft and draft.pending and shown.draft.is_overtaken(draft.version, draft.saved_from):
        return Kept(draft, overtaken=True)
    other = case.latest if case.seen != shown.wording else None
    if draft and shown.draft.is_late(draft.saved_from):
        return Kept(draft, late=True, other=other)
    draft = draft or _begun(case, person, wording.candidate_id)
    draft.reason, draft.must_have_reason = wording.reason, wording.must_have_reason
    draft.reasons = {str(key): text for key, text in wording.reasons.items()}
    draft.seen, draft.at = shown.wording, now()
    draft.version, draft.saved_from = draft.version + 1, shown.draft.trace
    return Kept(draft, other=other, latest=case.latest)


def _says(text: Recommendation | RecommendationDraft) -> tuple[object, ...]:
    return (
        text.candidate_id,
        text.reason,
        text.must_have_reason,
        {key: said for key, said in text.reasons.items() if said},
    )


def _await_saving(kept: Kept, recruitment: Recruitment) -> None:
    """It waits while it says something that the newest wording does not; the log tells once that someone writes."""
    draft, waited = kept.draft, kept.draft.pending
    draft.pending = kept.latest is None or _says(draft) != _says(kept.latest)
    if draft.pending and not waited:
        record("decisions.begin_draft", recruitment)
    db.session.flush()


def keep(recruitment: Recruitment, person: Person, wording: Wording, shown: Shown) -> Kept:
    """Keep what has been typed so far; the wordings that the others see stay as they are."""
    kept = _write(recruitment, person, wording, shown)
    if not kept.late and not kept.overtaken:
        _await_saving(kept, recruitment)
    return kept


def save(recruitment: Recruitment, person: Person, wording: Wording, shown: Shown) -> Kept:
    """Make a wording of the draft for the others to see; kept as a draft where someone else has saved meanwhile."""
    kept = _write(recruitment, person, wording, shown)
    if kept.overtaken:
        return kept
    if kept.other:
        _await_saving(kept, recruitment)
        return kept
    kept.draft.pending = False
    return replace(kept, saved=services.save_recommendation(recruitment, person, wording, shown.wording))


def drop(recruitment: Recruitment, person: Person, candidate_id: int | None) -> None:
    """Leave what has been typed and not saved."""
    services.locked(recruitment)
    draft = queries.draft_about(recruitment.id, person.id, candidate_id)
    if draft is None or not draft.pending:
        return
    draft.pending = False
    draft.version += 1
    db.session.flush()
    record("decisions.drop_draft", recruitment)
