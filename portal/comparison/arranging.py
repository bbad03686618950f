"""The comparison as it is worked out from what was read: an entry for each candidate, and how far assessors agree."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from portal.comparison.agreement import Agreement, agreement
from portal.comparison.queries import KEPT, Meeting, Reading
from portal.comparison.rules import (
    Entry,
    Score,
    Spread,
    agreed_where_complete,
    blind_letters,
    by_part,
    compare,
    spread_of,
    totals_by_assessor,
)
from portal.i18n import sort_key


@dataclass(frozen=True)
class Detail:
    """What the page says of one candidate beside the means; the first keys are criteria, those of `parts` parts."""

    spreads: Mapping[int, Spread | None]
    parts: Mapping[int, float | None]
    agreed_parts: Mapping[int, float | None]
    lacking: Mapping[int, int]  # questions on which the panel has not agreed
    asked: Mapping[int, int]
    scores: Mapping[int, Sequence[Score]]


@dataclass(frozen=True, eq=False)
class Compared:
    """The entries by candidate id, with their details; `letters` is empty unless the comparison is blind."""

    entries: Mapping[int, Entry]
    details: Mapping[int, Detail]
    letters: Mapping[int, str]


def _by_competency(reading: Reading, scores: Iterable[Score]) -> dict[int, list[Score]]:
    found: dict[int, list[Score]] = {}
    for score in scores:
        found.setdefault(reading.competency_of[score.question], []).append(score)
    return found


def compared(reading: Reading, round_number: int, labels: Mapping[int, str], *, blind: bool) -> Compared:
    """Everyone who has an open interview in the round (0: in any); `labels` are their names, or letters."""
    criteria = [line.criterion for line in reading.asked_lines(round_number)]
    meetings: dict[int, list[Meeting]] = {}
    for meeting in reading.shown(round_number):
        meetings.setdefault(meeting.candidate, []).append(meeting)
    entries, details = {}, {}
    for candidate, mine in meetings.items():
        own = _by_competency(reading, (score for m in mine for score in reading.scores.get(m.id, ())))
        agreed = _by_competency(reading, (score for m in mine for score in reading.agreed.get(m.id, ())))
        asked: dict[int, list[int]] = {}
        for question in reading.questions:
            if any(m.round == question.round for m in mine):
                asked.setdefault(question.competency, []).append(question.id)
        results = compare(criteria, own), compare(criteria, agreed_where_complete(asked, agreed))
        label = labels[candidate]
        place = f"{len(label):03}{label}" if blind else sort_key(label)
        entries[candidate] = Entry(candidate, label, place, *results, out=reading.persons[candidate].out)
        details[candidate] = Detail(
            {key: spread_of(own.get(key, ())) for key in results[0].means},
            by_part(criteria, results[0]),
            by_part(criteria, results[1]),
            {key: len(ids) - len(agreed.get(key, ())) for key, ids in asked.items()},
            {key: len(ids) for key, ids in asked.items()},
            own,
        )
    return Compared(entries, details, labels if blind else {})


@lru_cache(KEPT)
def kept(reading: Reading, round_number: int, secret: str, *, blind: bool) -> Compared:
    """The same for the same reading, worked out once; `secret` is what the letters are drawn with."""
    return compared(reading, round_number, labels_of(reading, secret, blind=blind), blind=blind)


def labels_of(reading: Reading, secret: str, *, blind: bool) -> dict[int, str]:
    """What each candidate is called: their name, or blind a letter that does not tell who it is."""
    if blind:
        return blind_letters(secret, reading.persons)
    return {person.id: person.name for person in reading.persons.values()}


@lru_cache(KEPT)
def agreement_in(reading: Reading, round_number: int) -> Agreement | None:
    """How far the assessors agree in one round; None until every one of its interviews is open.

    The correlations take each assessor's weighted mean of each candidate over what the round asks about, alpha takes
    every single rating.
    """
    meetings = reading.shown(round_number)
    if not meetings or not reading.all_open(round_number):
        return None
    criteria = [line.criterion for line in reading.asked_lines(round_number)]
    totals = [totals_by_assessor(criteria, _by_competency(reading, reading.scores.get(m.id, ()))) for m in meetings]
    assessors = sorted({assessor for row in totals for assessor in row})
    units: dict[tuple[int, int], list[float | None]] = {}
    for meeting in meetings:
        for score in reading.scores.get(meeting.id, ()):
            units.setdefault((meeting.id, score.question), []).append(score.score)
    return agreement([[row.get(assessor) for assessor in assessors] for row in totals], list(units.values()))
