"""Screenshots of the main pages into docs/images/, from a demonstration made for the purpose."""

import tempfile
import threading
from pathlib import Path

from playwright.sync_api import sync_playwright
from werkzeug.serving import make_server

from portal.app import create_app
from tests.browser.conftest import ARGUMENTS, CHROMIUM, PASSWORD

IMAGES = Path(__file__).resolve().parent.parent / "docs" / "images"
PAGES = {
    "start": ("souschef", "/"),
    "plan": ("souschef", "/onboarding/1"),
    "comparison": ("rekruttering", "/recruitments/1/comparison"),
}


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        app = create_app({"PORTAL_DEMO": "1", "DATABASE_URL": f"sqlite:///{folder}/shots.sqlite3"})
        for command in (["db", "upgrade"], ["seed"], ["demo"]):
            app.test_cli_runner().invoke(args=["portal", *command], catch_exceptions=False)
        server = make_server("127.0.0.1", 0, app, threaded=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        base = f"http://127.0.0.1:{server.server_port}"
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        for name, (who, path) in PAGES.items():
            page = browser.new_context(viewport={"width": 1280, "height": 860}, locale="da-DK").new_page()
            page.goto(f"{base}/sign-in")
            page.fill("#email", f"{who}@portal.example")
            page.fill("#password", PASSWORD)
            page.click("main button[type=submit]")
            page.goto(base + path)
            page.screenshot(path=IMAGES / f"{name}.png")
        browser.close()
        server.shutdown()


main()
