"""A person's days as a calendar to subscribe to. It is read without sign-in, by whoever has the secret address."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from urllib.parse import urljoin, urlsplit

from flask import Response, abort, current_app, flash, request, url_for
from flask_babel import force_locale
from flask_babel import gettext as _
from flask_login import current_user
from icalendar import Calendar, Event
from werkzeug.wrappers import Response as BaseResponse

from portal.access import Actor, Permission
from portal.audit.queries import how_often
from portal.db import unit_of_work
from portal.filenames import file_name
from portal.i18n import ZONE, today
from portal.interviews.lists import Appointment, appointments
from portal.onboarding import duties
from portal.onboarding.schedule import TRIAL_REVIEW
from portal.onboarding.texts import phase_label
from portal.overview.blueprint import bp
from portal.people import queries as people
from portal.people import services
from portal.people.models import Person
from portal.recruitment import queries as recruitments
from portal.recruitment.models import Recruitment
from portal.recruitment.texts import round_name
from portal.throttle import Limit, attempt
from portal.web import needs, page, public, redirect_to

MIMETYPE = "text/calendar; charset=utf-8"
FAR = timedelta(days=3 * 366)  # nothing lies further ahead than a civil servant's trial period
MOST_ITEMS = 1000
REFRESH = timedelta(hours=12)


@dataclass(frozen=True)
class Day:
    """One entry of the calendar: an all-day event with a link, that keeps its `uid` for good."""

    uid: str
    on: date
    what: str
    url: str


def _base_url() -> str:
    return current_app.config["SETTINGS"].base_url or request.host_url


def _address(path: str) -> str:
    return urljoin(_base_url(), path)


def _items(actor: Actor, day: date) -> Iterable[Day]:
    for due in duties.due_for(actor, day, limit=MOST_ITEMS, within=FAR):
        about = "" if due.souschef_id == actor.person_id else f" ({due.souschef})"
        url = url_for("onboarding.item", plan_id=due.plan_id, item_id=due.item_id)
        yield Day(f"item-{due.item_id}", due.due_date, f"{due.title}{about}", url)


def _milestones(actor: Actor) -> Iterable[Day]:
    """Milestone days; the review of a trial period is the chef's to hold, whoever else decides for them."""
    for found in duties.milestone_days(actor):
        uid, name = f"milestone-{found.plan_id}-{found.phase}", phase_label(found.phase)
        url = url_for("onboarding.milestone", plan_id=found.plan_id, phase=found.phase)
        if found.phase == TRIAL_REVIEW and not found.own and found.office_id in actor.chef_of:
            what = _("Hold the review: %(milestone)s", milestone=name)
            url = url_for("onboarding.trial_review", plan_id=found.plan_id)
        else:
            what = _("Milestone: %(milestone)s", milestone=name)
        yield Day(uid, found.due_date, what if found.own else f"{what} ({found.souschef})", url)


def _event(day: Day, host: str, now: datetime) -> Event:
    event, url = Event(), _address(day.url)
    event.add("uid", f"{day.uid}@{host}")
    event.add("dtstamp", now)
    event.add("dtstart", day.on)
    event.add("dtend", day.on + timedelta(days=1))
    event.add("summary", day.what)
    event.add("description", _("Open it in Souschefportalen: %(url)s", url=url))
    event.add("url", url)
    event.add("transp", "TRANSPARENT")  # a due date makes nobody busy
    event.add("class", "PRIVATE")
    return event


def _interviews(found: Iterable[Recruitment], person_id: int) -> list[Appointment]:
    """The interviews with a time of those recruitments in which this person takes part: on the panel, or running it."""
    taking_part = [r for r in found if person_id == r.recruiter_id or person_id in r.panel_person_ids]
    return [a for r in taking_part for a in appointments(r, person_id) if a.interview.starts_at]


def _interview_event(shown: Appointment, moves: int, host: str, now: datetime) -> Event:
    """Whose interview it is, and where, is told only to one who may know more than its time: calendars go far."""
    interview, event = shown.interview, Event()
    assert interview.starts_at is not None
    assert shown.ends_at is not None
    recruitment = interview.recruitment
    url = _address(url_for("interviews.schedule", recruitment_id=recruitment.id))
    what = round_name(interview.round.number)
    event.add("uid", f"interview-{interview.id}@{host}")
    event.add("dtstamp", now)
    event.add("sequence", moves)
    event.add("dtstart", interview.starts_at.astimezone(ZONE))
    event.add("dtend", shown.ends_at.astimezone(ZONE))
    event.add("summary", f"{what}: {interview.candidate.name}" if shown.full else f"{what} ({recruitment.title})")
    if shown.place:
        event.add("location", shown.place)
    event.add("description", _("Open it in Souschefportalen: %(url)s", url=url))
    event.add("url", url)
    event.add("class", "PRIVATE")
    return event


def _add_interviews(calendar: Calendar, shown: Sequence[Appointment], host: str, now: datetime) -> None:
    moves = how_often("interviews.set_time", "interview", [appointment.interview.id for appointment in shown])
    for appointment in shown:
        calendar.add_component(_interview_event(appointment, moves[appointment.interview.id], host, now))
    if shown:
        calendar.add_missing_timezones()


def _empty() -> tuple[Calendar, str, datetime]:
    """A calendar without events, the host that ends its uids, and the time."""
    calendar, host = Calendar(), urlsplit(_base_url()).hostname or "localhost"
    calendar.add("prodid", "-//Souschefportalen//DA")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    return calendar, host, datetime.now(UTC)


def compose(person: Person, day: date) -> bytes:
    """The person's days, in Danish: what is open on that day, and their interviews. No notes and no comments are in
    it."""
    actor = people.actor_of(person, day)
    calendar, host, now = _empty()
    calendar.add("x-wr-calname", "Souschefportalen")
    calendar.add("refresh-interval", REFRESH)
    calendar.add("x-published-ttl", "PT12H")
    with force_locale("da"):
        for found in [*_items(actor, day), *_milestones(actor)]:
            calendar.add_component(_event(found, host, now))
        taking_part = recruitments.recruitments_with_times_of(person.id)
        _add_interviews(calendar, _interviews(taking_part, person.id), host, now)
    content: bytes = calendar.to_ical()
    return content


@bp.get("/calendar/<secret>.ics")
@public
def calendar(secret: str) -> Response:
    """An unknown secret, one that was taken back, and one of a person who has left are all the same: not here."""
    with attempt(Limit("calendar", "60 per 15 minutes", request.remote_addr or "")) as tried:
        person = people.subscriber(secret)
        if person is None:
            abort(404)
        tried.failed = False
    response = Response(compose(person, today()), content_type=MIMETYPE)
    response.headers["Content-Disposition"] = "inline; filename=souschefportalen.ics"
    return response


@bp.get("/recruitments/<int:recruitment_id>/interviews.ics")
@needs(Permission.SEE_RECRUITMENT, recruitments.find_recruitment)
def interviews_calendar(found: Recruitment) -> Response:
    """The interviews of one recruitment, for those who take part in it."""
    composed, host, now = _empty()
    _add_interviews(composed, _interviews([found], current_user.person_id), host, now)
    response = Response(composed.to_ical(), content_type=MIMETYPE)
    name = file_name([_("interviews"), found.title])
    response.headers.set("Content-Disposition", "attachment", filename=f"{name}.ics")
    return response


@bp.post("/account/calendar")
@needs(Permission.SIGNED_IN)
def renew_calendar() -> Response:
    """The one page that shows the address; coming back to it makes another."""
    with unit_of_work():
        secret = services.renew_calendar_link(current_user.person)
    return page("overview/calendar_link.html", address=_address(url_for("overview.calendar", secret=secret)))


@bp.post("/account/calendar/revoke")
@needs(Permission.SIGNED_IN)
def revoke_calendar() -> BaseResponse:
    with unit_of_work():
        services.revoke_calendar_link(current_user.person)
    flash(_("The link has been taken back. Calendars that use it are no longer kept up to date."), "success")
    return redirect_to(url_for("people.account", _anchor="calendar"))
