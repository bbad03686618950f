"""The draft of a refusal: the main considerations in plain words, which a person completes, reviews and sends."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import yaml

from portal.decisions.rules import Level, words_of
from portal.paths import SEED_DATA


@dataclass(frozen=True)
class Facts:
    """What the draft is made of. `outcome` is hired, nobody or open; `levels` are the requirements as they were met.

    There is no place for a score, for another candidate or for who assessed.
    """

    name: str
    title: str
    office: str
    interviews: int
    outcome: str
    levels: Sequence[tuple[str, Level]]


@cache
def _phrases() -> Mapping[str, Any]:
    found: Mapping[str, Any] = yaml.safe_load((SEED_DATA / "letters" / "refusal.yaml").read_text(encoding="utf-8"))
    return found


def _list(title: str, texts: Sequence[str]) -> str:
    return "\n".join([title, *(f"- {text}" for text in texts)])


def _requirements(facts: Facts, say: Mapping[str, Any]) -> list[str]:
    """What was asked for, by how it was met; of one who has not been assessed, only what was asked for."""
    if all(level is Level.UNKNOWN for _text, level in facts.levels):
        return [_list(say["requirements_title"], [text for text, _level in facts.levels])] if facts.levels else []
    found = {level: [text for text, at in facts.levels if at is level] for level in Level}
    return [say["own_title"], *(_list(say["levels"][level.value], texts) for level, texts in found.items() if texts)]


def position(title: str, office: str) -> str:
    """The position as within a sentence, and where it is, which the title often says already."""
    within = title[:1].lower() + title[1:] if title[1:2].islower() else title
    named = office.casefold() in title.casefold()
    return within if named else str(_phrases()["position"]).format(title=within, office=office)


def draft(facts: Facts) -> str:
    """The refusal as the portal begins it, in Danish whatever the reader's language: the letter is the agency's."""
    say = _phrases()
    met = "none" if not facts.interviews else "one" if facts.interviews == 1 else "many"
    return "\n\n".join(
        [
            say["greeting"].format(name=facts.name),
            say["thanks"][met].format(position=position(facts.title, facts.office)),
            say["outcome"][facts.outcome],
            say["grounds_title"],
            say["principle"],
            *_requirements(facts, say),
            say["example"],
            say["complaint"],
            say["contact"],
            say["closing"],
            f"{say['regards']}\n{say['signature']}",
        ]
    )


def standing_words() -> set[str]:
    """The words that every draft may hold; one of them may be somebody's name as well."""
    return words_of((SEED_DATA / "letters" / "refusal.yaml").read_text(encoding="utf-8"))


def headings() -> list[str]:
    """What is a heading where it stands alone in a letter."""
    return [_phrases()["grounds_title"]]
