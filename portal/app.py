"""create_app(): wiring only."""

import os
from collections.abc import Mapping

from flask import Flask, current_app
from flask_login import current_user
from flask_wtf import CSRFProtect
from jinja2 import StrictUndefined
from werkzeug.middleware.proxy_fix import ProxyFix

from portal.activities import models as activities
from portal.annualtalks import planning as calling_talks
from portal.annualtalks import preparing
from portal.annualtalks import views as annualtalks
from portal.annualtalks.blueprint import bp as annualtalks_bp
from portal.assets import init_assets
from portal.balance.views import bp as balance_bp
from portal.bank.texts import context as bank_words
from portal.bank.views import bp as bank_bp
from portal.checklists.views import bp as checklists_bp
from portal.cli import portal_cli
from portal.comparison import debriefs
from portal.comparison import views as comparing
from portal.comparison.blueprint import bp as comparison_bp
from portal.config import Settings, read_settings
from portal.db import init_db
from portal.decisions import drafting, refusals
from portal.decisions import papers as decision_papers
from portal.decisions import views as deciding
from portal.decisions.blueprint import bp as decisions_bp
from portal.goals import models as goals
from portal.handover import models as handover
from portal.hearings.views import bp as hearings_bp
from portal.i18n import init_i18n, language
from portal.interviews import amending, chairing, copying, rewording, scheduling, scorecards
from portal.interviews import papers as interview_guides
from portal.interviews import views as assessing
from portal.interviews.blueprint import bp as interviews_bp
from portal.jobads.views import bp as jobads_bp
from portal.memo import init_memo
from portal.needs import models as needs
from portal.onboarding import additions, insight, milestones, moving, papers, starting
from portal.onboarding.texts import context as onboarding_words
from portal.onboarding.views import bp as onboarding_bp
from portal.overview import bank, calendar, candidates, checklists, coverage, event_log, recruitments, views
from portal.overview.blueprint import bp as overview_bp
from portal.overview.navigation import navigation
from portal.paths import STATIC, TEMPLATES
from portal.people.views import init_people
from portal.records.views import bp as records_bp
from portal.recruitment import importing
from portal.recruitment.views import bp as recruitment_bp
from portal.references import guides, online, talks
from portal.references import views as references
from portal.references.blueprint import bp as references_bp
from portal.strategy.views import bp as strategy_bp
from portal.web import check_views, init_web, may_here, this_page, url_of

csrf = CSRFProtect()
TABLES = (goals, needs, activities, handover)
# importing them is what gives their blueprints the pages
PAGES = (
    bank, calendar, candidates, checklists, coverage, event_log, recruitments, views,
    milestones, starting, moving, additions, papers, insight, importing, scorecards, scheduling, assessing,
    rewording, copying, interview_guides, amending, chairing, comparing, debriefs, references, guides, talks, online,
    deciding, drafting, refusals, decision_papers, annualtalks, calling_talks, preparing,
)  # fmt: skip
FEATURES = (
    bank_bp,
    checklists_bp,
    balance_bp,
    onboarding_bp,
    recruitment_bp,
    interviews_bp,
    comparison_bp,
    references_bp,
    hearings_bp,
    jobads_bp,
    decisions_bp,
    annualtalks_bp,
    strategy_bp,
    records_bp,
    overview_bp,
)


def create_app(environ: Mapping[str, str] = os.environ) -> Flask:
    """The application for these settings; raises BadSetting before anything is opened."""
    settings = read_settings(environ)
    app = Flask("portal", static_folder=None, template_folder=str(TEMPLATES))
    _configure(app, settings)
    init_db(app)
    init_i18n(app)
    init_web(app)
    csrf.init_app(app)
    init_memo(app, bank_words, onboarding_words)
    init_people(app)
    for blueprint in FEATURES:
        app.register_blueprint(blueprint)
    app.context_processor(_page_context)
    init_assets(app, STATIC)
    if settings.proxies:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=settings.proxies, x_proto=settings.proxies, x_host=settings.proxies
        )
    app.cli.add_command(portal_cli)
    check_views(app)
    return app


def _configure(app: Flask, settings: Settings) -> None:
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        SETTINGS=settings,
        DEMO=settings.demo,
        MAX_CONTENT_LENGTH=2 * 1024 * 1024,
        MAX_FORM_MEMORY_SIZE=1024 * 1024,
        MAX_FORM_PARTS=2000,
        SESSION_COOKIE_NAME="portal",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=not settings.demo,
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=True,
        RATELIMIT_STORAGE_URI=settings.ratelimit_storage_uri,
    )
    if settings.sqlite_file:
        settings.sqlite_file.parent.mkdir(parents=True, exist_ok=True)
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.globals.update(may=may_here, url_of=url_of)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True


def _page_context() -> dict[str, object]:
    signed_in = current_user.is_authenticated
    return {
        "locale": language(),
        "this_page": this_page(),
        "demo": current_app.config["DEMO"],
        "contact": current_app.config["SETTINGS"].contact,
        "nav": navigation(current_user.actor) if signed_in else (),
        "reader_name": current_user.person.name if signed_in else None,
    }
