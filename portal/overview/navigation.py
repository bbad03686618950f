"""The main navigation by what a person may do."""

from dataclasses import dataclass

from flask import request, url_for
from flask_babel import gettext as _

from portal.access import Actor, Permission, may


@dataclass(frozen=True)
class NavItem:
    """One entry of the main navigation; `count` is the number of things that await the person there."""

    label: str
    url: str
    current: bool
    count: int | None = None


# pages that lie beside the address of the entry that they belong to
BELONGS = {
    "overview.recruitments_list": ("/candidates", "/referees"),
    "onboarding.plans": ("/checklists", "/balance"),
}


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
    roots = (url, *BELONGS.get(endpoint, ()))
    here = request.path in roots or (url != "/" and request.path.startswith(tuple(root + "/" for root in roots)))
    return NavItem(label, url, here)
