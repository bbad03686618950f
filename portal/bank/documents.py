"""The bank as a file of plain values, and back: the JSON of `portal bank export`, and the YAML that it comes with."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import yaml

from portal.bank.models import BankVersion
from portal.bank.rules import LEVELS, Content, Use
from portal.bank.services import Row

SECTIONS: dict[str, Use] = {
    "interview_questions": Use.INTERVIEW,
    "reference_questions": Use.REFERENCE,
    "checklist_items": Use.ONBOARDING,
    "ad_lines": Use.AD,
    "talk_prompts": Use.TALK,
    "scripts": Use.SCRIPT,
}


class BadBank(ValueError):
    """A file that cannot be taken in; `problems` says where and why, one line each."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


def _plain(key: str, content: Content) -> dict[str, Any]:
    """One entry in the order of its keys: id, ties, text (`title` of a checklist item), details."""
    ties: dict[str, Any]
    if content.use is Use.ONBOARDING:
        ties = {"title": content.text, "competencies": list(content.competencies)}
    elif content.use is Use.SCRIPT:
        ties = {"text": content.text}
    else:
        ties = {"competency": content.competencies[0] if content.competencies else None, "text": content.text}
    if content.use in (Use.INTERVIEW, Use.ONBOARDING):
        ties["behaviours"] = list(content.behaviours)
    return {"id": key, **ties, **content.details()}


def as_plain(versions: Iterable[BankVersion]) -> dict[str, list[dict[str, Any]]]:
    """The bank by sections, as docs/interface.md describes it."""
    return _by_section((version.key, version.content) for version in versions)


def rows_as_plain(rows: Iterable[Row]) -> dict[str, list[dict[str, Any]]]:
    """Rows of a file in the same form."""
    return _by_section((row.key, row.content) for row in rows)


def _by_section(entries: Iterable[tuple[str, Content]]) -> dict[str, list[dict[str, Any]]]:
    document: dict[str, list[dict[str, Any]]] = {section: [] for section in SECTIONS}
    names = {use: section for section, use in SECTIONS.items()}
    for key, content in entries:
        document[names[content.use]].append(_plain(key, content))
    return document


def as_json(versions: Iterable[BankVersion]) -> str:
    return json.dumps(as_plain(versions), ensure_ascii=False, indent=2) + "\n"


def _texts(raw: Mapping[str, Any], name: str) -> tuple[str, ...]:
    value = raw.get(name) or []
    if not isinstance(value, list) or not all(isinstance(text, str) for text in value):
        raise TypeError(f"'{name}' must be a list of texts")
    return tuple(value)


def _text(raw: Mapping[str, Any], name: str) -> str:
    value = raw.get(name) or ""
    if not isinstance(value, str):
        raise TypeError(f"'{name}' must be a text")
    return value


def _content(use: Use, raw: Mapping[str, Any]) -> Content:
    """One entry of a section; raises TypeError with a reason when a value is of the wrong kind."""
    anchors = raw.get("anchors") or {}
    offset, required, workdays = raw.get("offset_days") or 0, raw.get("required", True), raw.get("working_days", False)
    if not isinstance(anchors, dict) or not all(isinstance(text, str) for text in anchors.values()):
        raise TypeError("'anchors' must map levels to texts")
    if not isinstance(offset, int) or isinstance(offset, bool):
        raise TypeError("'offset_days' must be a whole number")
    if not isinstance(required, bool) or not isinstance(workdays, bool):
        raise TypeError("'required' and 'working_days' must be true or false")
    main = _text(raw, "competency")
    return Content(
        use=use,
        text=_text(raw, "title" if use is Use.ONBOARDING else "text"),
        competencies=_texts(raw, "competencies") if use is Use.ONBOARDING else ((main,) if main else ()),
        behaviours=_texts(raw, "behaviours"),
        kind=_text(raw, "kind"),
        probes=_texts(raw, "probes"),
        anchors={level: anchors.get(level, "") for level in LEVELS} if use is Use.INTERVIEW else {},
        **{name: _text(raw, name) for name in ("why", "documentation", "phase", "responsible", "theme")},
        offset_days=offset,
        working_days=workdays,
        required=required,
    )


def read_plain(document: Any) -> list[Row]:
    """The rows of a parsed document; raises BadBank with every entry that is not made as it should be."""
    if not isinstance(document, dict) or not set(SECTIONS) & set(document):
        raise BadBank([f"the file must hold at least one of {', '.join(SECTIONS)}"])
    rows, wrong = [], []
    for section, use in SECTIONS.items():
        entries = document.get(section) or []
        if not isinstance(entries, list):
            wrong.append(f"{section}: must be a list")
            continue
        for number, raw in enumerate(entries, 1):
            place = f"{section} {number}"
            try:
                if not isinstance(raw, dict):
                    raise TypeError("must be a mapping")
                rows.append(Row(place, _text(raw, "id"), _content(use, raw)))
            except TypeError as error:
                wrong.append(f"{place}: {error}")
    if wrong:
        raise BadBank(wrong)
    return rows


def read_json(text: str) -> list[Row]:
    """The rows of a JSON file; raises BadBank with line and reason."""
    try:
        return read_plain(json.loads(text))
    except json.JSONDecodeError as error:
        raise BadBank([f"line {error.lineno}: {error.msg}"]) from error
    except RecursionError as error:
        raise BadBank(["line 1: not a readable file"]) from error


def read_seed(folder: Path) -> list[Row]:
    """The rows of all files of a folder, in the order of the files' names."""
    sections: dict[str, list[Any]] = {section: [] for section in SECTIONS}
    for path in sorted(folder.glob("*.yaml")):
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        for section, entries in sections.items():
            entries += content.get(section, [])
    return read_plain(sections)
