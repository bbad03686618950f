"""Decisions about recommending, deciding and answering, on plain values.

Rules (design, "Recruitment and interviews"): the panel recommends with reasons, the hiring authority decides, and
every applicant gets an answer. Nothing here ranks anyone.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from enum import StrEnum
from itertools import chain

MIN_REASON = 10
REDACTED = "[…]"
PLACEHOLDER = re.compile(r"\[[^\]\n]{3,}\]")


class Stage(StrEnum):
    """How far a recommendation has come."""

    DRAFTING = "drafting"
    SUBMITTED = "submitted"
    DECIDED = "decided"


class Ruling(StrEnum):
    """What the hiring authority may answer."""

    FOLLOW = "follow"
    OTHER = "other"
    NOBODY = "nobody"
    RETURN = "return"


class Blocker(StrEnum):
    """Why a recommendation, a decision or an answer is not possible now."""

    NOTHING_SAVED = "nothing_saved"
    UNCHANGED = "unchanged"
    NO_REASON = "no_reason"
    NO_COMPETENCY_REASON = "no_competency_reason"
    NO_INTERVIEW = "no_interview"
    NOT_OPEN = "not_open"
    OUT = "out"
    MUST_HAVE = "must_have"
    NO_AUTHORITY = "no_authority"
    SUBMITTED = "submitted"
    DECIDED = "decided"
    NOT_SUBMITTED = "not_submitted"
    NO_DECISION_REASON = "no_decision_reason"
    NO_CANDIDATE = "no_candidate"
    SAME_CANDIDATE = "same_candidate"
    # an answer to a candidate
    NOT_REVIEWED = "not_reviewed"
    UNFINISHED = "unfinished"
    ANSWERED = "answered"
    HIRED = "hired"
    PROPOSED = "proposed"
    # filing
    NO_CASE_NUMBER = "no_case_number"
    NOT_DECIDED = "not_decided"


def is_reason(text: str) -> bool:
    return len(text.strip()) >= MIN_REASON


def stage_of(*, submitted: bool, ruling: str | None) -> Stage:
    """From the newest submission and its ruling, if any; what is returned is drafted anew."""
    if not submitted or ruling == Ruling.RETURN:
        return Stage.DRAFTING
    return Stage.SUBMITTED if ruling is None else Stage.DECIDED


def standing_blockers(interviews: Collection[int], opened: Collection[int], *, out: bool) -> list[Blocker]:
    """Why a candidate can neither be recommended nor hired now."""
    blockers = [Blocker.OUT] if out else []
    if not interviews:
        blockers.append(Blocker.NO_INTERVIEW)
    elif not set(interviews) <= set(opened):
        blockers.append(Blocker.NOT_OPEN)
    return blockers


def reason_blockers(
    profile: Iterable[int], reasons: Mapping[int, str], *, reason: str, failed: Collection[int], must_have_reason: str
) -> list[Blocker]:
    """What the reasons for recommending a candidate lack. `failed` are must-haves that the candidate does not meet."""
    blockers = [] if is_reason(reason) else [Blocker.NO_REASON]
    if not all(is_reason(reasons.get(key, "")) for key in profile):
        blockers.append(Blocker.NO_COMPETENCY_REASON)
    if failed and not is_reason(must_have_reason):
        blockers.append(Blocker.MUST_HAVE)
    return blockers


def stage_blockers(stage: Stage) -> list[Blocker]:
    """Why the recommendation cannot be written on."""
    return {Stage.SUBMITTED: [Blocker.SUBMITTED], Stage.DECIDED: [Blocker.DECIDED]}.get(stage, [])


def ruling_blockers(
    stage: Stage, ruling: Ruling, *, recommended: int | None, chosen: int | None, reason: str
) -> list[Blocker]:
    """Why the authority cannot decide this way. To follow needs no reason of its own, everything else does."""
    if stage is not Stage.SUBMITTED:
        return [Blocker.DECIDED if stage is Stage.DECIDED else Blocker.NOT_SUBMITTED]
    blockers = [] if ruling is Ruling.FOLLOW or is_reason(reason) else [Blocker.NO_DECISION_REASON]
    if ruling is Ruling.OTHER:
        if chosen is None:
            blockers.append(Blocker.NO_CANDIDATE)
        elif chosen == recommended:
            blockers.append(Blocker.SAME_CANDIDATE)
    return blockers


def answer_blockers(*, hired: bool, answered: bool, proposed: bool) -> list[Blocker]:
    """Why a candidate gets no refusal: one who is hired, has had it, or is recommended while that awaits a decision."""
    if hired:
        return [Blocker.HIRED]
    blockers = [Blocker.ANSWERED] if answered else []
    return [*blockers, Blocker.PROPOSED] if proposed else blockers


def placeholders(text: str) -> list[str]:
    """What the draft left for a person to write: words in square brackets."""
    return PLACEHOLDER.findall(text)


def _parts(name: str) -> list[str]:
    """The parts of a name that tell people apart: no particles, which are written in small letters."""
    return [part for part in re.findall(r"[\w’'-]+", name) if part[0].isupper() and len(part) > 1]


def words_of(text: str) -> set[str]:
    return set(re.findall(r"[\w’'-]+", text))


def _traces(own: str, others: Iterable[str], free: Collection[str] = ()) -> re.Pattern[str] | None:
    """Other persons' names, whole and in parts, in the genitive too; what is part of one's own name is no trace."""
    known = {*_parts(own), *free}
    others = [other for other in others if other.strip() and other.strip() != own.strip()]
    whole = {r"\s+".join(re.escape(word) for word in other.split()) for other in others}
    parts = {re.escape(part) for part in chain.from_iterable(_parts(other) for other in others) if part not in known}
    words = sorted({f"(?i:{name})" for name in whole} | parts, key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(words)})(?:['’]?s|['’])?(?!\w)") if words else None


def names_in(text: str, own: str, others: Iterable[str], free: Collection[str] = ()) -> list[str]:
    """The traces of other persons in the text, each once, in the order in which they stand.

    `free` are words that may stand in the text although they are part of someone's name.
    """
    found = _traces(own, others, free)
    return list(dict.fromkeys(hit[0] for hit in found.finditer(text))) if found else []


def without_names(text: str, own: str, others: Iterable[str]) -> str:
    """The text with every trace of the others replaced; rather a word too many than a name too few."""
    found = _traces(own, others)
    return found.sub(REDACTED, text) if found else text


class Level(StrEnum):
    """How well a requirement was met, as a letter says it: never as a figure."""

    STRONG = "strong"
    MET = "met"
    WEAK = "weak"
    UNKNOWN = "unknown"


def level_of(scores: Collection[float], minimum: float | None) -> Level:
    """`scores` are the agreed levels of a competency or, where the panel agreed on none, the means."""
    if not scores:
        return Level.UNKNOWN
    mean = sum(scores) / len(scores)
    if minimum is not None and mean < minimum:
        return Level.WEAK
    return Level.STRONG if mean >= 4 else Level.MET if mean >= 3 else Level.WEAK


def filing_blockers(*, case_number: str, decided: bool, provisional: bool) -> list[Blocker]:
    """Why the record cannot be marked as filed."""
    blockers = [] if case_number.strip() else [Blocker.NO_CASE_NUMBER]
    return blockers if decided or provisional else [*blockers, Blocker.NOT_DECIDED]
