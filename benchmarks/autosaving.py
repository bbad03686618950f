"""Many assessors whose drafts are saved every two seconds: no text is lost, nothing fails, and nobody waits long.

`python -m benchmarks.autosaving`; ASSESSORS=40 SECONDS=60 DATABASES=sqlite,postgresql. Each assessor is a process of
its own, as far from the server as another computer on the same desk; the server is gunicorn with two workers.
"""

import json
import multiprocessing
import os
import re
import tempfile
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from benchmarks.__main__ import RESULTS, application, empty_database, explain
from benchmarks.loopback import Browser, ask, served
from benchmarks.measuring import now
from benchmarks.population import PASSWORD
from portal.access import Role
from portal.bank import queries as bank
from portal.bank.rules import Use
from portal.db import db, unit_of_work
from portal.framework.queries import find_version
from portal.interviews import questions
from portal.people import services as people
from portal.people.models import Person
from portal.recruitment import services as recruitments
from portal.recruitment.models import Recruitment
from portal.recruitment.rules import Choice

ASSESSORS, SECONDS, EVERY = 40, 60.0, 2.0
PANEL = 5
COMPETENCIES = 8  # some fifteen questions, as in a long interview
WORKERS = 2
RATIO = 20.0
READY_WITHIN = 120
SENTENCE = "Kandidaten fortalte om en sag, hvad der blev gjort, og hvad det betød for kolleger og borgere. "


@dataclass
class Written:
    """What one assessor saw of it: how long each saving took, how it was answered, and which texts are gone."""

    seconds: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    sizes: list[int] = field(default_factory=list)
    lost: int = 0


def _person(name: str, secret: str, *roles: Role) -> Person:
    person = people.add_person(f"{name}@portal.example", name, roles=list(roles))
    person.password_hash, person.must_change_password = secret, False
    return person


def seat(assessors: int) -> list[tuple[str, int]]:
    """Panels of five with a candidate each; (e-mail, interview id) of those who assess, all declared impartial."""
    secret = people.hasher.hash(PASSWORD)
    recruiter = _person("rekruttering", secret, Role.RECRUITER)
    office, version = people.add_office("Kontor for samtaler", recruiter), find_version("souschef")
    assert version is not None
    seats: list[tuple[str, int]] = []
    for n in range(0, assessors, PANEL):
        recruitment = recruitments.add_recruitment(f"Souschef {n}", office, version, recruiter)
        chosen = [c for part in version.parts for c in part.competencies][:COMPETENCIES]
        recruitments.choose_profile(recruitment, [Choice(c.id) for c in chosen])
        db.session.refresh(recruitment)
        _ask_two_each(recruitment)
        names = [f"bedommer{n + k}" for k in range(min(PANEL, assessors - n))]
        members = [recruitments.add_member(recruitment, _person(name, secret)) for name in names]
        if len(members) == 1:
            recruitments.add_member(recruitment, _person(f"ekstra{n}", secret))
        candidate = recruitments.add_candidate(recruitment, f"Kandidat {n}")
        db.session.expire(recruitment, ["panel"])
        for member in members:
            recruitments.declare_impartiality(candidate, member, True)
            seats.append((member.person.email, candidate.interviews[0].id))
    return seats


def _ask_two_each(recruitment: Recruitment) -> None:
    keys = [row.competency.key for row in recruitment.profile]
    asked: Counter[str] = Counter()
    for entry in bank.entries("souschef", Use.INTERVIEW, keys):
        if asked[entry.competency_key] < 2:
            asked[entry.competency_key] += 1
            questions.add_questions(recruitment.rounds[0], [entry])


_all_there: Any = None


def _share(barrier: Any) -> None:
    """Give the process of an assessor the place where all wait for each other."""
    global _all_there
    _all_there = barrier


def assess(browser: Browser, email: str, interview_id: int, phase: float, seconds: float) -> Written:
    """Write a little more every two seconds, and look at the end whether the last confirmed texts are there.

    `phase` is how much later than the first this one begins: people do not write in step.
    """
    port, written = browser.port, Written()
    path = f"/interviews/{interview_id}/assessment"
    plain = {**browser.headers, "Accept-Encoding": "identity"}
    html = ask(port, path, plain).body.decode()
    asked = re.findall(r'name="evidence_(\d+)"', html)
    form = {name: _hidden(html, name) for name in ("csrf_token", "version", "page")}
    headers, confirmed, n = {**browser.headers, "HX-Request": "true"}, {}, 0
    _all_there.wait(READY_WITHIN)
    begins = time.time() + phase
    time.sleep(phase)
    while time.time() < begins + seconds:
        n += 1
        texts = {f"evidence_{q}": (SENTENCE * (1 + n % 4) + f"{email} {n}") for q in asked}
        ratings = {f"score_{q}": str(1 + (n + int(q)) % 5) for q in asked}
        answer = ask(port, path, headers, {**form, "step": str(n), **texts, **ratings})
        written.seconds.append(answer.seconds)
        written.statuses[answer.status] += 1
        written.sizes.append(len(answer.body))
        confirmed = texts if answer.status == 200 else confirmed
        time.sleep(max(0.0, begins + n * EVERY - time.time()))
    kept = unescape(ask(port, path, plain).body.decode())
    written.lost = sum(1 for text in confirmed.values() if text not in kept) if asked else -1
    return written


def _hidden(html: str, name: str) -> str:
    found = re.search(rf'name="{name}" (?:type="hidden" )?value="([^"]*)"', html)
    assert found, f"no {name} on the page"
    return found[1]


def _yardstick(port: int, n: int = 100) -> float:
    return median(ask(port, "/", {"Accept-Encoding": "gzip"}).seconds for _ in range(n))


def run(url: str, assessors: int, seconds: float) -> dict[str, Any]:
    """Fill the empty database at `url`, serve it, let them all write, and return the figures."""
    with application(url):
        with unit_of_work():
            seats = seat(assessors)
        db.session.remove()
        db.engine.dispose()
        settings = {"DATABASE_URL": url, "PORTAL_DEMO": "1"}
        with (
            served("portal.app:create_app()", "/healthz", workers=WORKERS, **settings) as port,
            served("benchmarks.yardstick:create_app()", "/", DATABASE_URL=url) as yardstick,
        ):
            length = _yardstick(yardstick)
            browsers = [Browser(port).sign_in(email, PASSWORD) for email, _interview in seats]
            fork = multiprocessing.get_context("fork")
            barrier = fork.Barrier(assessors)
            with ProcessPoolExecutor(assessors, fork, _share, (barrier,)) as pool:
                work = [
                    pool.submit(assess, browser, *row, n * EVERY / assessors, seconds)
                    for n, (browser, row) in enumerate(zip(browsers, seats, strict=True))
                ]
                found = [each.result() for each in work]
    return _figures(found, seconds, length)


def _figures(found: list[Written], seconds: float, yardstick: float) -> dict[str, Any]:
    times = [length for each in found for length in each.seconds]
    statuses = sum((each.statuses for each in found), Counter[int]())
    p95 = quantiles(times, n=20)[-1]
    row: dict[str, Any] = {
        "page": "autosaving",
        "assessors": len(found),
        "seconds": seconds,
        "saved": statuses[200],
        "refused": sum(count for status, count in statuses.items() if 400 <= status < 500),
        "failed": sum(count for status, count in statuses.items() if status >= 500),
        "lost_texts": sum(each.lost for each in found),
        "p50_ms": round(median(times) * 1000, 1),
        "p95_ms": round(p95 * 1000, 1),
        "max_ms": round(max(times) * 1000, 1),
        "yardstick_p50_ms": round(yardstick * 1000, 2),
        "ratio": round(p95 / yardstick, 1),
        "bytes": max(size for each in found for size in each.sizes),
    }
    row["missed"] = missed(row)
    explain([row])
    return row


def missed(row: dict[str, Any]) -> list[str]:
    """The goals that are not reached."""
    goals = [
        (row["lost_texts"] == 0, f"{row['lost_texts']} texts lost"),
        (row["failed"] == 0, f"{row['failed']} answers of 500 and more"),
        (row["refused"] == 0, f"{row['refused']} refused"),
        (row["ratio"] < RATIO, f"p95 is {row['ratio']} times the yardstick, under {RATIO}"),
        (row["bytes"] <= 1024, f"{row['bytes']} bytes, at most 1024"),
    ]
    return [words for reached, words in goals if not reached]


def main() -> None:
    RESULTS.mkdir(exist_ok=True)
    assessors, seconds = int(os.environ.get("ASSESSORS", ASSESSORS)), float(os.environ.get("SECONDS", SECONDS))
    for kind in os.environ.get("DATABASES", "sqlite,postgresql").split(","):
        with tempfile.TemporaryDirectory(prefix="portal-bench-") as name, empty_database(kind, Path(name), 0) as url:
            row = {"at": now(), "database": kind, "processors": os.cpu_count(), **run(url, assessors, seconds)}
        whole = (assessors, seconds) == (ASSESSORS, SECONDS)
        file = RESULTS / (f"autosaving-{kind}.json" if whole else "partial.json")
        file.write_text(json.dumps(row, ensure_ascii=False, indent=1) + "\n", "utf-8")
        print("\n".join(f"{key:>18} {value}" for key, value in row.items()), flush=True)


if __name__ == "__main__":
    main()
