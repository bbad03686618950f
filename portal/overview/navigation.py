"""The main navigation by what a person may do."""

from functools import lru_cache
from typing import Any, NamedTuple

from flask import request
from flask_babel import gettext as _

from portal.access import Actor, Permission, may
from portal.i18n import catalogue
from portal.web import url_of

KEPT = 512


class NavItem(NamedTuple):
    """One entry of the main navigation; `waiting` is the number of things that await the person there."""

    label: str
    url: str
    current: bool
    waiting: int | None = None


# pages that lie beside the address of the entry that they belong to
BELONGS = {
    "overview.recruitments_list": ("/candidates", "/interviews", "/referees", "/hearings", "/follow-ups"),
    "onboarding.plans": ("/checklists", "/balance"),
}


def navigation(actor: Actor) -> tuple[NavItem, ...]:
    """One entry for each area that the actor may enter; the longest address that leads here is the current one."""
    return _navigation(actor, catalogue(), request.script_root, request.path)


@lru_cache(KEPT)
def _navigation(actor: Actor, texts: Any, root: str, path: str) -> tuple[NavItem, ...]:
    """The same page again has the same navigation."""
    items = [(label, url_of(endpoint), BELONGS.get(endpoint, ())) for label, endpoint in _entries(actor, texts)]
    here = [url for _label, url, roots in items if _lies_in(path, url, roots)]
    longest = max(here, key=len, default="")
    return tuple(NavItem(label, url, url == longest) for label, url, _roots in items)


def _lies_in(path: str, url: str, roots: tuple[str, ...]) -> bool:
    """Whether the page lies under the entry's address, or under one that belongs to it."""
    if path == url:
        return True
    return url != "/" and any(path == root or path.startswith(root + "/") for root in (url, *roots))


@lru_cache(KEPT)
def _entries(actor: Actor, texts: Any) -> list[tuple[str, str]]:
    """(label, endpoint) of what this actor may enter, in the language of the request."""
    recruits = bool(actor.roles or actor.panels)
    entries = [
        (True, _("Start"), "overview.start"),
        (True, _("Onboarding"), "onboarding.plans"),
        (bool(actor.chef_of or actor.deputy_of), _("Sign-offs"), "onboarding.sign_offs"),
        (recruits, _("Recruitment"), "overview.recruitments_list"),
        (may(actor, Permission.SEE_FRAMEWORK), _("Framework"), "overview.frameworks"),
        (may(actor, Permission.SEE_BANK), _("Bank"), "overview.bank"),
        (may(actor, Permission.MANAGE_PEOPLE), _("People"), "people.people"),
        (may(actor, Permission.MANAGE_PEOPLE), _("Offices"), "people.offices"),
        (may(actor, Permission.MANAGE_RECORDS), _("Deletion"), "records.deletion_list"),
        (may(actor, Permission.SEE_EVENT_LOG), _("Event log"), "overview.event_log"),
    ]
    return [(label, endpoint) for shown, label, endpoint in entries if shown]
