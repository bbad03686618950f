"""Reading the bank. Without a word about versions, the current one is meant; retired entries are left out."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from flask_sqlalchemy.pagination import Pagination
from sqlalchemy import Select, func, select
from sqlalchemy.orm import aliased, contains_eager, joinedload, selectinload

from portal.bank.models import BankEntry, BankTie, BankVersion
from portal.bank.rules import COVERED, Coverage, Use, coverage, folded
from portal.db import db

PER_PAGE = 25
SORTS = ("key", "text", "changed")


def _current() -> Select[Any]:
    """The newest version of each entry, with the entry at hand."""
    newer = aliased(BankVersion)
    highest = select(func.max(newer.number)).where(newer.entry_id == BankVersion.entry_id).scalar_subquery()
    query = select(BankVersion).join(BankVersion.entry).options(contains_eager(BankVersion.entry))
    return query.where(BankVersion.number == highest)


def _springing_from(query: Select[Any], keys: Collection[str]) -> Select[Any]:
    return query.where(BankVersion.ties.any(BankTie.competency_key.in_(keys)))


def entries(framework_slug: str, use: Use, competency_keys: Collection[str] | None = None) -> list[BankVersion]:
    """The bank's entries for one use in its own order, of these competencies when given."""
    query = _current().where(BankEntry.framework_slug == framework_slug, BankEntry.use == use.value)
    query = query.where(BankEntry.retired_at.is_(None))
    if competency_keys is not None:
        query = _springing_from(query, competency_keys)
    return list(db.session.scalars(query.order_by(BankEntry.id)))


def all_entries() -> list[BankVersion]:
    """Every active entry, as exports write them: in the order in which they came in."""
    return list(db.session.scalars(_current().where(BankEntry.retired_at.is_(None)).order_by(BankEntry.id)))


def find_entry(entry_id: int) -> BankEntry | None:
    """An entry with all its versions, newest first."""
    versions = selectinload(BankEntry.versions)
    query = select(BankEntry).where(BankEntry.id == entry_id).options(versions.joinedload(BankVersion.created_by))
    return db.session.scalar(query.options(versions.selectinload(BankVersion.ties)))


def find_version(version_id: int) -> BankVersion | None:
    return db.session.get(BankVersion, version_id, options=[joinedload(BankVersion.entry)])


def find_script(key: str) -> str:
    """A fixed text by its key; empty when the bank has none."""
    found = db.session.scalar(_current().where(BankEntry.key == key, BankEntry.use == Use.SCRIPT.value))
    return found.text if found else ""


def entries_by_key() -> dict[str, BankVersion]:
    """The current version of every entry, retired ones too, by key."""
    return {version.key: version for version in db.session.scalars(_current())}


def entries_of(version_ids: Iterable[int]) -> dict[int, BankEntry]:
    """The entries of these versions, with all their versions, by version id."""
    wanted = select(BankVersion.entry_id).where(BankVersion.id.in_(list(version_ids)))
    query = select(BankEntry).where(BankEntry.id.in_(wanted)).options(selectinload(BankEntry.versions))
    return {version.id: entry for entry in db.session.scalars(query) for version in entry.versions}


def entry_ids(version_ids: Collection[int | None]) -> dict[int, int]:
    """The entry of each of these versions."""
    query = select(BankVersion.id, BankVersion.entry_id).where(BankVersion.id.in_(version_ids))
    return {row[0]: row[1] for row in db.session.execute(query)}


@dataclass(frozen=True)
class Filter:
    """What the list of the bank shows; empty values leave nothing out. `without` are ids of entries to leave out."""

    search: str = ""
    framework: str = ""
    use: str = ""
    part: str = ""
    competency: str = ""
    kind: str = ""
    retired: bool = False
    without: Collection[int] = ()
    sort: str = "key"
    descending: bool = False


def search(wanted: Filter, part_keys: Collection[str], page: int) -> Pagination:
    """One page of the entries that match; `part_keys` are the competencies of the wanted part."""
    query = _current()
    if wanted.retired:
        query = query.where(BankEntry.retired_at.is_not(None))
    else:
        query = query.where(BankEntry.retired_at.is_(None))
    for word in folded(wanted.search).split():
        query = query.where(BankVersion.search_text.contains(word, autoescape=True))
    if wanted.without:
        query = query.where(BankEntry.id.not_in(wanted.without))
    if wanted.framework:
        query = query.where(BankEntry.framework_slug == wanted.framework)
    if wanted.use:
        query = query.where(BankEntry.use == wanted.use)
    if wanted.kind:
        query = query.where(BankVersion.details["kind"].as_string() == wanted.kind)
    if wanted.competency or wanted.part:
        query = _springing_from(query, [wanted.competency] if wanted.competency else part_keys)
    columns = {"key": BankEntry.id, "text": func.lower(BankVersion.text), "changed": BankVersion.created_at}
    column = columns[wanted.sort]
    query = query.order_by(column.desc() if wanted.descending else column, BankEntry.id)
    return db.paginate(query, page=page, per_page=PER_PAGE, error_out=False)


def coverage_of(framework_slug: str, competencies: Sequence[str]) -> Coverage:
    """How many active entries each competency has for each use."""
    current = _current().where(BankEntry.framework_slug == framework_slug, BankEntry.retired_at.is_(None)).subquery()
    query = select(BankTie.competency_key, BankEntry.use).join(current, current.c.id == BankTie.version_id)
    query = query.join(BankEntry, BankEntry.id == current.c.entry_id)
    query = query.where(BankEntry.use.in_([use.value for use in COVERED]))
    return coverage(competencies, [(row[0], Use(row[1])) for row in db.session.execute(query)])
