"""What a competency framework document must be, decided on plain values."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

BLOCK_KINDS = ("heading", "paragraph", "bullet")


class BadDocument(ValueError):
    """A framework document that cannot be taken in; `problems` says where and why, one line each."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


@dataclass(frozen=True)
class Line:
    """One competency or one behaviour example: a stable id and the wording, letter for letter."""

    id: str
    text: str


@dataclass(frozen=True)
class Part:
    slug: str
    title: str
    competencies: tuple[Line, ...]
    behaviours: tuple[Line, ...]


@dataclass(frozen=True)
class Document:
    """A whole framework in the order of its source. `introduction` is (kind, text) pairs, kind from BLOCK_KINDS."""

    slug: str
    title: str
    version: int
    introduction: tuple[tuple[str, str], ...]
    parts: tuple[Part, ...]

    def lines(self) -> Iterator[Line]:
        for part in self.parts:
            yield from part.competencies
            yield from part.behaviours


def digest(document: Document) -> str:
    """SHA-256 over every word and its place; two versions with the same digest say the same."""
    content = [
        document.introduction,
        [
            [p.slug, p.title, [[c.id, c.text] for c in p.competencies], [[b.id, b.text] for b in p.behaviours]]
            for p in document.parts
        ],
    ]
    return hashlib.sha256(json.dumps(content, ensure_ascii=False).encode()).hexdigest()


class Located(dict[str, Any]):
    """A mapping that remembers the line of the file on which it began."""

    line = 0


class _Reader:
    """Collects every problem of a document instead of stopping at the first."""

    def __init__(self) -> None:
        self.problems: list[str] = []
        self.ids: set[str] = set()

    def problem(self, raw: Any, reason: str) -> None:
        self.problems.append(f"line {raw.line}: {reason}" if isinstance(raw, Located) else reason)

    def text(self, raw: Any, key: str, place: str) -> str:
        value = raw.get(key) if isinstance(raw, dict) else None
        if not isinstance(value, str) or not value.strip():
            self.problem(raw, f"{place}: '{key}' must be a text")
            return ""
        return value

    def items(self, raw: Any, key: str, place: str) -> list[Any]:
        value = raw.get(key) if isinstance(raw, dict) else None
        if not isinstance(value, list) or not value:
            self.problem(raw, f"{place}: '{key}' must be a list with at least one entry")
            return []
        return value

    def lines(self, raw: Any, key: str, place: str) -> tuple[Line, ...]:
        return tuple(self.line(item, f"{place}, {key} {n}") for n, item in enumerate(self.items(raw, key, place), 1))

    def line(self, raw: Any, place: str) -> Line:
        line = Line(self.text(raw, "id", place), self.text(raw, "text", place))
        if line.id in self.ids:
            self.problem(raw, f"{place}: id '{line.id}' is used twice")
        if line.id:
            self.ids.add(line.id)
        return line


def read_document(raw: Any) -> Document:
    """Turn a parsed JSON or YAML file into a Document, or raise BadDocument with every problem in it."""
    reader = _Reader()
    if not isinstance(raw, dict):
        raise BadDocument(["the file must hold one framework: slug, title, version and parts"])
    slug, title = reader.text(raw, "slug", "framework"), reader.text(raw, "title", "framework")
    version = raw.get("version", 1)
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        reader.problem(raw, "framework: 'version' must be a whole number from 1")
        version = 1
    introduction = []
    for n, block in enumerate(raw.get("introduction") or [], 1):
        kind, text = (reader.text(block, key, f"introduction {n}") for key in ("kind", "text"))
        if kind and kind not in BLOCK_KINDS:
            reader.problem(block, f"introduction {n}: 'kind' must be one of {', '.join(BLOCK_KINDS)}")
        introduction.append((kind, text))
    parts = []
    for n, part in enumerate(reader.items(raw, "parts", "framework"), 1):
        place = f"part {n}"
        parts.append(
            Part(
                reader.text(part, "slug", place),
                reader.text(part, "title", place),
                reader.lines(part, "competencies", place),
                reader.lines(part, "behaviours", place),
            )
        )
    document = Document(slug, title, version, tuple(introduction), tuple(parts))
    if reader.problems:
        raise BadDocument(reader.problems)
    return document
