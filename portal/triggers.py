"""Triggers that hold what no programming mistake may break: published wording and recorded facts never change.

Migrations call these with Alembic's `op.execute`; the statements for SQLite and PostgreSQL say the same. A refusal
reaches Python as IntegrityError on both. SQLite needs `recursive_triggers=ON`, or INSERT OR REPLACE goes past them.
"""

from collections.abc import Callable, Iterable

Execute = Callable[[str], object]

UPDATE, DELETE, INSERT, TRUNCATE = "UPDATE", "DELETE", "INSERT", "TRUNCATE"
# holds only inside the transaction that deletes a candidate's data: an open door cannot be committed (docs/adr/0013)
DOOR = "EXISTS (SELECT 1 FROM candidate_deletion WHERE door IS NOT NULL)"


def _sqlite(name: str, table: str, verb: str, condition: str, reason: str) -> Iterable[str]:
    yield (
        f"CREATE TRIGGER {name} BEFORE {verb} ON {table} WHEN {condition} BEGIN SELECT RAISE(ABORT, '{reason}'); END"
    )


def _postgresql(name: str, table: str, verb: str, condition: str, reason: str) -> Iterable[str]:
    row, each = {DELETE: ("OLD", "ROW"), TRUNCATE: ("NULL", "STATEMENT")}.get(verb, ("NEW", "ROW"))
    yield (
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF {condition} THEN "
        f"RAISE EXCEPTION '{reason}' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN {row}; END $$"
    )
    yield f"CREATE TRIGGER {name} BEFORE {verb} ON {table} FOR EACH {each} EXECUTE FUNCTION {name}()"


def refuse_when(
    execute: Execute, dialect: str, table: str, verb: str, condition: str, reason: str, name: str = "keep"
) -> None:
    """Refuse `verb` on `table` when `condition` holds, which speaks of OLD and NEW; `name` tells triggers apart."""
    statements = _sqlite if dialect == "sqlite" else _postgresql
    for statement in statements(f"{name}_{table}_{verb.lower()}", table, verb, condition, reason.replace("'", "''")):
        execute(statement)


def refuse(
    execute: Execute,
    dialect: str,
    table: str,
    verbs: Iterable[str],
    condition: str,
    reason: str,
    *,
    may_enter: bool = False,
    unless: str = "",
) -> None:
    """Refuse `verbs` on rows of `table` for which `condition` holds; `{row}` in it is the row in question.

    An UPDATE is refused, too, when it would bring the row to where the condition holds: into a parent that is frozen.
    `may_enter` allows that, for a row that freezes itself. `unless` is what opens the table, such as DOOR.
    PostgreSQL's TRUNCATE asks no row and is always refused.
    """
    for verb in verbs:
        rows = {INSERT: ("NEW",), DELETE: ("OLD",)}.get(verb, ("OLD",) if may_enter else ("OLD", "NEW"))
        met = " OR ".join(f"({condition.format(row=row)})" for row in rows)
        refuse_when(execute, dialect, table, verb, f"({met}) AND NOT {unless}" if unless else met, reason)
    if dialect != "sqlite":
        refuse_when(execute, dialect, table, TRUNCATE, "TRUE", reason)


def append_only(execute: Execute, dialect: str, *tables: str, unless: str = "") -> None:
    """Rows of these tables are added and never changed or removed."""
    for table in tables:
        reason = f"{table} is append-only"
        refuse(execute, dialect, table, (UPDATE, DELETE), "{row}.id IS NOT NULL", reason, unless=unless)


def drop(execute: Execute, dialect: str, *tables: str, name: str = "keep") -> None:
    """Take away what was made for these tables."""
    form = "DROP TRIGGER IF EXISTS {}" if dialect == "sqlite" else "DROP FUNCTION IF EXISTS {}() CASCADE"
    for table in tables:
        for verb in (INSERT, UPDATE, DELETE, TRUNCATE):
            execute(form.format(f"{name}_{table}_{verb.lower()}"))
