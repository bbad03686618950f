"""What a job ad says, what it must say, and what is pointed out in it, on plain values.

Rule (design, "Job ad"): nothing is refused here. What is missing or unwise is shown with where and why, and people
decide.
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from enum import StrEnum
from typing import Any

from portal.wording import protected

MAX_LINE, MAX_TEXT = 300, 4000


@dataclass(frozen=True)
class Line:
    """One line about the person who is wanted; `competency` is the framework's key, empty for a line about none."""

    text: str
    competency: str = ""


@dataclass(frozen=True)
class Content:
    """What one version of the ad says. `deadline` is Danish time to the minute, as 2026-12-01T12:00, or empty."""

    title: str = ""
    area: str = ""
    workplace: str = ""
    pay: str = ""
    deadline: str = ""
    starts: str = ""
    part_time: str = ""
    about_job: str = ""
    lines: tuple[Line, ...] = ()
    about_us: str = ""
    everyone: str = ""
    contact: str = ""
    apply: str = ""

    def plain(self) -> dict[str, Any]:
        """As JSON keeps it."""
        return asdict(self) | {"lines": [asdict(line) for line in self.lines]}

    @classmethod
    def read(cls, raw: Mapping[str, Any]) -> "Content":
        texts = {field.name: raw.get(field.name, "") for field in fields(cls) if field.name != "lines"}
        return cls(**texts, lines=tuple(Line(**line) for line in raw.get("lines", ())))

    @property
    def advertised(self) -> set[str]:
        """The competencies that a line is about."""
        return {line.competency for line in self.lines if line.competency}

    def lines_of(self, competency: str) -> list[str]:
        return [line.text for line in self.lines if line.competency == competency]


# What the rules on posting a vacancy ask for, in the order of the ad.
REQUIRED = ("title", "area", "workplace", "pay", "deadline", "part_time", "everyone", "apply")
# The free texts, all of which are looked through for their wording.
TEXTS = tuple(field.name for field in fields(Content) if field.name not in ("deadline", "lines"))
# What the applicant earns and whether there is a criminal record is no matter of the ad's wording.
NOT_IN_ADS = ("salary", "criminal")
SEX, AGE = "sex", "age"


class Check(StrEnum):
    """What is pointed out in an ad."""

    MISSING = "missing"
    DEADLINE = "deadline"
    PROTECTED = "protected"
    NEVER_ASSESSED = "never_assessed"
    NOT_ADVERTISED = "not_advertised"


@dataclass(frozen=True)
class Finding:
    """What is pointed out: in which field, and the words or the competency key that it is about.

    `ground` and `law` name the protected ground of a wording.
    """

    check: Check
    field: str
    detail: str = ""
    ground: str = ""
    law: str = ""


REGARDLESS = re.compile(r"\b(uanset|uafhængigt af|uden hensyn til)\b[^.!?]*", re.IGNORECASE)
# Words that turn to one sex or one age: what the list of questions not to ask does not know of.
TURNED_TO = (
    (
        SEX,
        "ligebehandlingsloven § 6",
        re.compile(
            r"\b(han|hun|hans|hendes|ham|hende|mand|manden|mandlig\w*|kvinde|kvinden|kvindelig\w*|herre|dame|pige|fyr"
            r"|(kar|tillids|for|ombuds|stor)mand)\b",
            re.IGNORECASE,
        ),
    ),
    (
        AGE,
        "forskelsbehandlingsloven § 5",
        re.compile(
            r"\b(yngre|ungdommelig\w*|nyuddannet|nyuddannede|midaldrende|alderspræsident|digital[te]? indfødt\w*"
            r"|ung(t|e)? (kolleg\w*|team|hold|afdeling|kontor|miljø|leder\w*|souschef\w*|medarbejder\w*|person\w*)"
            r"|unge (talenter|kræfter|mennesker)"
            r"|(en|er|vores|vort|et) (ung|unge|ungt|moden|modne)"
            r"|(under|over|mellem|højst|mindst) (\d{2}|\d{2} og \d{2}) år(?! erfaring))\b",
            re.IGNORECASE,
        ),
    ),
)


def wordings(content: Content) -> list[tuple[str, str]]:
    """Every text of the ad with the name of its field."""
    return [(name, getattr(content, name)) for name in TEXTS] + [("lines", line.text) for line in content.lines]


def _wording_findings(name: str, text: str) -> Iterable[Finding]:
    """Inviting everyone regardless of what they are names the grounds, and rightly."""
    left = REGARDLESS.sub(" ", text)
    for found in protected(left):
        if found.ground not in NOT_IN_ADS:
            yield Finding(Check.PROTECTED, name, found.words, found.ground, found.law)
    for ground, law, pattern in TURNED_TO:
        hit = pattern.search(left)
        if hit:
            yield Finding(Check.PROTECTED, name, hit[0], ground, law)


def lacking(content: Content) -> list[str]:
    """The fields that must be filled in and are not."""
    return [name for name in REQUIRED if not getattr(content, name).strip()]


def findings(content: Content, asked: Sequence[str], deadline: str) -> list[Finding]:
    """Everything that is pointed out in the ad.

    `asked` are the competencies that interviews or references ask about, `deadline` is the recruitment's own.
    """
    found = [Finding(Check.MISSING, name) for name in lacking(content)]
    if content.deadline and deadline and content.deadline != deadline:
        found.append(Finding(Check.DEADLINE, "deadline"))
    for name, text in wordings(content):
        found += _wording_findings(name, text)
    return found + _unmatched(content, asked)


def _unmatched(content: Content, asked: Collection[str]) -> list[Finding]:
    """What is advertised and never asked about, and what is asked about and not advertised."""
    advertised = dict.fromkeys(line.competency for line in content.lines if line.competency)
    found = [Finding(Check.NEVER_ASSESSED, "lines", key) for key in advertised if key not in asked]
    return found + [Finding(Check.NOT_ADVERTISED, "lines", key) for key in asked if key not in advertised]


def lines_from(text: str, competency: str) -> list[Line]:
    """The lines that somebody wrote in one field, without the marks of a list that they may have put in front."""
    written = (re.sub(r"^\s*[-•*–]\s+", "", line).strip() for line in text.splitlines())
    return [Line(line, competency) for line in written if line]
