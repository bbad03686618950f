"""Triggers that hold what no programming mistake may break: published wording and recorded facts never change.

Migrations call these with Alembic's `op.execute`; the statements for SQLite and PostgreSQL say the same. A refusal
reaches Python as IntegrityError on both.
"""

from collections.abc import Callable, Iterable

Execute = Callable[[str], object]

UPDATE, DELETE, INSERT = "UPDATE", "DELETE", "INSERT"


def _sqlite(name: str, table: str, verb: str, condition: str, reason: str) -> Iterable[str]:
    yield (
        f"CREATE TRIGGER {name} BEFORE {verb} ON {table} WHEN {condition} BEGIN SELECT RAISE(ABORT, '{reason}'); END"
    )


def _postgresql(name: str, table: str, verb: str, condition: str, reason: str) -> Iterable[str]:
    row = "OLD" if verb == DELETE else "NEW"
    yield (
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF {condition} THEN "
        f"RAISE EXCEPTION '{reason}' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN {row}; END $$"
    )
    yield f"CREATE TRIGGER {name} BEFORE {verb} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()"


def refuse(execute: Execute, dialect: str, table: str, verbs: Iterable[str], condition: str, reason: str) -> None:
    """Refuse `verbs` on rows of `table` for which `condition` holds; `{row}` in it is the row in question."""
    statements = _sqlite if dialect == "sqlite" else _postgresql
    for verb in verbs:
        row = "NEW" if verb == INSERT else "OLD"
        for statement in statements(
            f"keep_{table}_{verb.lower()}", table, verb, condition.format(row=row), reason.replace("'", "''")
        ):
            execute(statement)


def append_only(execute: Execute, dialect: str, *tables: str) -> None:
    """Rows of these tables are added and never changed or removed."""
    for table in tables:
        refuse(execute, dialect, table, (UPDATE, DELETE), "{row}.id IS NOT NULL", f"{table} is append-only")


def drop(execute: Execute, dialect: str, table: str, verbs: Iterable[str] = (UPDATE, DELETE)) -> None:
    """Take away what `refuse` made; SQLite drops triggers with their table."""
    if dialect == "sqlite":
        return
    for verb in verbs:
        execute(f"DROP FUNCTION IF EXISTS keep_{table}_{verb.lower()}() CASCADE")
