"""What a list is sorted by and searched for, and one page of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, collate, func, or_

from portal.db import db

T = TypeVar("T")
CAPITALS = (("Æ", "æ"), ("Ø", "ø"), ("Å", "å"))
DANISH = (*CAPITALS, ("æ", "{"), ("ø", "|"), ("å", "}"))


@dataclass(frozen=True)
class Order:
    """What the list is sorted by, as the address says."""

    sort: str
    descending: bool

    @classmethod
    def asked(cls, raw: str, sorts: Sequence[str]) -> "Order":
        """The order that ?sort= asks for; the first of `sorts` for what is none of them."""
        name = raw.removeprefix("-")
        return cls(name, raw.startswith("-")) if name in sorts else cls(sorts[0], False)


@dataclass(frozen=True)
class Listed(Generic[T]):
    """One page of a list, with the names that the pages' links ask for; `total` counts all that match."""

    items: Sequence[T]
    total: int
    page: int
    pages: int

    @property
    def has_prev(self) -> bool:
        return self.page > 1

    @property
    def has_next(self) -> bool:
        return self.page < self.pages

    @property
    def prev_num(self) -> int:
        return self.page - 1

    @property
    def next_num(self) -> int:
        return self.page + 1


def pages_of(total: int, per_page: int) -> int:
    """How many pages so many rows take; a list without any has one."""
    return max(1, -(-total // per_page))


def lowered(column: Any, pairs: Sequence[tuple[str, str]]) -> Any:
    """The column in lower case, whatever the database's own language is."""
    for old, new in pairs:
        column = func.replace(column, old, new)
    return func.lower(column)


def danish(column: Any) -> Any:
    """For sorting by Danish rules: æ, ø and å come last, in this order."""
    folded = lowered(column, DANISH)
    return collate(folded, "C") if db.engine.dialect.name == "postgresql" else folded


def contains(search: str, *columns: Any) -> ColumnElement[bool]:
    """Whether the search stands in one of the columns, in whatever case."""
    words = search.lower()
    return or_(*(lowered(column, CAPITALS).contains(words, autoescape=True) for column in columns))
