"""What a list is sorted by, and one page of it."""

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
