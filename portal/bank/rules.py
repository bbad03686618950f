"""What an entry of the bank is, and what it must hold, on plain values."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum
from typing import Any

LEVELS = ("1", "3", "5")
KINDS = ("behavioural", "situational")
PHASES = ("before_start", "day_1", "week_1", "day_30", "trial_review", "day_90", "month_6")
RESPONSIBLES = ("souschef", "chef", "makker", "hr")
THEMES = ("compliance", "clarification", "culture", "connection")
MIN_PROBES, MAX_PROBES = 2, 4
MAX_TITLE, MAX_LINE, MAX_TEXT = 120, 600, 4000
OFFSETS = (-180, 730)


class Use(StrEnum):
    """What an entry is used for; `script` is a fixed text that is read aloud, tied to no competency."""

    INTERVIEW = "interview"
    REFERENCE = "reference"
    ONBOARDING = "onboarding"
    AD = "ad"
    TALK = "talk"
    SCRIPT = "script"


# The uses in which each competency should have something, in the order in which they meet a souschef.
COVERED = (Use.AD, Use.INTERVIEW, Use.REFERENCE, Use.ONBOARDING, Use.TALK)
# What an entry holds beside its text, its competencies and its behaviours.
FIELDS: Mapping[Use, tuple[str, ...]] = {
    Use.INTERVIEW: ("kind", "probes", "anchors"),
    Use.REFERENCE: ("probes",),
    Use.ONBOARDING: (
        "why",
        "documentation",
        "phase",
        "responsible",
        "offset_days",
        "working_days",
        "theme",
        "required",
    ),
    Use.AD: (),
    Use.TALK: (),
    Use.SCRIPT: (),
}
QUESTIONS = (Use.INTERVIEW, Use.REFERENCE)
LETTERS = {Use.INTERVIEW: "s", Use.REFERENCE: "r", Use.ONBOARDING: "t", Use.AD: "j", Use.TALK: "m"}
GENERAL = "general"


@dataclass(frozen=True)
class Content:
    """What one version of an entry says. Fields that its use does not have (FIELDS) are empty.

    `text` is the question, the item's title, the line or the script; `competencies` and `behaviours` are framework
    keys; `offset_days` counts calendar days from the first day at work, or working days with `working_days`.
    """

    use: Use
    text: str
    competencies: tuple[str, ...] = ()
    behaviours: tuple[str, ...] = ()
    kind: str = ""
    probes: tuple[str, ...] = ()
    anchors: Mapping[str, str] = field(default_factory=dict)
    why: str = ""
    documentation: str = ""
    phase: str = ""
    responsible: str = ""
    offset_days: int = 0
    working_days: bool = False
    theme: str = ""
    required: bool = True

    def details(self) -> dict[str, Any]:
        """The fields of its use as plain JSON values."""
        values = asdict(self)
        return {name: list(v) if isinstance(v := values[name], tuple) else v for name in FIELDS[self.use]}


class Reason(StrEnum):
    """Why a field of an entry cannot be taken."""

    MISSING = "missing"
    TOO_LONG = "too_long"
    UNKNOWN = "unknown"
    ONE_COMPETENCY = "one_competency"
    NO_COMPETENCY = "no_competency"
    PROBES = "probes"
    OFFSET = "offset"
    SAME_ANCHORS = "same_anchors"
    TAKEN = "taken"
    PROTECTED = "protected"
    CPR = "cpr"


@dataclass(frozen=True)
class Problem:
    """What is wrong with which field; `detail` is the value, word or limit that the reason is about."""

    field: str
    reason: Reason
    detail: str = ""


# How many competencies an entry springs from, at least and at most, and what is said otherwise.
TIES: Mapping[Use, tuple[int, int, Reason]] = {
    Use.INTERVIEW: (1, 1, Reason.ONE_COMPETENCY),
    Use.REFERENCE: (0, 1, Reason.ONE_COMPETENCY),
    Use.ONBOARDING: (1, 25, Reason.MISSING),
    Use.AD: (1, 1, Reason.ONE_COMPETENCY),
    Use.TALK: (1, 1, Reason.ONE_COMPETENCY),
    Use.SCRIPT: (0, 0, Reason.NO_COMPETENCY),
}


def _too_long(text: str, limit: int, name: str) -> list[Problem]:
    return [Problem(name, Reason.TOO_LONG, str(limit))] if len(text) > limit else []


def _text_problems(content: Content) -> list[Problem]:
    limit = {Use.ONBOARDING: MAX_TITLE, Use.SCRIPT: MAX_TEXT}.get(content.use, MAX_LINE)
    if not content.text.strip():
        return [Problem("text", Reason.MISSING)]
    return _too_long(content.text, limit, "text")


def _tie_problems(content: Content, competencies: Collection[str], behaviours: Collection[str]) -> list[Problem]:
    """Problems of the ties to the framework, given its competency and behaviour keys."""
    found = [Problem("competencies", Reason.UNKNOWN, key) for key in content.competencies if key not in competencies]
    found += [Problem("behaviours", Reason.UNKNOWN, key) for key in content.behaviours if key not in behaviours]
    least, most, reason = TIES[content.use]
    if not least <= len(content.competencies) <= most:
        found.append(Problem("competencies", reason))
    return found


def _question_problems(content: Content) -> list[Problem]:
    found: list[Problem] = []
    if "probes" in FIELDS[content.use]:
        if not MIN_PROBES <= len(content.probes) <= MAX_PROBES:
            found.append(Problem("probes", Reason.PROBES))
        found += [p for probe in content.probes for p in _too_long(probe, MAX_LINE, "probes")]
    if "kind" in FIELDS[content.use]:
        found += [] if content.kind in KINDS else [Problem("kind", Reason.UNKNOWN, content.kind)]
        for level in LEVELS:
            anchor = content.anchors.get(level, "").strip()
            found += [] if anchor else [Problem(f"anchor_{level}", Reason.MISSING)]
            found += _too_long(anchor, MAX_LINE, f"anchor_{level}")
        if len({content.anchors.get(level, "").strip() for level in LEVELS}) < len(LEVELS) and not found:
            found.append(Problem("anchor_5", Reason.SAME_ANCHORS))
    return found


def _item_problems(content: Content) -> list[Problem]:
    if content.use is not Use.ONBOARDING:
        return []
    found = []
    for name, values in (("phase", PHASES), ("responsible", RESPONSIBLES), ("theme", THEMES)):
        value = getattr(content, name)
        found += [] if value in values else [Problem(name, Reason.UNKNOWN, value)]
    for name in ("why", "documentation"):
        value = getattr(content, name)
        found += _too_long(value, MAX_LINE, name) if value.strip() else [Problem(name, Reason.MISSING)]
    if not OFFSETS[0] <= content.offset_days <= OFFSETS[1]:
        found.append(Problem("offset_days", Reason.OFFSET, f"{OFFSETS[0]}–{OFFSETS[1]}"))
    return found


def problems(content: Content, competencies: Collection[str], behaviours: Collection[str]) -> list[Problem]:
    """Everything that keeps this content out of the bank, apart from its wording (see portal.wording)."""
    found = _text_problems(content) + _tie_problems(content, competencies, behaviours)
    return found + _question_problems(content) + _item_problems(content)


def wordings(content: Content) -> list[tuple[str, str]]:
    """Every free text of the content with the name of its field."""
    found = [("text", content.text), *(("probes", probe) for probe in content.probes)]
    found += [(f"anchor_{level}", text) for level, text in content.anchors.items()]
    return [*found, ("why", content.why), ("documentation", content.documentation)]


def cleaned(content: Content) -> Content:
    """The same without spaces around texts and without empty probes."""
    probes = tuple(probe.strip() for probe in content.probes if probe.strip())
    anchors = {level: text.strip() for level, text in content.anchors.items()}
    return replace(
        content,
        text=content.text.strip(),
        probes=probes,
        anchors=anchors,
        why=content.why.strip(),
        documentation=content.documentation.strip(),
    )


def folded(text: str) -> str:
    """For searching: neither case nor å/aa makes a difference."""
    return " ".join(text.lower().replace("å", "aa").split())


def next_key(content: Content, taken: Collection[str]) -> str:
    """The id of a new entry: its first competency, a letter for the use, and the first free number."""
    stem = f"{content.competencies[0] if content.competencies else GENERAL}-{LETTERS[content.use]}"
    return next(key for n in range(1, len(taken) + 2) if (key := f"{stem}{n}") not in taken)


@dataclass(frozen=True)
class Coverage:
    """How many entries each competency has for each use; `gaps` are the empty fields of that table."""

    counts: Mapping[tuple[str, Use], int]
    competencies: Sequence[str]

    def of(self, competency: str, use: Use) -> int:
        return self.counts.get((competency, use), 0)

    @property
    def gaps(self) -> list[tuple[str, Use]]:
        return [(key, use) for key in self.competencies for use in COVERED if not self.of(key, use)]


def coverage(competencies: Sequence[str], pairs: Iterable[tuple[str, Use]]) -> Coverage:
    """Count (competency, use) pairs, one for each active entry and competency."""
    counts: dict[tuple[str, Use], int] = {}
    for pair in pairs:
        counts[pair] = counts.get(pair, 0) + 1
    return Coverage(counts, competencies)
