"""The start page per person, the framework with what springs from it, the event log, and the health checks."""

from datetime import date

from flask import Response, request
from flask_login import current_user

from portal.access import Permission
from portal.audit import queries as audit
from portal.db import database_problem
from portal.framework import queries as framework
from portal.framework.models import Competency, FrameworkVersion
from portal.web import feature, needs, page, public

bp = feature("overview")


@bp.get("/")
@needs(Permission.SIGNED_IN)
def start() -> Response:
    return page("overview/start.html", person=current_user.person, today=date.today())


@bp.get("/frameworks")
@needs(Permission.SEE_FRAMEWORK)
def frameworks() -> Response:
    return page("overview/frameworks.html", versions=framework.published_versions())


@bp.get("/frameworks/<slug>/<int:number>")
@needs(Permission.SEE_FRAMEWORK, framework.find_version)
def framework_version(version: FrameworkVersion) -> Response:
    return page("overview/framework.html", version=version)


@bp.get("/frameworks/<slug>/<int:number>/<key>")
@needs(Permission.SEE_FRAMEWORK, framework.find_competency)
def competency(found: Competency) -> Response:
    return page("overview/competency.html", competency=found, version=found.part.version)


@bp.get("/event-log")
@needs(Permission.SEE_EVENT_LOG)
def event_log() -> Response:
    raw = request.args.get("page", "1")
    number = int(raw) if raw.isascii() and raw.isdigit() and len(raw) < 7 else 1
    action = request.args.get("action", "")[:80]
    found = audit.events(max(number, 1), action)
    return page("overview/event_log.html", fragment="overview/_event_log.html", found=found, action=action)


@bp.get("/healthz")
@public
def healthz() -> Response:
    return Response("ok\n", mimetype="text/plain")


@bp.get("/readyz")
@public
def readyz() -> Response:
    problem = database_problem()
    return Response(f"{problem or 'ready'}\n", status=503 if problem else 200, mimetype="text/plain")
