"""The database: one base class, one unit of work, and what SQLite needs to be safe with many readers."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask, current_app, has_request_context, request
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import DateTime, Dialect, Engine, Executable, MetaData, TypeDecorator, event
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import DeclarativeBase

from portal.paths import MIGRATIONS

SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
# without recursive_triggers, INSERT OR REPLACE removes a row and asks no trigger; without secure_delete, what is
# deleted stays in the file until its place is used again
PRAGMAS = (
    "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=5000", "recursive_triggers=ON",
    "secure_delete=ON",
)  # fmt: skip


class Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_N_label)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class Moment(TypeDecorator[datetime]):
    """A point in time, always aware and in UTC, also on SQLite, which stores none of that."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is not None and value.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        return value.astimezone(UTC) if value else None

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


db = SQLAlchemy(model_class=Base, session_options={"expire_on_commit": False})  # a session lives for one request
migrate = Migrate()


_writing: ContextVar[bool] = ContextVar("writing", default=False)


def _view_says(mark: str) -> bool:
    view = current_app.view_functions.get(request.endpoint or "") if has_request_context() else None
    return bool(getattr(view, mark, False))


def _locks_at_once() -> bool:
    """Whether to take SQLite's write lock at once: a read that turns into a write fails under another writer."""
    if _writing.get() or not has_request_context():
        return True
    if request.method in SAFE_METHODS:
        return _view_says("logs_reading")
    return not _view_says("reads_first")


def _prepare_sqlite(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def connect(connection: Any, record: Any) -> None:
        # SQLite's own lower() knows only A to Z; searches must find Æ, Ø and Å in any case
        connection.create_function("lower", 1, lambda text: text.lower() if text else text, deterministic=True)
        connection.isolation_level = None  # the driver would begin by itself, and too late
        for pragma in PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Any) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if _locks_at_once() else "BEGIN DEFERRED")


def init_db(app: Flask) -> None:
    db.init_app(app)
    migrate.init_app(app, db, directory=str(MIGRATIONS), render_as_batch=False)
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            _prepare_sqlite(db.engine)


@contextmanager
def unit_of_work() -> Iterator[None]:
    """Everything inside is written, or nothing; the only place that commits."""
    _stop_reading()
    token = _writing.set(True)
    try:
        yield
        db.session.commit()
    except BaseException:
        db.session.rollback()
        raise
    finally:
        _writing.reset(token)


def _stop_reading() -> None:
    """What a view that reads first has read is a transaction of its own on SQLite, without the write lock."""
    if not _view_says("reads_first") or db.engine.dialect.name != "sqlite":
        return
    if db.session.new or db.session.dirty or db.session.deleted:
        raise RuntimeError("something was changed before the unit of work")
    db.session.commit()


def lock_row(row: Base) -> None:
    """Wait for whoever is changing `row`, read it anew, and keep others waiting until the unit of work ends.

    Every write that a rule decides on begins with this, so that no two decisions rest on the same facts. Relations of
    the row are read anew when they are next used. On SQLite the transaction holds the one write lock from its start.
    """
    db.session.refresh(row, with_for_update={"of": type(row)})


def read(statement: Executable, values: Mapping[str, Any]) -> Sequence[Any]:
    """All rows of plain columns in the transaction of the session, past its bookkeeping of entities.

    That bookkeeping takes longer than SQLite's answer. What is not written yet is written before, as always.
    """
    db.session.flush()
    return db.session.connection().execute(statement, values).all()


def empty_write_ahead_log() -> None:
    """Leave nothing of deleted rows in the file beside SQLite's; PostgreSQL sees to its own.

    Call it outside any transaction. While others read, what they read stays until the next time or the last close.
    """
    if db.engine.dialect.name == "sqlite":
        connection = db.engine.raw_connection()
        try:
            connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
        finally:
            connection.close()


@contextmanager
def short_read() -> Iterator[None]:
    """A transaction that ends with the block, before something slow begins; take plain values out of it, not rows."""
    try:
        yield
    finally:
        db.session.rollback()


def database_problem() -> str:
    """Why the database cannot serve, or an empty text when it is reachable and fully migrated."""
    try:
        with db.engine.connect() as connection:
            at = MigrationContext.configure(connection).get_current_heads()
    except SQLAlchemyError:
        return "the database cannot be reached"
    wanted = ScriptDirectory(str(MIGRATIONS)).get_heads()
    return "" if set(at) == set(wanted) else "the database is not migrated: run portal db upgrade"
