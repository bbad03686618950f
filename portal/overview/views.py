"""The start page per person, the framework with what springs from it, and the health checks."""

from flask import Response
from flask_login import current_user

from portal.access import Permission
from portal.bank import queries as bank
from portal.bank.rules import COVERED
from portal.db import database_problem
from portal.framework import queries as framework
from portal.framework.models import Competency, FrameworkVersion
from portal.overview import start as start_page
from portal.overview.blueprint import bp
from portal.web import needs, page, public


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


@bp.get("/healthz")
@public
def healthz() -> Response:
    return Response("ok\n", mimetype="text/plain")


@bp.get("/readyz")
@public
def readyz() -> Response:
    problem = database_problem()
    return Response(f"{problem or 'ready'}\n", status=503 if problem else 200, mimetype="text/plain")
