"""The souschef framework is the source's, letter for letter."""

import re
from pathlib import Path

import pytest
import yaml

from portal.framework.rules import BadDocument, Document, digest, read_document
from portal.paths import SEED_DATA

SOURCE = Path(__file__).parents[3] / "shared" / "source" / "kompetencegrundlag-souschef.txt"
DIGEST = "fe0d32f145f7f7621e7d2f4ec1da582544875cc9cdd7aeb3462f0747bc9d5056"


@pytest.fixture(scope="module")
def souschef() -> Document:
    return read_document(yaml.safe_load((SEED_DATA / "frameworks" / "souschef.yaml").read_text(encoding="utf-8")))


def test_it_has_four_parts_with_their_counts_in_the_order_of_the_source(souschef: Document) -> None:
    counts = [(p.title, len(p.competencies), len(p.behaviours)) for p in souschef.parts]
    assert counts == [
        ("Personaleledelse", 8, 9),
        ("Faglig ledelse", 5, 9),
        ("Strategisk ledelse", 6, 10),
        ("Driftsledelse", 6, 9),
    ]


def test_its_wording_has_not_changed_by_a_letter(souschef: Document) -> None:
    assert digest(souschef) == DIGEST


def test_every_word_of_the_source_is_there_in_the_same_order(souschef: Document) -> None:
    if not SOURCE.exists():
        pytest.skip("the source text is not beside this checkout; the digest test holds the wording")
    ours = [text for _, text in souschef.introduction]
    for part in souschef.parts:
        ours += [part.title, *(c.text for c in part.competencies), "Adfærdseksempler"]
        ours += [b.text for b in part.behaviours]
    source = re.sub(r"^\s*•", "", SOURCE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert " ".join(ours).split() == source.split()


def test_a_bad_document_is_refused_with_every_problem_named() -> None:
    bad = {
        "slug": "x",
        "title": " ",
        "version": 0,
        "parts": [{"slug": "p", "title": "P", "competencies": [{"id": "a", "text": "A"}], "behaviours": []}],
    }
    with pytest.raises(BadDocument) as refused:
        read_document(bad)
    assert refused.value.problems == [
        "framework: 'title' must be a text",
        "framework: 'version' must be a whole number from 1",
        "part 1: 'behaviours' must be a list with at least one entry",
    ]


def test_an_id_used_twice_is_refused() -> None:
    part = {"slug": "p", "title": "P", "competencies": [{"id": "a", "text": "A"}]}
    with pytest.raises(BadDocument, match="id 'a' is used twice"):
        read_document({"slug": "x", "title": "X", "parts": [part | {"behaviours": [{"id": "a", "text": "B"}]}]})
