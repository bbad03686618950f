"""The server is killed while it works: what it answered is there, and nothing is there by half."""

import http.client
import itertools
import os
import random
import secrets
import signal
import threading
from collections.abc import Iterator

from flask import Flask
from sqlalchemy import func, select

from benchmarks.loopback import Browser, free_port, start
from portal.audit.models import AuditEvent
from portal.db import db
from portal.onboarding.models import ItemEvent, Plan, PlanItem
from portal.onboarding.rules import open_from, state_of
from tests.factories import PASSWORD, World

COMPLETIONS, KILLS = 250, 4  # on each of the two databases
SERVER, HEALTH = "portal.app:create_app()", "/healthz"
SECRET = secrets.token_urlsafe(48)  # the sign-in outlives the server


class Mortal:
    """A server that can be killed at any moment and started anew on the same port."""

    def __init__(self, url: str) -> None:
        self.port = free_port()
        self.environ = {"DATABASE_URL": url, "PORTAL_DEMO": "1", "SECRET_KEY": SECRET}
        self.process = start(SERVER, HEALTH, self.port, self.environ)

    def kill(self) -> None:
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(15)

    def restart(self) -> None:
        self.process = start(SERVER, HEALTH, self.port, self.environ)


def answered(server: Mortal, browser: Browser, urls: Iterator[str]) -> set[str]:
    """Complete items one after the other, each with a note of its own, and return the notes that were answered.

    The server is killed a moment after some of the requests are under way.
    """
    fate = random.Random(7)
    deadly = {n * COMPLETIONS // KILLS + fate.randrange(COMPLETIONS // KILLS) for n in range(KILLS)}
    found = set()
    for n in range(COMPLETIONS):
        note = f"Gjort og drøftet, nummer {n}."
        timer = None
        if n in deadly:
            timer = threading.Timer(fate.uniform(0, 0.02), server.kill)
            timer.start()
        try:
            if browser.tick(next(urls), note).status == 200:
                found.add(note)
        except (OSError, http.client.HTTPException):
            assert timer is not None, "the server failed by itself"
        if timer is not None:
            timer.join()
            server.restart()
    return found


def test_every_answered_completion_is_there_and_none_by_half(app: Flask, world: World) -> None:
    items = [item.id for item in world.plan.items if item.responsible == "souschef"]
    urls = itertools.cycle([f"/onboarding/{world.plan.id}/items/{n}/complete" for n in items])
    plan_id = world.plan.id
    url = db.engine.url.render_as_string(hide_password=False)
    db.session.remove()
    db.engine.dispose()
    server = Mortal(url)
    try:
        done = answered(server, Browser(server.port).sign_in("souschef@portal.example", PASSWORD), urls)
    finally:
        server.kill()
    assert len(done) >= COMPLETIONS - KILLS
    written = list(db.session.scalars(select(ItemEvent.note).where(ItemEvent.kind == "completed")))
    assert len(written) == len(set(written))
    assert done <= set(written)
    assert len(written) <= len(done) + KILLS
    agrees(plan_id)


def agrees(plan_id: int) -> None:
    """Events, states, the plan's earliest open day and the event log tell the same story."""
    items = list(db.session.scalars(select(PlanItem).where(PlanItem.plan_id == plan_id)))
    assert [item.state for item in items] == [state_of(item.events) for item in items]
    assert db.session.get_one(Plan, plan_id).open_from == open_from(items)
    events = select(ItemEvent.item_id, func.count()).where(ItemEvent.kind == "completed").group_by(ItemEvent.item_id)
    logged = select(AuditEvent.subject_id, func.count()).where(AuditEvent.action == "onboarding.complete_item")
    written, told = (db.session.execute(query).all() for query in (events, logged.group_by(AuditEvent.subject_id)))
    assert sorted(written) == sorted(told)
