"""The start page per person, the framework with what springs from it, the event log, and the health checks."""

from flask import Response, request
from flask_babel import gettext as _
from flask_login import current_user

from portal.access import Permission
from portal.audit import queries as audit
from portal.bank import queries as bank
from portal.bank.rules import COVERED
from portal.db import database_problem
from portal.framework import queries as framework
from portal.framework.models import Competency, FrameworkVersion
from portal.interviews import queries as interviews
from portal.overview import start as start_page
from portal.overview.blueprint import bp
from portal.people.queries import names_of
from portal.web import needs, page, page_number, public


@bp.get("/")
@needs(Permission.SIGNED_IN)
def start() -> Response:
    shown = start_page.StartPage.of(current_user)
    return page("overview/start.html", person=current_user.person, start=shown)


@bp.get("/frameworks")
@needs(Permission.SEE_FRAMEWORK)
def frameworks() -> Response:
    return page("overview/frameworks.html", versions=framework.published_versions())


@bp.get("/frameworks/<slug>/<int:number>")
@needs(Permission.SEE_FRAMEWORK, framework.find_version)
def framework_version(version: FrameworkVersion) -> Response:
    slug = version.framework.slug
    return page(
        "overview/framework.html",
        version=version,
        coverage=bank.coverage_of(slug, [c.key for part in version.parts for c in part.competencies]),
        uses=COVERED,
    )


@bp.get("/frameworks/<slug>/<int:number>/<key>")
@needs(Permission.SEE_FRAMEWORK, framework.find_competency)
def competency(found: Competency) -> Response:
    slug = found.part.version.framework.slug
    return page(
        "overview/competency.html",
        competency=found,
        version=found.part.version,
        entries={use: bank.entries(slug, use, [found.key]) for use in COVERED},
    )


def _areas() -> list[tuple[str, str]]:
    return [
        ("", _("Everything")),
        ("people.", _("People and sign-in")),
        ("framework.", _("Framework")),
        ("bank.", _("Bank")),
        ("onboarding.", _("Onboarding")),
        ("balance.", _("Balance and focus areas")),
        ("recruitment.", _("Recruitment")),
        ("interviews.", _("Interviews")),
        ("references.", _("References")),
        ("mail.", _("Mail")),
    ]


@bp.get("/event-log")
@needs(Permission.SEE_EVENT_LOG)
def event_log() -> Response:
    action = request.args.get("action", "")[:80]
    found = audit.events(page_number(), action, hidden=interviews.not_yet_open_to(current_user.person_id))
    names = names_of({event.actor_id for event in found.items if event.actor_id})
    return page(
        "overview/event_log.html",
        fragment="overview/_event_log.html",
        found=found,
        action=action,
        names=names,
        areas=_areas(),
    )


@bp.get("/healthz")
@public
def healthz() -> Response:
    return Response("ok\n", mimetype="text/plain")


@bp.get("/readyz")
@public
def readyz() -> Response:
    problem = database_problem()
    return Response(f"{problem or 'ready'}\n", status=503 if problem else 200, mimetype="text/plain")
