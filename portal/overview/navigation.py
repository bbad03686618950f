"""The main navigation by what a person may do, and the breadcrumbs by where they are."""

from dataclasses import dataclass

from flask import g, request, url_for
from flask_babel import gettext as _

from portal.access import Actor, Permission, may


@dataclass(frozen=True)
class NavItem:
    """One entry of the main navigation; `count` is the number of things that await the person there."""

    label: str
    url: str
    current: bool
    count: int | None = None


def navigation(actor: Actor) -> list[NavItem]:
    entries = [
        (Permission.SIGNED_IN, _("Start"), "overview.start"),
        (Permission.SEE_FRAMEWORK, _("Framework"), "overview.frameworks"),
        (Permission.MANAGE_PEOPLE, _("People"), "people.people"),
        (Permission.MANAGE_PEOPLE, _("Offices"), "people.offices"),
        (Permission.SEE_EVENT_LOG, _("Event log"), "overview.event_log"),
    ]
    return [_item(label, endpoint) for permission, label, endpoint in entries if may(actor, permission)]


def _item(label: str, endpoint: str) -> NavItem:
    url = url_for(endpoint)
    here = request.path == url or (url != "/" and request.path.startswith(url + "/"))
    return NavItem(label, url, here)


def breadcrumbs() -> list[tuple[str, str]]:
    """What the page's template put into `g.breadcrumbs`; none on the start page."""
    trail: list[tuple[str, str]] = g.get("breadcrumbs", [])
    return trail
