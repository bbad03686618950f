"""Migrations lead from an empty database to today's tables and back, on both databases."""

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask_migrate import downgrade, upgrade
from sqlalchemy import inspect

from portal.db import database_problem, db
from portal.paths import MIGRATIONS
from tests.conftest import Databases, make_app


def test_up_without_drift_and_down_to_nothing(backend: str, databases: Databases) -> None:
    app = make_app(databases.empty(backend))
    with app.app_context():
        assert database_problem() == "the database is not migrated: run portal db upgrade"
        upgrade(directory=str(MIGRATIONS))
        assert database_problem() == ""
        with db.engine.connect() as connection:
            context = MigrationContext.configure(connection, opts={"compare_type": True})
            assert compare_metadata(context, db.metadata) == []
        downgrade(directory=str(MIGRATIONS), revision="base")
        assert set(inspect(db.engine).get_table_names()) <= {"alembic_version"}
        db.engine.dispose()
