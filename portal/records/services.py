"""Writing how long data is kept, and deleting a candidate's data: the one door in what is append-only (docs/adr/0013).

In one unit of work, whoever was to write to the recruitment waiting: the row of the deletion log opens the door, the
rows go, names go out of what stays, and the log's row shuts the door with the counts of what went.
"""

from collections.abc import Collection, Iterable, Sequence
from itertools import chain, groupby
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import delete, select, update

from portal.audit.services import record
from portal.clock import now
from portal.db import db, lock_row
from portal.decisions.models import RefusalText
from portal.decisions.rules import names_in, without_names
from portal.errors import Refused
from portal.i18n import speaking, today
from portal.mail.models import OutgoingMail
from portal.people.models import Person
from portal.records import queries
from portal.records.lists import Row, rows_of
from portal.records.models import Deletion, RetentionSetting
from portal.records.rules import Blocker, due_blockers, filing_blockers, is_reason, retention_blockers
from portal.records.texts import BLOCKER_TEXTS
from portal.recruitment.models import Candidate, CandidateEvent, Recruitment

OPEN = -1  # no row has this id
NO_WORDS: dict[str, Any] = {"reason": "", "must_have_reason": "", "reasons": [], "minority": []}


def set_retention(months: int, reason: str, by: Person) -> RetentionSetting:
    """From now on applicants' data is kept for so many months after the process ended."""
    blockers = retention_blockers(months, reason)
    if blockers:
        raise Refused([BLOCKER_TEXTS[blocker] for blocker in blockers])
    setting = RetentionSetting(months=months, reason=reason, by=by, at=now())
    db.session.add(setting)
    db.session.flush()
    record("records.set_retention", setting, months=months)
    return setting


def why_kept(rows: Iterable[Row], months: int) -> dict[int, list[Blocker]]:
    """For each candidate whose data is still to be kept why."""
    found = {row.id: due_blockers(row.ended_on, months, today()) for row in rows}
    return {candidate_id: blockers for candidate_id, blockers in found.items() if blockers}


def reason_blockers(rows: Sequence[Row], text: str) -> list[Blocker]:
    """What keeps a text out of the deletion log: it must say something, and name none of those it is about."""
    names = [*(row.name for row in rows), *queries.referee_names([row.id for row in rows])]
    blockers = [] if is_reason(text) else [Blocker.NO_REASON]
    return [*blockers, Blocker.NAMED] if names_in(text, "", names) else blockers


def delete_candidates(
    candidate_ids: Collection[int], by: Person, reason: str, unfiled_reason: str = ""
) -> list[Deletion]:
    """Delete what the portal holds on these candidates, all or none; raises Refused with why not.

    `unfiled_reason` is why a case that has not been filed need not be.
    """
    _lock(candidate_ids)
    months = queries.months_kept()
    rows = rows_of(candidate_ids, months)
    blockers = [] if rows and len(rows) == len(candidate_ids) else [Blocker.GONE]
    blockers += chain.from_iterable(why_kept(rows, months).values())
    for row in rows:
        blockers += filing_blockers(filed=bool(row.filed_under), unfiled_reason=unfiled_reason)
    for text in (reason, unfiled_reason) if unfiled_reason else (reason,):
        blockers += reason_blockers(rows, text)
    if blockers:
        raise Refused([BLOCKER_TEXTS[blocker] for blocker in dict.fromkeys(blockers)])
    made: list[Deletion] = []
    for recruitment_id, group in groupby(rows, key=lambda row: row.recruitment_id):
        opened = [_opened(row, by, months, reason, unfiled_reason) for row in group]
        _erase(recruitment_id, opened)
        made += opened
    return made


def _lock(candidate_ids: Collection[int]) -> None:
    """Always in the same order, so that two who delete at once do not wait for each other."""
    ids = select(Candidate.recruitment_id).where(Candidate.id.in_(candidate_ids))
    query = select(Recruitment).where(Recruitment.id.in_(ids)).order_by(Recruitment.id)
    for recruitment in db.session.scalars(query):
        lock_row(recruitment)


def _opened(row: Row, by: Person, months: int, reason: str, unfiled_reason: str) -> Deletion:
    """The row of the deletion log, with the door open."""
    assert row.ended_on is not None  # refused without an end
    deletion = Deletion(
        candidate_id=row.id,
        recruitment_id=row.recruitment_id,
        case_number=row.filed_under,
        unfiled_reason="" if row.filed_under else unfiled_reason,
        reason=reason,
        months=months,
        ended_on=row.ended_on,
        counts={},
        door=OPEN,
        by=by,
        at=now(),
    )
    db.session.add(deletion)
    db.session.flush()
    return deletion


def _erase(recruitment_id: int, deletions: Sequence[Deletion]) -> None:
    ids = [deletion.candidate_id for deletion in deletions]
    counts = queries.holdings(ids)
    gone = list(db.session.scalars(select(Candidate).where(Candidate.id.in_(ids))))
    names = {*(candidate.name for candidate in gone), *queries.referee_names(ids)}
    _execute(delete(OutgoingMail).where(queries.mails_about(ids)))
    for lead in queries.DELETED:
        _execute(delete(lead.class_).where(queries.rows_about(lead, ids)))
    _execute(update(CandidateEvent).where(CandidateEvent.candidate_id.in_(ids)).values(reason=""))
    _execute(update(RefusalText).where(RefusalText.candidate_id.in_(ids)).values(text=""))
    for candidate in gone:
        with speaking("da"):  # it stands among names and texts that are Danish, too
            candidate.name = _("Deleted candidate %(number)s", number=candidate.id)
        candidate.deleted_at = now()
    db.session.flush()
    _empty_recommendations(recruitment_id, ids)
    _take_out(names, recruitment_id)
    for deletion in deletions:
        deletion.counts, deletion.door = counts[deletion.candidate_id], None
    db.session.flush()
    for deletion in deletions:
        record("records.delete_candidate", deletion.candidate, deletion_id=deletion.id)


def _execute(statement: Any) -> None:
    db.session.execute(statement, execution_options={"synchronize_session": False})


def _empty_recommendations(recruitment_id: int, candidate_ids: Collection[int]) -> None:
    """What was written for or against recommending one of these; who recommended and decided when, stays."""
    about = queries.wordings(recruitment_id, candidate_ids)
    for wording in about:
        wording.reason, wording.reasons, wording.must_have_reason = "", {}, ""
    submitted = queries.submissions(recruitment_id)
    emptied = [submission for submission in submitted if submission.recommendation in about]
    for submission in emptied:
        candidate = submission.recommendation.candidate
        named = {"candidate": {"id": candidate.id, "name": candidate.name} if candidate else None}
        submission.snapshot = {**submission.snapshot, **named, **NO_WORDS}
    for decision in (submission.decision for submission in submitted):
        if decision and (decision.submission in emptied or decision.candidate_id in candidate_ids):
            decision.reason = ""
    for opinion in queries.opinions(recruitment_id) if emptied else ():
        opinion.text = ""
    db.session.flush()


def _take_out(names: Collection[str], recruitment_id: int) -> None:
    """Take these names out of what was written about the other candidates and the recruitment as a whole.

    A part of a name is no trace where someone is called so whose name stays.
    """
    kept = queries.names_that_stay(recruitment_id)
    wanted = sorted(set(names) - kept)
    for row in queries.rows_of_case(recruitment_id) if wanted else ():
        for name in queries.texts_of(type(row)):
            written = getattr(row, name)
            cleaned = _without(written, wanted, kept)
            if cleaned != written:
                setattr(row, name, cleaned)
    db.session.flush()


def _without(value: Any, names: Sequence[str], kept: Collection[str]) -> Any:
    """The same content without the names."""
    if isinstance(value, str):
        return without_names(value, " ".join(kept), names)
    if isinstance(value, dict):
        return {key: _without(found, names, kept) for key, found in value.items()}
    return [_without(found, names, kept) for found in value] if isinstance(value, list) else value
