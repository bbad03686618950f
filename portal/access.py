"""Who may do what: the whole policy on one page, decided on plain values.

A permission is granted when any of its predicates holds. What an actor may not read does not exist for them (404);
what they may read but not do is refused (403).
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Role(StrEnum):
    HR = "hr"
    RECRUITER = "recruiter"


@dataclass(frozen=True)
class Actor:
    """A signed-in person as the policy sees them; offices are ids, relations hold today."""

    person_id: int
    roles: frozenset[Role] = frozenset()
    chef_of: frozenset[int] = frozenset()
    souschef_of: frozenset[int] = frozenset()


class Permission(StrEnum):
    SIGNED_IN = "signed_in"
    SEE_FRAMEWORK = "see_framework"
    MANAGE_PEOPLE = "manage_people"
    SEE_EVENT_LOG = "see_event_log"


Predicate = Callable[[Actor, Any], bool]


def anyone_signed_in(actor: Actor, subject: Any) -> bool:
    return True


def is_hr(actor: Actor, subject: Any) -> bool:
    return Role.HR in actor.roles


GRANTS: dict[Permission, tuple[Predicate, ...]] = {
    Permission.SIGNED_IN: (anyone_signed_in,),
    Permission.SEE_FRAMEWORK: (anyone_signed_in,),
    Permission.MANAGE_PEOPLE: (is_hr,),
    Permission.SEE_EVENT_LOG: (is_hr,),
}

# The permission that lets an actor know that the subject exists; without an entry, the permission itself.
READS: dict[Permission, Permission] = {
    Permission.MANAGE_PEOPLE: Permission.SIGNED_IN,
    Permission.SEE_EVENT_LOG: Permission.SIGNED_IN,
}


def may(actor: Actor, permission: Permission, subject: Any = None) -> bool:
    return any(holds(actor, subject) for holds in GRANTS[permission])


def may_know_of(actor: Actor, permission: Permission, subject: Any = None) -> bool:
    return may(actor, READS.get(permission, permission), subject)
