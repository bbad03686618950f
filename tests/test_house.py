"""The house itself: small files, clean locks, complete catalogue, a wheel that carries what it needs."""

import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parent.parent
PORTAL = ROOT / "portal"


def test_no_file_is_longer_than_400_lines() -> None:
    files = [*PORTAL.rglob("*.py"), *(ROOT / "tests").rglob("*.py"), *(ROOT / "templates").rglob("*.html")]
    long = {path.name: n for path in files if (n := len(path.read_text(encoding="utf-8").splitlines())) > 400}
    assert long == {}


def test_locks_name_no_registry_and_carry_hashes() -> None:
    for name in ("requirements.txt", "requirements-dev.txt", "package-lock.json"):
        text = (ROOT / name).read_text(encoding="utf-8")
        assert "://" not in re.sub(r'"url": "[^"]*"', "", text), name
        assert "index-url" not in text
    for name in ("requirements.txt", "requirements-dev.txt"):
        entries = re.findall(r"^[a-z0-9].*==", (ROOT / name).read_text(encoding="utf-8"), re.MULTILINE | re.IGNORECASE)
        assert (ROOT / name).read_text(encoding="utf-8").count("--hash=sha256:") >= len(entries) > 10


def test_the_danish_catalogue_is_complete_and_holds_every_text_of_the_source(tmp_path: Path) -> None:
    template = tmp_path / "messages.pot"
    command = [sys.executable, "-m", "babel.messages.frontend", "--quiet", "extract", "-F", "babel.cfg", "-k", "_l"]
    subprocess.run([*command, "-o", template, "."], cwd=ROOT, check=True)
    with template.open("rb") as file:
        wanted = {m.id for m in read_po(file) if m.id}
    with (ROOT / "translations/da/LC_MESSAGES/messages.po").open("rb") as file:
        danish = {m.id: m for m in read_po(file, locale="da") if m.id}
    assert wanted - set(danish) == set()
    assert set(danish) - wanted == set()
    assert not [m.id for m in danish.values() if m.fuzzy]
    assert not [m.id for m in danish.values() if not (all(m.string) if isinstance(m.string, tuple) else m.string)]
    placeholders = re.compile(r"%\((\w+)\)[sd]")
    for message in danish.values():
        source = message.id if isinstance(message.id, tuple) else (message.id,)
        target = message.string if isinstance(message.string, tuple) else (message.string,)
        assert {p for t in target for p in placeholders.findall(t)} <= {
            p for t in source for p in placeholders.findall(t)
        }


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "-w", folder, ROOT]
    subprocess.run(command, check=True, capture_output=True)
    return next(folder.glob("*.whl"))


def test_the_wheel_carries_templates_assets_seed_data_migrations_and_translations(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    for path in (
        "templates/base.html",
        "static/vendor/portal.css",
        "seed_data/frameworks/souschef.yaml",
        "migrations/env.py",
        "translations/da/LC_MESSAGES/messages.mo",
    ):
        assert f"portal/_data/{path}" in names
    assert not [name for name in names if name.startswith(("tests/", "migrations/"))]


SERVE = """
import os, sys
from portal.app import create_app
import portal
assert "site-packages" in portal.__file__, portal.__file__
app = create_app({"PORTAL_DEMO": "1", "DATABASE_URL": "sqlite:///" + os.path.abspath("installed.sqlite3")})
runner = app.test_cli_runner()
for command in (["portal", "db", "upgrade"], ["portal", "seed"]):
    result = runner.invoke(args=command)
    assert result.exit_code == 0, result.output
response = app.test_client().get("/sign-in", headers={"Accept-Language": "da"})
assert response.status_code == 200 and "Log på" in response.text, response.text
assert app.test_client().get("/readyz").status_code == 200
"""


def test_an_installed_wheel_migrates_seeds_and_serves_a_page(wheel: Path, tmp_path: Path) -> None:
    """In an empty environment, with nothing but what requirements.txt locks, and out of sight of the checkout."""
    home = tmp_path / "environment"
    subprocess.run([sys.executable, "-m", "venv", home], check=True)
    python = home / "bin" / "python"
    install = [python, "-m", "pip", "install", "--quiet"]
    subprocess.run([*install, "--require-hashes", "-r", ROOT / "requirements.txt"], check=True)
    subprocess.run([*install, "--no-deps", "--no-index", wheel], check=True)
    subprocess.run([python, "-W", "ignore", "-c", SERVE], cwd=tmp_path, check=True)
