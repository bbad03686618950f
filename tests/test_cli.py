"""The `portal` command: plain answers, one line for what is wrong, never a traceback."""

import json
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask

from tests.conftest import Databases, make_app


def run(app: Flask, *arguments: str) -> Result:
    result = app.test_cli_runner().invoke(args=["portal", *arguments])
    assert "Traceback" not in result.output
    return result


def test_export_is_what_the_interface_promises_and_comes_back(app: Flask, tmp_path: Path) -> None:
    exported = json.loads(run(app, "framework", "export", "souschef").stdout)
    assert [part["slug"] for part in exported["parts"]] == [
        "personaleledelse", "faglig-ledelse", "strategisk-ledelse", "driftsledelse",
    ]  # fmt: skip
    assert sum(len(part["competencies"]) for part in exported["parts"]) == 25
    assert sum(len(part["behaviours"]) for part in exported["parts"]) == 37
    yaml = tmp_path / "framework.yaml"
    yaml.write_text(run(app, "framework", "export", "souschef", "--format", "yaml").stdout, encoding="utf-8")
    assert "version 1" in run(app, "framework", "import", str(yaml)).output
    exported["parts"][0]["competencies"][0]["text"] = "Er til stede"
    changed = tmp_path / "framework.json"
    changed.write_text(json.dumps(exported), encoding="utf-8")
    refused = run(app, "framework", "import", str(changed))
    assert refused.exit_code == 1
    assert "must be higher than 1" in refused.stderr
    changed.write_text(json.dumps(exported | {"version": 2}), encoding="utf-8")
    assert "version 2" in run(app, "framework", "import", str(changed)).output
    first = json.loads(run(app, "framework", "export", "souschef", "--version", "1").stdout)
    assert first["parts"][0]["competencies"][0]["text"] == "Er nærværende og tilgængelig"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("slug: x\ntitle: [", "line 2"),
        ("{", "line 1"),
        ("slug: x\ntitle: y\nparts:\n  - slug: p\n    title: q\n    competencies: []\n    behaviours: []\n", "line 4"),
        ("just text", "one framework"),
    ],
)
def test_a_bad_file_is_refused_whole_with_line_and_reason(
    app: Flask, tmp_path: Path, content: str, reason: str
) -> None:
    path = tmp_path / "bad.yaml"
    path.write_text(content, encoding="utf-8")
    result = run(app, "framework", "import", str(path))
    assert result.exit_code == 1
    assert reason in result.stderr
    assert run(app, "framework", "import", str(tmp_path / "missing.yaml")).exit_code == 1


def test_users_are_added_and_reset_with_one_time_passwords(app: Flask) -> None:
    added = run(app, "users", "add", "Ny@portal.example", "--name", "Ny", "--role", "hr")
    assert "ny@portal.example: one-time password " in added.stdout
    assert run(app, "users", "add", "ny@portal.example", "--name", "Ny").exit_code == 1
    assert run(app, "users", "reset", "ny@portal.example").exit_code == 0
    assert "is not a user" in run(app, "users", "reset", "nobody@portal.example").stderr


def test_seed_and_demo_can_be_run_again_and_demo_refuses_real_data(backend: str, databases: Databases) -> None:
    app = make_app(databases.empty(backend))
    for command in (["db", "upgrade"], ["seed"], ["demo"], ["seed"], ["demo"]):
        result = run(app, *command)
        assert result.exit_code == 0, result.output
    assert "already" in result.stdout
    assert run(app, "users", "add", "real@agency.dk", "--name", "Real").exit_code == 0
    refused = run(app, "demo")
    assert refused.exit_code == 1
    assert "persons of its own" in refused.stderr


def test_commands_on_a_database_that_is_not_ready_say_what_to_run_first(backend: str, databases: Databases) -> None:
    app = make_app(databases.empty(backend))
    for command in (["seed"], ["demo"], ["users", "add", "a@agency.dk", "--name", "A"], ["framework", "export", "x"]):
        result = run(app, *command)
        assert result.exit_code == 1, command
        assert result.stderr.splitlines() == ["the database is not migrated: run portal db upgrade"]
    assert run(app, "db", "upgrade").exit_code == 0
    assert run(app, "demo").stderr.splitlines() == [
        "demo: the framework and the bank are missing; run portal seed first"
    ]
