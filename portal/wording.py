"""What a text must not say: CPR numbers anywhere, and in questions to candidates and referees the protected grounds.

The words are kept in seed_data/wording/protected.yaml; tests/wording measures them. What is only unwise in a
question (leading, or two questions at once) is pointed out and never refused.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from typing import Any

import yaml

from portal.paths import SEED_DATA

BETWEEN = r"[^\w.?!]+"  # what separates words; a gap never reaches into the next sentence
GAP = rf"(?:{BETWEEN}[\w-]+){{0,4}}"
REST = rf"(?:{BETWEEN}(?!(?:du|dig|din|dit|dine|kandidaten)\b)[\w-]+){{0,12}}"  # until the person is spoken of again
CPR = re.compile(r"(?:(?<![\w-])|(?<=cpr))(\d\d)\s?(\d\d)\s?(\d\d)(?:\s{0,2}[-/]\s{0,2}|\s{0,2})(\d{4})(?![\w-])", re.I)
OTHER_NUMBER = re.compile(
    r"(?<!cpr)(?<!cpr[\s-])(?<!person)(nr|nummer|no|tlf|telefon|mobil|ean|cvr|konto|sag|journal|j)\W*$", re.IGNORECASE
)
UNSEEN = re.compile(r"[\u00ad\u180e\u200b-\u200f\u2060-\u2069\ufeff]")  # soft hyphens, and what has no width
DASHES = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u2043", "-"))


def _as_read(text: str) -> str:
    """The text as a reader sees it: nothing invisible, one kind of dash, and letters and digits in one way of coding.

    Word writes its own dashes and soft hyphens, and a Mac its own å; three dots would end a sentence.
    """
    if text.isascii():
        return text
    return unicodedata.normalize("NFKC", UNSEEN.sub("", text).replace("…", " ")).translate(DASHES)


def find_cpr(text: str) -> str | None:
    """The first part of the text that looks like a CPR number: six digits that are a date, then four.

    Ten digits in a row after a word such as "ordrenummer" or "tlf." are taken for what that word says.
    """
    text = _as_read(text)
    for found in CPR.finditer(text):
        day, month, year = (int(found[n]) for n in (1, 2, 3))
        alone = found[0].isdigit()
        if _is_date(day, month, year) and not (alone and OTHER_NUMBER.search(text[: found.start()])):
            return found[0]
    return None


def _is_date(day: int, month: int, year: int) -> bool:
    """Whether it is a date in any of the centuries in which CPR numbers are given."""
    for century in (1800, 1900, 2000):
        try:
            date(century + year, month, day)
        except ValueError:
            continue
        return True
    return False


@dataclass(frozen=True)
class Finding:
    """A protected ground that a question touches: its key, the law that forbids it, and the words that show it."""

    ground: str
    law: str
    words: str


@dataclass(frozen=True)
class _Ground:
    key: str
    law: str
    refused: re.Pattern[str]
    always: re.Pattern[str] | None
    allowed: re.Pattern[str] | None


def _spelt(text: str) -> str:
    """Lower case, with one spelling of æ, ø and å."""
    return text.lower().replace("aa", "å").replace("ae", "æ").replace("oe", "ø")


def _phrase(text: str) -> str:
    """A phrase of the list as a regular expression: `*` letters of the same word, `…` at most four words.

    At the end of a phrase `…` takes the rest of the sentence, up to where it turns to the person.
    """
    text = re.sub(r"\s*…\s*", "…", _spelt(text).strip())
    parts = [part.replace("*", r"[\w-]*").replace(" ", BETWEEN) for part in text.split("…")]
    rest = REST if parts[-1] == "" else ""
    return rf"(?<![\w-])(?:{f'{GAP}?{BETWEEN}'.join(part for part in parts if part)}{rest})(?![\w-])"


def _any(patterns: Iterable[str]) -> re.Pattern[str] | None:
    joined = "|".join(patterns)
    return re.compile(joined) if joined else None


@cache
def _grounds() -> tuple[re.Pattern[str], tuple[_Ground, ...]]:
    raw: Mapping[str, Any] = yaml.safe_load((SEED_DATA / "wording" / "protected.yaml").read_text(encoding="utf-8"))
    everywhere = _any(_phrase(text) for text in raw["allowed_everywhere"])
    assert everywhere is not None  # the file has some
    grounds = []
    for key, row in raw["grounds"].items():
        patterns = [_phrase(f"{stem}*") for stem in row["stems"]] + [_phrase(word) for word in row["words"]]
        refused = _any([*patterns, *(_phrase(text) for text in row["phrases"])])
        assert refused is not None  # each ground has some
        always, allowed = (_any(_phrase(text) for text in row.get(name, ())) for name in ("always", "allowed"))
        grounds.append(_Ground(key, row["law"], refused, always, allowed))
    return everywhere, tuple(grounds)


def protected(text: str) -> list[Finding]:
    """The protected grounds that a question touches, outside the contexts of the agency's own work."""
    everywhere, grounds = _grounds()
    spelt = _spelt(_as_read(text))
    free = everywhere.sub(" ¤ ", spelt)
    found = []
    for ground in grounds:
        left = ground.allowed.sub(" ¤ ", free) if ground.allowed else free
        hit = (ground.always.search(spelt) if ground.always else None) or ground.refused.search(left)
        if hit:
            found.append(Finding(ground.key, ground.law, hit[0].strip()))
    return found


class Advice(StrEnum):
    """What is unwise in a question, though nobody forbids it."""

    LEADING = "leading"
    DOUBLE = "double"


LEADING = re.compile(
    r"\b(ikke sandt|ikke også|er du ikke|var det ikke|synes du ikke|mener du ikke|vil du ikke være enig|er du enig i"
    r"|vel\?|du er vel|du kan vel|du vil vel|naturligvis|selvfølgelig|må være enig)",
    re.IGNORECASE,
)
ASKS = r"(hvad|hvem|hvor\w*|hvilke\w*)"
DOUBLE = re.compile(rf"\?.*\?|\b{ASKS}\b[^.?]*\b(og|samt|eller)\s+{ASKS}\b[^.?]*\?", re.IGNORECASE | re.DOTALL)


def advice(question: str) -> list[Advice]:
    """What to think over before the question is asked aloud."""
    found = [Advice.LEADING] if LEADING.search(question) else []
    return found + ([Advice.DOUBLE] if DOUBLE.search(question) else [])
