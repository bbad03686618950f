"""Templates with their use: the list, one template, and its earlier versions. Keeping them is the checklists' own."""

from dataclasses import dataclass
from typing import Any

from flask import Response, request
from flask_login import current_user

from portal.access import Permission, may
from portal.checklists import queries
from portal.checklists.models import Template, TemplateVersion
from portal.checklists.views import covered, grouped
from portal.onboarding.queries import plans_by_version
from portal.overview.blueprint import bp
from portal.web import needs, page


@dataclass(frozen=True)
class Row:
    """A template with the version that counts (the draft before the first is published) and its use."""

    version: TemplateVersion
    draft: TemplateVersion | None
    items: int
    started: int
    running: int


def _rows(templates: list[Template]) -> list[Row]:
    shown = {template.id: template.published or template.versions[0] for template in templates}
    items = queries.item_counts([version.id for version in shown.values()])
    used = plans_by_version([template.id for template in templates])
    rows = []
    for template in templates:
        uses = [used.get(version.id, (0, 0)) for version in template.versions]
        started, running = sum(use[0] for use in uses), sum(use[1] for use in uses)
        version = shown[template.id]
        rows.append(Row(version, template.draft, items.get(version.id, 0), started, running))
    return rows


@bp.get("/checklists")
@needs(Permission.SEE_CHECKLISTS)
def checklists() -> Response:
    """What is not published yet is shown to those who work on it."""
    retired = bool(request.args.get("retired"))
    manages = may(current_user.actor, Permission.MANAGE_CHECKLISTS)
    rows = _rows([t for t in queries.templates(retired=retired) if manages or t.published])
    return page("overview/checklists.html", rows=rows, retired=retired)


def _shown(template: Template, version: TemplateVersion | None) -> Response:
    used = plans_by_version([template.id])
    newest = template.published.id if template.published else None
    more: dict[str, Any] = {"groups": grouped(version), **covered(version)} if version else {}
    return page(
        "overview/checklist.html",
        template=template,
        version=version,
        title=(version or template.versions[0]).title,
        started=sum(use[0] for use in used.values()),
        running=sum(use[1] for use in used.values()),
        behind=sum(use[1] for version_id, use in used.items() if version_id != newest),
        **more,
    )


@bp.get("/checklists/<int:template_id>")
@needs(Permission.SEE_CHECKLISTS, queries.find_template)
def checklist(template: Template) -> Response:
    return _shown(template, template.published)


@bp.get("/checklists/<int:template_id>/versions/<int:number>")
@needs(Permission.SEE_CHECKLISTS, queries.find_published)
def checklist_version(version: TemplateVersion) -> Response:
    return _shown(version.template, version)
