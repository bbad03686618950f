"""A served demonstration and a real browser."""

import shutil
import subprocess
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright
from werkzeug.serving import make_server

from portal.db import db
from tests.conftest import Databases, make_app

CHROMIUM = next((found for name in ("chromium", "chromium-browser") if (found := shutil.which(name))), None)
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--no-first-run",
]  # fmt: skip
PASSWORD = "souschefportal-demo"

Opener = Callable[..., Page]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.exit("the browser tests need Chromium: apt-get install chromium", returncode=1)
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield started
        started.close()


@pytest.fixture(scope="session")
def demo_template(databases: Databases) -> Path:
    """A database file with the demonstration in it, made by the commands that `make run` uses."""
    template = databases.folder / "demo.sqlite3"
    app = make_app(f"sqlite:///{template}")
    runner = app.test_cli_runner()
    for command in (["db", "upgrade"], ["seed"], ["demo"]):
        result = runner.invoke(args=["portal", *command])
        assert result.exit_code == 0, result.output
    with app.app_context():
        db.engine.dispose()
    return template


@pytest.fixture
def served(demo_template: Path, tmp_path: Path) -> Iterator[str]:
    """The address of a server on a fresh copy of the demonstration."""
    copy = tmp_path / "portal.sqlite3"
    shutil.copy(demo_template, copy)
    app = make_app(f"sqlite:///{copy}")
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()
    with app.app_context():
        db.engine.dispose()


def is_fault(message: ConsoleMessage) -> bool:
    """An error of a script or of the policy; a refused form is an answer, not a fault."""
    return message.type == "error" and "Failed to load resource" not in message.text


@pytest.fixture
def sign_in(browser: Browser, served: str) -> Iterator[Opener]:
    """Sign in as a demo person in a browser of their own; errors on the console fail the test."""
    contexts = []
    complaints: list[str] = []

    def open_as(who: str, *, script: bool = True, width: int = 1280, bypass_csp: bool = False) -> Page:
        context = browser.new_context(
            base_url=served,
            java_script_enabled=script,
            viewport={"width": width, "height": 900},
            locale="da-DK",
            bypass_csp=bypass_csp,
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.on("console", lambda m: complaints.append(f"{page.url}: {m.text}") if is_fault(m) else None)
        page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))
        page.on("dialog", lambda dialog: dialog.accept())
        page.goto("/sign-in")
        page.get_by_label("E-mail").fill(f"{who}@portal.example")
        page.get_by_label("Adgangskode").fill(PASSWORD)
        page.get_by_role("button", name="Log på").click()
        page.wait_for_url(f"{served}/")
        return page

    yield open_as
    for context in contexts:
        context.close()
    assert complaints == []


def pdf_text(path: Path) -> str:
    return subprocess.run(["pdftotext", "-layout", path, "-"], capture_output=True, text=True, check=True).stdout
