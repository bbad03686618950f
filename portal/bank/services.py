"""Writing the bank. Nothing is overwritten: a change is a new version, and what used the old one keeps it."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from portal.audit.services import record
from portal.bank import queries
from portal.bank.models import BankEntry, BankTie, BankVersion
from portal.bank.rules import QUESTIONS, Content, Problem, Reason, Use, cleaned, folded, next_key, problems, wordings
from portal.bank.texts import finding_text
from portal.clock import now
from portal.db import db
from portal.errors import Refused
from portal.framework.models import FrameworkVersion
from portal.people.models import Person
from portal.wording import find_cpr, protected


@dataclass(frozen=True)
class Keys:
    """The competency and behaviour keys that entries of a framework may name."""

    competencies: frozenset[str]
    behaviours: frozenset[str]

    @classmethod
    def of(cls, version: FrameworkVersion) -> "Keys":
        return cls(
            frozenset(c.key for part in version.parts for c in part.competencies),
            frozenset(b.key for part in version.parts for b in part.behaviours),
        )


def all_problems(content: Content, keys: Keys) -> list[Problem]:
    """Everything that keeps the content out of the bank: what it lacks, and what it must not say."""
    found = problems(content, keys.competencies, keys.behaviours)
    for name, text in wordings(content):
        if cpr := find_cpr(text):
            found.append(Problem(name, Reason.CPR, cpr))
        asked = content.use in QUESTIONS and name in ("text", "probes")
        found += [Problem(name, Reason.PROTECTED, finding_text(f)) for f in protected(text)] if asked else []
    return found


def _add_version(entry: BankEntry, content: Content, person: Person | None) -> BankVersion:
    number = entry.versions[0].number + 1 if entry.versions else 1
    version = BankVersion(
        number=number,
        text=content.text,
        details=content.details(),
        behaviour_keys=list(content.behaviours),
        search_text=folded(" ".join([entry.key, *(text for _name, text in wordings(content))])),
        created_at=now(),
        created_by_id=person.id if person else None,
        ties=[BankTie(competency_key=key, position=n) for n, key in enumerate(content.competencies)],
    )
    entry.versions.insert(0, version)
    db.session.flush()
    return version


def add_entry(framework_slug: str, content: Content, person: Person | None, key: str = "") -> BankEntry:
    """Add an entry whose content has no problems; without a key it gets the next free one of its competency."""
    entry = _new_entry(framework_slug, content, person, key)
    record("bank.add_entry", entry, key=entry.key)
    return entry


def _new_entry(framework_slug: str, content: Content, person: Person | None, key: str) -> BankEntry:
    content = cleaned(content)
    taken = set() if key else set(db.session.scalars(select(BankEntry.key)))
    key = key or next_key(content, taken)
    entry = BankEntry(key=key, framework_slug=framework_slug, use=content.use.value, versions=[])
    db.session.add(entry)
    _add_version(entry, content, person)
    return entry


def change_entry(entry: BankEntry, content: Content, person: Person | None) -> bool:
    """Add a version with this content; the same content again adds nothing, and the answer is False."""
    content = cleaned(content)
    if content == entry.current.content:
        return False
    version = _add_version(entry, content, person)
    record("bank.change_entry", entry, key=entry.key, number=version.number)
    return True


def retire_entry(entry: BankEntry) -> None:
    """Take the entry out of all new use; a fixed text cannot be done without."""
    if entry.use == Use.SCRIPT.value:
        raise Refused([_("A fixed text is used by the portal itself. Edit it instead.")])
    if entry.retired_at is None:
        entry.retired_at = now()
        record("bank.retire_entry", entry, key=entry.key)


def restore_entry(entry: BankEntry) -> None:
    if entry.retired_at is not None:
        entry.retired_at = None
        record("bank.restore_entry", entry, key=entry.key)


@dataclass(frozen=True)
class Row:
    """A row of a file that is taken in: where it stands, its key (may be empty), and what it says."""

    place: str
    key: str
    content: Content


@dataclass(frozen=True)
class Changes:
    """What taking a file in would do: rows that are new, that say something else than now, and that say the same."""

    new: list[Row]
    changed: list[Row]
    unchanged: int


def compare(rows: Iterable[Row]) -> Changes:
    """Sort rows without problems by what they would do; a row without a key is its twin in the bank, if it has one."""
    known = queries.entries_by_key()
    twins = {(v.use, v.competency_key, v.text) for v in known.values()}
    changes, unchanged = Changes([], [], 0), 0
    for row in rows:
        content = cleaned(row.content)
        main = content.competencies[0] if content.competencies else ""
        if row.key in known:
            same = known[row.key].content == content
            unchanged += same
            changes.changed.extend([] if same else [row])
        elif not row.key and (content.use, main, content.text) in twins:
            unchanged += 1
        else:
            changes.new.append(row)
    return Changes(changes.new, changes.changed, unchanged)


def row_problems(rows: Collection[Row], keys: Keys) -> list[tuple[Row, Problem]]:
    """Everything that is wrong with the rows of a file, each with its row."""
    known, seen = queries.entries_by_key(), set[str]()
    found = []
    for row in rows:
        content = cleaned(row.content)
        found += [(row, problem) for problem in all_problems(content, keys)]
        other_use = row.key in known and known[row.key].use is not content.use
        if row.key and (row.key in seen or other_use):
            found.append((row, Problem("key", Reason.TAKEN, row.key)))
        if content.use is Use.SCRIPT and row.key not in known:
            found.append((row, Problem("key", Reason.UNKNOWN, row.key)))
        seen.add(row.key)
    return found


def take_in(framework_slug: str, changes: Changes, person: Person | None) -> None:
    """Write what `compare` found; entries that the file does not name stay as they are."""
    known = _entries()
    for row in changes.changed:
        change_entry(known[row.key], row.content, person)
    for row in changes.new:
        add_entry(framework_slug, row.content, person, row.key)


def seed(framework_slug: str, rows: Collection[Row]) -> None:
    """Take in what comes with the portal, and retire what no longer does.

    What someone here has added, changed or retired stays as they left it.
    """
    known, written = _entries(), 0
    for row in rows:
        entry, content = known.get(row.key), cleaned(row.content)
        if entry is None:
            _new_entry(framework_slug, content, None, row.key)
        elif entry.retired_at or entry.current.created_by_id or entry.current.content == content:
            continue
        else:
            _add_version(entry, content, None)
        written += 1
    shipped = {row.key for row in rows}
    for entry in known.values():
        ours = all(version.created_by_id is None for version in entry.versions)
        if ours and entry.key not in shipped and entry.retired_at is None:
            retire_entry(entry)
    if written:
        record("bank.seed", entries=written)


def _entries() -> dict[str, BankEntry]:
    """All entries by key, with their versions at hand."""
    return {e.key: e for e in db.session.scalars(select(BankEntry).options(selectinload(BankEntry.versions)))}
