"""What the kept pieces for assessors show (templates/pieces/assessing.html): plain values."""

from typing import NamedTuple

from portal.interviews.models import ScorecardQuestion
from portal.interviews.rules import LEVELS


class Card(NamedTuple):
    """A question as assessors see it; `levels` are (value, anchor) in order, without an anchor for those in between."""

    part: int
    competency: str
    kind: str
    text: str
    probes: tuple[str, ...]
    levels: tuple[tuple[int, str], ...]


def card_of(question: ScorecardQuestion) -> Card:
    part, competency = question.competency.part.position, question.competency.text
    levels = tuple((level, question.anchors.get(str(level), "")) for level in LEVELS)
    return Card(part, competency, question.kind, question.text, tuple(question.probes), levels)
