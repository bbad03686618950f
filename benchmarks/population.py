"""An agency with many plans: offices, chefs, souschefs and all that has happened on their plans, written in bulk.

Rows go past the services, so they are held to the same rules here: `state` follows the events, `open_from` the items,
and a milestone is signed off only when its items are done.
"""

import json
import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from itertools import chain
from typing import Any

from sqlalchemy import Connection, text

from portal.audit.models import AuditEvent
from portal.bank.rules import PHASES
from portal.checklists.models import TemplateItem
from portal.checklists.queries import published
from portal.db import Base, db
from portal.digests import digest
from portal.framework.queries import find_version
from portal.onboarding.models import ItemEvent, MilestoneEvent, Plan, PlanItem, PlanMilestone
from portal.onboarding.rules import snapshot
from portal.onboarding.schedule import Contract, due_date, milestone_days, phase_for
from portal.people import services as people
from portal.people.models import Office, OfficeSouschef, Person, PersonRole

PASSWORD = "korrekt-hest-batteri"
ITEMS = 70
AT_ONCE = 250  # plans that are worked out together, so that ten thousand fit in little memory
FIRST = ("Anne", "Bo", "Camilla", "Dorthe", "Erik", "Frederik", "Gitte", "Henrik", "Ida", "Jens", "Karen", "Lars")
LAST = ("Andersen", "Bach", "Christensen", "Dahl", "Eriksen", "Friis", "Gram", "Holm", "Iversen", "Jensen", "Kjær")
NOTE = "Drøftet på mødet den dag; punkterne står i vores fælles referat."
OWN_START = 24  # days since the start of the plan that is measured, the same at every size


@dataclass(frozen=True)
class Agency:
    """Whose pages are measured: addresses to sign in with, and the plan of the souschef."""

    hr: str
    chef: str
    souschef: str
    plan_id: int


def offices_for(plans: int) -> int:
    """A few at first, and 200 in the largest: some fifty plans each, running and past."""
    return max(4, min(200, plans // 20))


def _values(row: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(json.dumps(v, ensure_ascii=False) if isinstance(v, list | dict) else v for v in row.values())


def insert(connection: Connection, table: type[Base], rows: Iterator[dict[str, Any]]) -> None:
    """Write the rows (all with the same columns) by the fastest way that the database has."""
    first = next(rows, None)
    if first is None:
        return
    name, columns = table.__tablename__, ", ".join(first)
    driver = connection.connection.driver_connection
    assert driver is not None
    values = (_values(row) for row in chain([first], rows))
    if connection.dialect.name == "sqlite":
        driver.executemany(f"INSERT INTO {name} ({columns}) VALUES ({', '.join('?' * len(first))})", values)
        return
    with driver.cursor() as cursor, cursor.copy(f"COPY {name} ({columns}) FROM STDIN") as copy:
        for row in values:
            copy.write_row(row)


def moment(day: date, hour: int = 10) -> str:
    """As both databases read it: SQLite keeps no zone, and PostgreSQL's is set to UTC."""
    return datetime.combine(day, time(hour)).strftime("%Y-%m-%d %H:%M:%S.%f")


@cache
def _day(start: date, offset: int, working: bool) -> date:
    return due_date(start, offset, working_days=working)


@cache
def _milestones(start: date, contract: Contract, days: tuple[tuple[str, int], ...]) -> dict[str, date]:
    return milestone_days(start, contract, dict(days))


class Population:
    """The rows of an agency with `plans` plans; the same for the same number and day."""

    def __init__(self, plans: int, today: date) -> None:
        self.plans, self.today = plans, today
        self.offices = offices_for(plans)
        self.random = random.Random(plans)
        template, version = published()[0], find_version("souschef")
        assert version is not None
        self.template_id, self.version_id = template.id, version.id
        self.phase_days = tuple(template.phase_days.items())
        self.items = self._items(list(template.items))
        self.hash = people.hasher.hash(PASSWORD)
        self.items_of: dict[int, list[dict[str, Any]]] = {}

    @staticmethod
    def _items(items: list[TemplateItem]) -> list[TemplateItem]:
        """The template's own, some of them twice, until there are as many as a long plan has."""
        return sorted((items * (ITEMS // len(items) + 1))[:ITEMS], key=lambda item: PHASES.index(item.phase))

    def chef(self, office: int) -> int:
        return 1 + office

    def souschef(self, plan: int) -> int:
        return 1 + self.offices + plan

    def office_of(self, plan: int) -> int:
        return 1 + (plan - 1) % self.offices

    def _start(self, plan: int) -> date:
        """A tenth have not begun, half are on their way, the others are past."""
        if plan == 1:
            return self.today - timedelta(days=OWN_START)
        share = self.random.random()
        if share < 0.1:
            return self.today + timedelta(days=self.random.randint(1, 40))
        return self.today - timedelta(
            days=self.random.randint(0, 180) if share < 0.6 else self.random.randint(240, 900)
        )

    def persons(self) -> Iterator[dict[str, Any]]:
        names = ["hr", *(f"chef{n}" for n in range(1, self.offices + 1)), *(f"s{n}" for n in range(1, self.plans + 1))]
        for number, email in enumerate(names, 1):
            yield {
                "id": number,
                "email": f"{email}@portal.example",
                "name": f"{FIRST[number % len(FIRST)]} {LAST[number // 7 % len(LAST)]} {number}",
                "job_title": "",
                "password_hash": self.hash,
                "must_change_password": False,
                "active": True,
                "wants_digest": True,
                "created_at": moment(self.today),
            }

    def office_rows(self) -> Iterator[dict[str, Any]]:
        for n in range(1, self.offices + 1):
            yield {"id": n, "name": f"Kontor for sagsområde {n}", "chef_id": self.chef(n)}

    def plan_rows(self, numbers: range) -> Iterator[dict[str, Any]]:
        """Works the items of each plan out as well, because the plan says from when one is open."""
        self.items_of.clear()
        for n in numbers:
            start = self._start(n)
            contract = Contract.TRIAL if n % 5 else Contract.NONE
            items = self.items_of[n] = list(self._items_of(n, start, contract))
            ended = n > 1 and n % 20 == 0
            yield {
                "id": n,
                "template_title": "Onboarding af souschef",
                "template_version_id": self.template_id,
                "version_id": self.version_id,
                "office_id": self.office_of(n),
                "souschef_id": self.souschef(n),
                "buddy_id": self.souschef(n - 1 if n > 1 else self.plans),
                "start_date": start.isoformat(),
                "contract": contract.value,
                "open_from": min((i["due_date"] for i in items if i["state"] == "open"), default=None),
                "created_at": moment(start - timedelta(days=30)),
                "created_by_id": self.chef(self.office_of(n)),
                "ended_at": moment(self.today) if ended else None,
                "ended_reason": "Stillingen er nedlagt." if ended else "",
            }

    def _items_of(self, plan: int, start: date, contract: Contract) -> Iterator[dict[str, Any]]:
        days = _milestones(start, contract, self.phase_days)
        behind = self.random.random()
        for position, item in enumerate(self.items, 1):
            phase = phase_for(item.phase, days)
            due = _day(start, item.offset_days, item.working_days)
            due = min(due, max(days[phase], start)) if phase != "before_start" else due
            past = days[phase] < self.today - timedelta(days=10)
            done = past and (behind < 0.9 or self.random.random() < 0.9)
            if plan == 1:
                done = phase in ("before_start", "day_1") or (phase == "week_1" and position % 3 == 0)
            yield {
                "id": (plan - 1) * ITEMS + position,
                "plan_id": plan,
                "bank_version_id": item.bank_version_id,
                "added_by_id": None,
                "position": position,
                "title": item.title,
                "why": item.why,
                "documentation": item.documentation,
                "phase": phase,
                "responsible": item.responsible,
                "offset_days": item.offset_days,
                "working_days": item.working_days,
                "due_date": due.isoformat(),
                "theme": item.theme,
                "required": item.required,
                "competency_keys": item.competency_keys,
                "behaviour_keys": item.behaviour_keys,
                "state": "done" if done else "open",
                "revision": 1,
            }

    def item_rows(self) -> Iterator[dict[str, Any]]:
        return chain.from_iterable(self.items_of.values())

    def _done(self) -> Iterator[tuple[int, dict[str, Any], str]]:
        """Each done item with who did it and when."""
        for plan, items in self.items_of.items():
            for item in items:
                if item["state"] == "done":
                    yield self.souschef(plan), item, moment(min(date.fromisoformat(item["due_date"]), self.today))

    def event_rows(self) -> Iterator[dict[str, Any]]:
        for person, item, at in self._done():
            note = NOTE if item["id"] % 3 == 0 else ""
            yield {"item_id": item["id"], "kind": "completed", "by_id": person, "at": at, "note": note}

    def audit_rows(self) -> Iterator[dict[str, Any]]:
        for person, item, at in self._done():
            yield {
                "at": at,
                "actor_id": person,
                "address": "127.0.0.1",
                "action": "onboarding.complete_item",
                "subject_kind": PlanItem.__tablename__,
                "subject_id": item["id"],
                "details": {},
            }

    def milestone_rows(self, plan: dict[str, Any]) -> dict[str, date]:
        start, contract = date.fromisoformat(plan["start_date"]), Contract(plan["contract"])
        return _milestones(start, contract, self.phase_days)

    def decisions(self, plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
        """What is done has been asked for; most of that is signed off, the last sometimes sent back or waiting."""
        done = []
        for phase in self.milestone_rows(plan):
            items = [item for item in self.items_of[plan["id"]] if item["phase"] == phase]
            if items and all(item["state"] == "done" for item in items):
                done.append((phase, items))
        for n, (phase, items) in enumerate(done, 1):
            last = plan["id"] > 1 and n == len(done) < len(self.phase_days)
            kinds = ["requested", {0: "approved", 1: "returned"}.get(plan["id"] % 3, "") if last else "approved"]
            for kind in filter(None, kinds):
                yield self._decision(plan, phase, kind, items)

    def _decision(self, plan: dict[str, Any], phase: str, kind: str, items: list[dict[str, Any]]) -> dict[str, Any]:
        approved = None
        if kind == "approved":
            approved = snapshot(phase, []) | {"items": [{"title": i["title"], "state": "done"} for i in items]}
        chef = self.chef(plan["office_id"])
        return {
            "plan_id": plan["id"],
            "phase": phase,
            "kind": kind,
            "by_id": plan["souschef_id"] if kind == "requested" else chef,
            "at": moment(self.today, 11),
            "comment": "Der mangler et referat." if kind == "returned" else "",
            "snapshot": approved,
            "digest": digest(approved) if approved else "",
        }


def settle(connection: Connection, tables: Iterable[type[Base]]) -> None:
    """Ids go on after those that were written, and PostgreSQL knows its tables, as it would by itself in time."""
    if connection.dialect.name == "sqlite":
        return
    for table in tables:
        name = table.__tablename__
        connection.execute(text(f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), (SELECT max(id) FROM {name}))"))


def _write_plans(connection: Connection, made: Population, numbers: range) -> None:
    written = list(made.plan_rows(numbers))
    insert(connection, Plan, iter(written))
    names = {"office_id": "office_id", "person_id": "souschef_id", "since": "start_date"}
    insert(connection, OfficeSouschef, ({column: p[name] for column, name in names.items()} for p in written))
    days = ((plan, phase, day) for plan in written for phase, day in made.milestone_rows(plan).items())
    rows = ({"plan_id": plan["id"], "phase": phase, "due_date": day.isoformat()} for plan, phase, day in days)
    insert(connection, PlanMilestone, rows)
    insert(connection, PlanItem, made.item_rows())
    insert(connection, ItemEvent, made.event_rows())
    insert(connection, MilestoneEvent, chain.from_iterable(made.decisions(plan) for plan in written))
    insert(connection, AuditEvent, made.audit_rows())


def populate(plans: int, today: date) -> Agency:
    """Fill a seeded database that has no persons yet."""
    made = Population(plans, today)
    db.session.expunge_all()  # the template stays readable while the transaction that read it ends
    db.session.rollback()
    with db.engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SET TIME ZONE 'UTC'"))
        insert(connection, Person, made.persons())
        insert(connection, PersonRole, iter([{"person_id": 1, "role": "hr"}]))
        insert(connection, Office, made.office_rows())
        for first in range(1, plans + 1, AT_ONCE):
            _write_plans(connection, made, range(first, min(first + AT_ONCE, plans + 1)))
        settle(connection, (Person, Office, Plan, OfficeSouschef, PlanItem, ItemEvent, MilestoneEvent, AuditEvent))
    if db.engine.dialect.name == "postgresql":
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))
    return Agency("hr@portal.example", "chef1@portal.example", "s1@portal.example", 1)
