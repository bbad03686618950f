"""A framework as a file, and back: JSON and YAML, in the source's order."""

import json
from typing import Any

import yaml

from portal.framework.rules import BadDocument, Document, Line, Located, read_document

FORMATS = ("json", "yaml")


def _lines(lines: tuple[Line, ...]) -> list[dict[str, str]]:
    return [{"id": line.id, "text": line.text} for line in lines]


def as_plain(document: Document) -> dict[str, Any]:
    """The document as plain values: slug, title, version, introduction and parts."""
    return {
        "slug": document.slug,
        "title": document.title,
        "version": document.version,
        "introduction": [{"kind": kind, "text": text} for kind, text in document.introduction],
        "parts": [
            {
                "slug": part.slug,
                "title": part.title,
                "competencies": _lines(part.competencies),
                "behaviours": _lines(part.behaviours),
            }
            for part in document.parts
        ],
    }


def write(document: Document, file_format: str) -> str:
    """The document as JSON or YAML text."""
    if file_format == "json":
        return json.dumps(as_plain(document), ensure_ascii=False, indent=2) + "\n"
    return yaml.safe_dump(as_plain(document), allow_unicode=True, sort_keys=False, width=120)


class _LocatingLoader(yaml.SafeLoader):
    """Plain YAML, each mapping with the line on which it begins."""


def _construct_mapping(loader: _LocatingLoader, node: yaml.MappingNode) -> Located:
    mapping = Located((str(key), value) for key, value in loader.construct_mapping(node, deep=True).items())
    mapping.line = node.start_mark.line + 1
    return mapping


_LocatingLoader.add_constructor("tag:yaml.org,2002:map", _construct_mapping)


def read(text: str, file_format: str) -> Document:
    """Parse JSON or YAML text; raises BadDocument with line and reason when it cannot be taken in."""
    try:
        if file_format == "json":
            json.loads(text)  # JSON is YAML but for tabs: the second reading knows the lines
            text = text.replace("\t", "  ")
        raw = yaml.load(text, Loader=_LocatingLoader)
    except json.JSONDecodeError as error:
        raise BadDocument([f"line {error.lineno}: {error.msg}"]) from error
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise BadDocument([f"line {line}: {error.problem}"]) from error
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise BadDocument(["line 1: not a readable file"]) from error
    return read_document(raw)
