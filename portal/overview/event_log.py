"""The page of the event log, and the same rows as a file."""

from datetime import datetime, time, timedelta

from flask import Response, request
from flask_babel import gettext as _
from flask_login import current_user

from portal.access import Permission
from portal.audit import queries as audit
from portal.audit.services import record
from portal.db import unit_of_work
from portal.formfields import options_or_none
from portal.i18n import ZONE, today
from portal.interviews import queries as interviews
from portal.overview.blueprint import bp
from portal.overview.event_texts import AREAS, actions_about
from portal.overview.events import Line, lines
from portal.overview.forms import EventFilter
from portal.people.queries import ids_named, names_of
from portal.tables import CSV, as_csv
from portal.web import attachment, logs_reading, needs, page, page_number

FIELDS = ("q", "action", "person", "since", "until")


def _filter_form() -> EventFilter:
    form = EventFilter(request.args)
    form.action.choices = options_or_none(AREAS, _("Everything"))
    names = sorted(names_of(audit.actors()).items(), key=lambda row: row[1].casefold())
    form.person.choices = options_or_none(names, _("Everyone"))
    form.validate()
    return form


def _wanted(form: EventFilter) -> audit.Wanted:
    """What the address asks for; what it asks for wrongly is left out. Days are whole days in Denmark."""
    given = {name: None if form[name].errors else form[name].data for name in FIELDS}
    since, until = given["since"], given["until"]
    search = given["q"] or ""
    return audit.Wanted(
        action=given["action"] or "",
        actor_id=int(given["person"]) if given["person"] else None,
        since=datetime.combine(since, time(), ZONE) if since else None,
        before=datetime.combine(until + timedelta(days=1), time(), ZONE) if until else None,
        search=search,
        actions=actions_about(search) if search else [],
        actors=ids_named(search) if search else [],
        hidden=interviews.not_yet_open_to(current_user.person_id),
    )


def _kept(form: EventFilter) -> dict[str, str]:
    return {name: request.args[name] for name in FIELDS if request.args.get(name) and not form[name].errors}


@bp.get("/event-log")
@needs(Permission.SEE_EVENT_LOG)
def event_log() -> Response:
    form = _filter_form()
    found = audit.events(page_number(), _wanted(form))
    names = names_of({event.actor_id for event in found.items if event.actor_id})
    return page(
        "overview/event_log.html",
        fragment="overview/_event_log.html",
        form=form,
        found=found,
        lines=lines(found.items, names),
        kept=_kept(form),
    )


@bp.get("/event-log.csv")
@needs(Permission.SEE_EVENT_LOG)
@logs_reading
def event_log_csv() -> Response:
    """Everything that the filter finds; taking the log out of the portal is itself in the log."""
    wanted = _wanted(_filter_form())
    found = audit.all_events(wanted)
    names = names_of({event.actor_id for event in found if event.actor_id})
    rows = [_row(line) for line in lines(found, names)]
    with unit_of_work():
        record("overview.export_event_log", rows=len(rows))
    heading = [_("When"), _("What happened"), _("Kind"), _("On which"), _("From where")]
    return attachment(as_csv(heading, rows), CSV, f"event-log-{today().isoformat()}.csv")


def _row(line: Line) -> list[object]:
    when = line.event.at.astimezone(ZONE).strftime("%Y-%m-%d %H:%M:%S")
    about = (line.subject.kind, line.subject.name) if line.subject else ("", "")
    return [when, line.what, *about, line.event.address]
