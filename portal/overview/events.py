"""The event log as people read it: sentences, and the thing that each is about with the page where it is seen."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.audit.models import AuditEvent
from portal.bank.models import BankEntry
from portal.db import db
from portal.decisions.documents import SENTENCES
from portal.framework.models import FrameworkVersion
from portal.interviews.models import Assessment
from portal.onboarding.models import Plan, PlanItem
from portal.overview.event_texts import KINDS, sentence
from portal.people.models import Office, Person
from portal.recruitment.models import Candidate, Interview, Recruitment
from portal.references.models import Referee

COMMAND_LINE = "command line"
SENTENCES.append(sentence)  # the record of a recruitment tells its log in the same words


@dataclass(frozen=True)
class Subject:
    """What an event was about; without name and page when it is gone or has none."""

    kind: str
    name: str = ""
    url: str = ""


@dataclass(frozen=True)
class Line:
    """One event as it is shown."""

    event: AuditEvent
    what: str
    subject: Subject | None


Describe = Callable[[Any], tuple[str, str]]


def _recruitment_page(recruitment_id: int) -> str:
    return url_for("overview.recruitment", recruitment_id=recruitment_id)


def _version_page(version: FrameworkVersion) -> str:
    return url_for("overview.framework_version", slug=version.framework.slug, number=version.number)


# for each kind of thing: how its rows are read, and the name and page of one
_READ: dict[str, tuple[Any, Describe]] = {
    "person": (select(Person), lambda p: (p.name, url_for("people.change_person", person_id=p.id))),
    "office": (select(Office), lambda o: (o.name, url_for("people.change_office", office_id=o.id))),
    "framework_version": (
        select(FrameworkVersion).options(joinedload(FrameworkVersion.framework)),
        lambda v: (v.title, _version_page(v)),
    ),
    "bank_entry": (select(BankEntry), lambda e: (e.key, url_for("overview.bank_entry", entry_id=e.id))),
    "onboarding_plan": (
        select(Plan).options(joinedload(Plan.souschef)),
        lambda p: (p.souschef.name, url_for("onboarding.plan", plan_id=p.id)),
    ),
    "onboarding_plan_item": (
        select(PlanItem),
        lambda i: (i.title, url_for("onboarding.item", plan_id=i.plan_id, item_id=i.id)),
    ),
    "recruitment": (select(Recruitment), lambda r: (r.title, _recruitment_page(r.id))),
    "candidate": (select(Candidate), lambda c: (c.name, _recruitment_page(c.recruitment_id))),
    "interview": (
        select(Interview).options(joinedload(Interview.candidate)),
        lambda i: (i.candidate.name, _recruitment_page(i.candidate.recruitment_id)),
    ),
    "assessment": (
        select(Assessment).options(joinedload(Assessment.interview).joinedload(Interview.candidate)),
        lambda a: (a.candidate.name, _recruitment_page(a.candidate.recruitment_id)),
    ),
    "referee": (
        select(Referee).options(joinedload(Referee.candidate)),
        lambda r: (r.name, _recruitment_page(r.candidate.recruitment_id)),
    ),
}


def _subjects(kind: str, ids: Collection[int]) -> dict[int, Subject]:
    if kind not in _READ:
        return {}
    query, describe = _READ[kind]
    model = query.column_descriptions[0]["entity"]
    rows = db.session.scalars(query.where(model.id.in_(ids)))
    return {row.id: Subject(str(KINDS[kind]), *describe(row)) for row in rows}


def who(event: AuditEvent, names: Mapping[int, str]) -> str:
    if event.actor_id is not None:
        return names.get(event.actor_id, str(_("Someone")))
    return str(_("The command line") if event.address == COMMAND_LINE else _("Someone who is not signed in"))


def lines(events: Iterable[AuditEvent], names: Mapping[int, str]) -> list[Line]:
    """The events in their order; each kind of thing is read once for all of them."""
    events = list(events)
    wanted: dict[str, set[int]] = {}
    for event in events:
        if event.subject_kind and event.subject_id is not None:
            wanted.setdefault(event.subject_kind, set()).add(event.subject_id)
    found = {kind: _subjects(kind, ids) for kind, ids in wanted.items()}
    return [Line(event, sentence(event.action, who(event, names)), _about(event, found)) for event in events]


def _about(event: AuditEvent, found: Mapping[str, Mapping[int, Subject]]) -> Subject | None:
    if not event.subject_kind:
        return None
    nameless = Subject(str(KINDS.get(event.subject_kind, event.subject_kind)))
    return found.get(event.subject_kind, {}).get(event.subject_id or 0, nameless)
