"""What the tests of templates have in common."""

import re

from portal.checklists import queries
from portal.checklists.models import TemplateItem, TemplateVersion
from portal.db import db
from tests.inspecting import InspectingClient

TEMPLATE = "/checklists/1"
DRAFT = f"{TEMPLATE}/draft"
ITEM = {
    "text": "Mød kontorets controller",
    "why": "Budgettet bliver forståeligt af at blive forklaret.",
    "documentation": "En linje om, hvad I aftalte.",
    "phase": "month_6",
    "responsible": "souschef",
    "offset_days": "150",
    "theme": "connection",
    "required": "y",
    "competencies": "driftsledelse-k1",
    "behaviours": "driftsledelse-a7",
}


def begin(client: InspectingClient) -> TemplateVersion:
    """A draft of the standard template, by HR."""
    client.sign_in("hr")
    assert client.send(f"{DRAFT}/start").status_code == 303
    return draft()


def draft(template_id: int = 1) -> TemplateVersion:
    db.session.expire_all()
    found = queries.find_draft(template_id)
    assert found is not None
    return found


def group(phase: str) -> list[TemplateItem]:
    return [item for item in draft().items if item.phase == phase]


def hidden(html: str, name: str) -> str:
    """The value of a hidden field."""
    found = re.search(rf'name="{name}" type="hidden" value="([^"]*)"', html)
    assert found, name
    return found.group(1)


def publish(client: InspectingClient, address: str = DRAFT) -> int:
    page = client.get(address).text
    return client.send(f"{address}/publish", {"revision": hidden(page, "revision")}).status_code
