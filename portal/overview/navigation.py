"""The main navigation by what a person may do."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from flask import request
from flask_babel import gettext as _

from portal.access import Actor, Permission, may
from portal.i18n import catalogue
from portal.web import url_of

KEPT = 512


@dataclass(frozen=True)
class NavItem:
    """One entry of the main navigation; `count` is the number of things that await the person there."""

    label: str
    url: str
    current: bool
    count: int | None = None


def navigation(actor: Actor) -> list[NavItem]:
    """One entry for each area that the actor may enter; the longest address that leads here is the current one."""
    items = [(label, url_of(endpoint)) for label, endpoint in _entries(actor, catalogue())]
    here = [url for _label, url in items if request.path == url or (url != "/" and request.path.startswith(url + "/"))]
    longest = max(here, key=len, default="")
    return [NavItem(label, url, url == longest) for label, url in items]


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
        (may(actor, Permission.SEE_EVENT_LOG), _("Event log"), "overview.event_log"),
    ]
    return [(label, endpoint) for shown, label, endpoint in entries if shown]
