"""Lists that are worked out in Python: sorted and cut into pages like those that the database cuts."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


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
class Listed:
    """One page of a list, with the names that the pages' links ask for."""

    items: Sequence[Any]
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


def cut(rows: Sequence[Any], page: int, per_page: int) -> Listed:
    """The page asked for; one beyond the end is the last."""
    pages = max(-(-len(rows) // per_page), 1)
    page = min(page, pages)
    return Listed(rows[(page - 1) * per_page : page * per_page], len(rows), page, pages)
