"""The main navigation by what a person may do."""

from dataclasses import dataclass

from flask import request, url_for
from flask_babel import gettext as _

from portal.access import Actor, Permission, may

# Addresses whose pages belong to an entry beside those under its own.
BESIDE = {"onboarding.plans": ("/checklists",)}


@dataclass(frozen=True)
class NavItem:
    """One entry of the main navigation; `count` is the number of things that await the person there."""

    label: str
    url: str
    current: bool
    count: int | None = None


def navigation(actor: Actor) -> list[NavItem]:
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
    items = [_item(label, endpoint) for shown, label, endpoint in entries if shown]
    longest = max((item.url for item in items if item.current), key=len, default="")
    return [NavItem(item.label, item.url, item.url == longest) for item in items]


def _item(label: str, endpoint: str) -> NavItem:
    url = url_for(endpoint)
    rooms = (url, *BESIDE.get(endpoint, ()))
    here = any(request.path == room or (room != "/" and request.path.startswith(room + "/")) for room in rooms)
    return NavItem(label, url, here)
