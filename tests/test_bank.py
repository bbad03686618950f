"""The question bank and the checklist items hang together with the framework they spring from."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from portal.framework.rules import Part, read_document
from portal.paths import SEED_DATA

FRAMEWORK = read_document(yaml.safe_load((SEED_DATA / "frameworks" / "souschef.yaml").read_text(encoding="utf-8")))
PARTS = {part.slug: part for part in FRAMEWORK.parts}
FILES = sorted(path for path in (SEED_DATA / "bank").glob("*.yaml") if path.stem != "general")
DAYS = {
    "before_start": (-60, -1),
    "day_1": (0, 0),
    "week_1": (1, 7),
    "day_30": (8, 30),
    "trial_review": (31, 68),
    "day_90": (69, 90),
    "month_6": (91, 182),
}
KEYS = {
    "interview_questions": {"id", "competency", "kind", "text", "probes", "anchors", "behaviours"},
    "reference_questions": {"id", "competency", "text", "probes"},
    "checklist_items": {
        "id", "title", "why", "competencies", "behaviours", "phase", "responsible", "offset_days", "documentation",
        "theme", "required",
    },
    "ad_lines": {"id", "competency", "text"},
    "talk_prompts": {"id", "competency", "text"},
}  # fmt: skip


@pytest.fixture(params=FILES, ids=[path.stem for path in FILES])
def bank(request: pytest.FixtureRequest) -> dict[str, Any]:
    path: Path = request.param
    content: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert content["part"] == path.stem
    return content


def part_of(bank: dict[str, Any]) -> Part:
    return PARTS[bank["part"]]


def test_every_entry_has_exactly_its_keys(bank: dict[str, Any]) -> None:
    assert set(bank) == {"framework", "part", *KEYS}
    wrong = [(kind, entry) for kind, keys in KEYS.items() for entry in bank[kind] if set(entry) != keys]
    assert wrong == []


def test_ids_are_unique_and_references_exist_in_the_framework(bank: dict[str, Any]) -> None:
    entries = [entry for kind in KEYS for entry in bank[kind]]
    ids = [entry["id"] for entry in entries]
    assert len(ids) == len(set(ids))
    competencies = {c.id for part in PARTS.values() for c in part.competencies}
    behaviours = {b.id for part in PARTS.values() for b in part.behaviours}
    for entry in entries:
        named = entry.get("competencies") or [entry["competency"]]
        assert set(named) <= competencies, entry
        assert set(entry.get("behaviours", [])) <= behaviours, entry


def test_every_competency_has_questions_of_both_kinds_references_and_items(bank: dict[str, Any]) -> None:
    for competency in part_of(bank).competencies:
        kinds = [q["kind"] for q in bank["interview_questions"] if q["competency"] == competency.id]
        assert kinds.count("behavioural") >= 2, competency
        assert kinds.count("situational") >= 1, competency
        assert sum(q["competency"] == competency.id for q in bank["reference_questions"]) >= 2, competency
        assert sum(competency.id in item["competencies"] for item in bank["checklist_items"]) >= 2, competency


def test_every_behaviour_example_is_used_by_a_question_and_an_item(bank: dict[str, Any]) -> None:
    behaviours = {b.id for b in part_of(bank).behaviours}
    assert behaviours <= {b for q in bank["interview_questions"] for b in q["behaviours"]}
    assert behaviours <= {b for item in bank["checklist_items"] for b in item["behaviours"]}


def test_every_scale_is_anchored_at_one_three_and_five(bank: dict[str, Any]) -> None:
    for question in bank["interview_questions"]:
        assert list(question["anchors"]) == ["1", "3", "5"], question["id"]
        assert len({text.strip() for text in question["anchors"].values()}) == 3, question["id"]


def test_an_item_falls_due_within_its_milestone(bank: dict[str, Any]) -> None:
    for item in bank["checklist_items"]:
        first, last = DAYS[item["phase"]]
        assert first <= item["offset_days"] <= last, item["id"]
        assert item["responsible"] in {"souschef", "chef", "makker", "hr"}, item["id"]
        assert len(item["title"]) <= 90, item["id"]


def test_no_two_texts_are_the_same_and_none_says_mus_samtale(bank: dict[str, Any]) -> None:
    texts = [entry.get("text") or entry["title"] for kind in KEYS for entry in bank[kind]]
    assert len(texts) == len(set(texts))
    assert "mus-samtale" not in yaml.safe_dump(bank, allow_unicode=True).lower()
