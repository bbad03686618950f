"""What a rating needs, and when scores open."""

from dataclasses import dataclass

import pytest

from portal.interviews.rules import Gap, gap, scores_are_open


@dataclass
class Given:
    score: int | None
    not_covered: bool = False
    evidence: str = "Fortalte konkret om en sag."


@pytest.mark.parametrize(
    ("answer", "lacks"),
    [
        (None, Gap.RATING),
        (Given(None), Gap.RATING),
        (Given(4, evidence="  kort  "), Gap.EVIDENCE),
        (Given(4), None),
        (Given(None, True, ""), None),
    ],
)
def test_every_score_needs_its_written_reason(answer: Given | None, lacks: Gap | None) -> None:
    assert gap(answer) is lacks


def test_scores_open_when_all_assessors_have_submitted() -> None:
    assert not scores_are_open([], [])
    assert not scores_are_open([1, 2], [1])
    assert scores_are_open([1, 2], [2, 1, 9])
