"""Figures of the pages: paired with the yardstick's, held against the goals."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import cycle
from statistics import median, quantiles
from typing import Any

from flask import Flask
from sqlalchemy import event, select

from benchmarks.loopback import Answer, Browser, ask, throughput
from benchmarks.population import PASSWORD, Agency
from portal.db import db
from portal.onboarding import lists
from portal.onboarding.models import PlanItem
from portal.onboarding.rules import MilestoneState

WARM_UP = 30
SECONDS = 1.0
RATIO, GROWTH, QUERIES, TICK_QUERIES, TICK_BYTES = 3.0, 1.2, 6, 8, 4096
TICK = "tick"


@dataclass(frozen=True)
class Page:
    """One thing that is measured: who asks for what; `paths` go round, and `form` is what is sent to them, if any."""

    name: str
    email: str
    paths: tuple[str, ...]
    form: tuple[tuple[str, str], ...] = ()

    @property
    def is_tick(self) -> bool:
        return self.name == TICK


def ticks(agency: Agency) -> tuple[str, ...]:
    """Complete one item and undo another, and when all have been through it the other way round."""
    query = select(PlanItem.id, PlanItem.phase, PlanItem.state).where(PlanItem.plan_id == agency.plan_id)
    states = lists.states_of([agency.plan_id])[agency.plan_id]
    rows = db.session.execute(query.where(PlanItem.responsible == "souschef").order_by(PlanItem.id))
    free = [(n, s) for n, phase, s in rows if states[phase] is MilestoneState.OPEN]
    db.session.rollback()
    done, still = ([n for n, s in free if s == wanted] for wanted in ("done", "open"))
    pairs = list(zip(still, done, strict=False))
    verbs = [("complete", "undo"), ("undo", "complete")]
    chosen = [(n, verb) for order in verbs for pair in pairs for n, verb in zip(pair, order, strict=True)]
    return tuple(f"/onboarding/{agency.plan_id}/items/{n}/{verb}" for n, verb in chosen)


def pages(agency: Agency) -> list[Page]:
    return [
        Page("plans", agency.hr, ("/onboarding",)),
        Page("plan", agency.souschef, (f"/onboarding/{agency.plan_id}",)),
        Page(TICK, agency.souschef, ticks(agency)),
        Page("start as chef", agency.chef, ("/",)),
        Page("start as HR", agency.hr, ("/",)),
    ]


def _request(page: Page, browser: Browser) -> Callable[[], Answer]:
    paths: Iterator[str] = cycle(page.paths)
    send = browser.tick if page.is_tick else browser.get
    sent = dict(page.form)

    def request() -> Answer:
        answer = browser.send(next(paths), sent) if sent else send(next(paths))
        assert answer.status == 200, f"{page.name}: {answer.status}"
        return answer

    return request


def _p95(values: list[float]) -> float:
    return quantiles(values, n=20)[-1]


def count_queries(app: Flask, page: Page, browser: Browser) -> int:
    """The SELECTs of one request of the same person, served in this process."""
    statements: list[str] = []

    def note(_c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if statement.lstrip().upper().startswith(("SELECT", "WITH")):
            statements.append(statement)

    client = app.test_client(use_cookies=False)
    form = {"csrf_token": browser.token, **dict(page.form)} if page.is_tick or page.form else None
    headers = {**browser.headers, **({"HX-Request": "true"} if form else {})}
    engine = db.engine
    for path in (page.paths * 2)[:2]:  # the first may fill caches that a server fills once
        statements.clear()
        event.listen(engine, "before_cursor_execute", note)
        try:
            with app.app_context():  # as on a server: nothing of an earlier request is left
                response = client.open(path, method="POST" if form else "GET", data=form, headers=headers)
        finally:
            event.remove(engine, "before_cursor_execute", note)
        assert response.status_code == 200, f"{page.name}: {response.status_code}"
    return len(statements)


def measure(app: Flask, page: Page, port: int, yardstick: int, n: int) -> dict[str, Any]:
    """Ask for the page and the yardstick in turn, `n` times each."""
    browser = Browser(port).sign_in(page.email, PASSWORD)
    request = _request(page, browser)
    bare: dict[str, str] = {"Accept-Encoding": "gzip"}
    answers: list[Answer] = []
    lengths: list[float] = []
    for number in range(WARM_UP + n):
        answer, length = request(), ask(yardstick, "/", bare).seconds
        if number >= WARM_UP:
            answers.append(answer)
            lengths.append(length)
    times = [answer.seconds for answer in answers]
    found = {
        "page": page.name,
        "n": n,
        "p50_ms": round(median(times) * 1000, 2),
        "p95_ms": round(_p95(times) * 1000, 2),
        "yardstick_p50_ms": round(median(lengths) * 1000, 2),
        "yardstick_p95_ms": round(_p95(lengths) * 1000, 2),
        "ratio": round(median(times) / median(lengths), 2),
        "bytes": round(median(len(answer.body) for answer in answers)),
        "queries": count_queries(app, page, browser),
    }
    for connections in (1, 8):
        found[f"per_second_{connections}"] = round(throughput(connections, SECONDS, request))
        rate = throughput(connections, SECONDS, lambda: ask(yardstick, "/", bare))
        found[f"yardstick_per_second_{connections}"] = round(rate)
    return found


def growth(rows: list[dict[str, Any]]) -> None:
    """How much slower each page is than with the fewest plans, measured in yardsticks of the same moment."""
    for row in rows:
        peers = [r for r in rows if (r["page"], r["database"]) == (row["page"], row["database"])]
        first = min(peers, key=lambda r: int(r["plans"]))
        row["growth"] = round(row["ratio"] / first["ratio"], 2)
        row["same_queries"] = len({r["queries"] for r in peers}) == 1


def missed(row: dict[str, Any]) -> list[str]:
    """The goals that the page does not reach."""
    tick = row["page"] == TICK
    goals = [
        (row["ratio"] <= RATIO, f"{row['ratio']} times the yardstick, at most {RATIO}"),
        (row["growth"] <= GROWTH, f"{row['growth']} times as slow as with the fewest plans, at most {GROWTH}"),
        (row["queries"] <= (TICK_QUERIES if tick else QUERIES), f"{row['queries']} queries"),
        (row["same_queries"], "the number of queries depends on the number of plans"),
        (not tick or row["bytes"] <= TICK_BYTES, f"{row['bytes']} bytes, at most {TICK_BYTES}"),
    ]
    return [words for reached, words in goals if not reached]


def now() -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%S")
