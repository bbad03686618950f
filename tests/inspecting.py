"""A client that looks at every page as it fetches it: valid, labelled, safe, and cheap in queries."""

import re
from functools import lru_cache
from html.parser import HTMLParser
from typing import Any

import tinyhtml5.parser
from flask.testing import FlaskClient
from sqlalchemy import event
from werkzeug.test import TestResponse

from portal.db import db
from tests.factories import PASSWORD

QUERY_BUDGET = 50  # a change, and the page that it leads to
BROWSER = {"Accept-Language": "da"}
UNLABELLED = ("hidden", "submit", "button")
LOOKED_AT = 2000  # pages that need no second look: tests fetch the same ones again, with another token
TOKEN = re.compile(r'(name="csrf_token" value=")[^"]+')
LEAKS = ("Undefined", "None</", ">None<", "<bound method", "&lt;function")


class Page(HTMLParser):
    """What the checks need to know of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.labels: set[str] = set()
        self.controls: list[dict[str, str]] = []
        self.headings: list[int] = []
        self.forms: list[dict[str, Any]] = []
        self.links: list[str] = []
        self.actions: list[tuple[str, str]] = []
        self.problems: list[str] = []
        self.title = ""
        self._in_title = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if "id" in values:
            self.ids.append(values["id"])
        self._in_title = tag == "title" or self._in_title
        if "style" in values or tag == "style" or any(name.startswith("on") for name in values):
            self.problems.append(f"inline style or handler on <{tag}>")
        if tag == "script" and "src" not in values:
            self.problems.append("inline script")
        if tag == "label" and "for" in values:
            self.labels.add(values["for"])
        if re.fullmatch(r"h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if tag == "a" and "href" in values:
            self.links.append(values["href"])
        self.actions += [(v[3:].upper(), values[v]) for v in ("hx-get", "hx-post") if v in values]
        if tag == "form":
            self.actions.append((values.get("method", "get").upper(), values.get("action", "")))
            self.forms.append({**values, "token": False})
        if tag in ("input", "select", "textarea"):
            self.controls.append({**values, "tag": tag})
            if values.get("name") == "csrf_token" and self.forms:
                self.forms[-1]["token"] = True

    def handle_endtag(self, tag: str) -> None:
        if tag == "title":
            self._in_title = False

    def handle_data(self, data: str) -> None:
        if self._in_title:
            self.title += data


def problems_of(html: str) -> list[str]:
    """Everything that is wrong with a page or a fragment of one."""
    return _problems_of(TOKEN.sub(r"\1same", html))


@lru_cache(LOOKED_AT)
def _problems_of(html: str) -> list[str]:
    fragment = not html.lstrip().startswith("<!doctype")
    page = Page(html)
    found = list(page.problems)
    found += [f"id {name} is used twice" for name in {n for n in page.ids if page.ids.count(n) > 1}]
    for control in page.controls:
        labelled = control.get("id") in page.labels or "aria-label" in control
        if control.get("type") not in UNLABELLED and not labelled:
            found.append(f"no label for {control.get('name')}")
    for form in page.forms:
        if form.get("method", "get").lower() == "post" and not form["token"]:
            found.append(f"no CSRF token in the form to {form.get('action')}")
        if "hx-post" in form and form["hx-post"] != form.get("action"):
            found.append(f"hx-post and action differ: {form['hx-post']}")
    found += [f"leak: {leak}" for leak in LEAKS if leak in html]
    if not fragment:
        found += _problems_of_whole(html, page)
    return found


def _problems_of_whole(html: str, page: Page) -> list[str]:
    found = []
    parser = tinyhtml5.parser.HTMLParser()
    parser.parse(html)
    found += [f"invalid HTML: {error}" for error in parser.errors]
    if page.headings.count(1) != 1:
        found.append(f"{page.headings.count(1)} h1")
    if any(after > before + 1 for before, after in zip(page.headings, page.headings[1:], strict=False)):
        found.append(f"headings skip a level: {page.headings}")
    if not page.title.replace("· Souschefportalen", "").strip():
        found.append("no title")
    if not re.search(r'<html lang="(da|en)">', html):
        found.append("no language")
    return found


class InspectingClient(FlaskClient):
    """Signs in as a person, follows the CSRF rules of the forms, and fails on a page with problems.

    `selects` is how many queries the last answer took.
    """

    budget = QUERY_BUDGET
    selects = 0

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._tokens: dict[str | None, str] = {}

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        kwargs["headers"] = {**BROWSER, **(kwargs.get("headers") or {})}
        statements: list[str] = []

        def count(_c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
            if statement.lstrip().upper().startswith(("SELECT", "WITH")):
                statements.append(statement)

        engine = db.engine
        db.session.rollback()  # the test's own transaction would hold the write lock, or read an old state
        event.listen(engine, "before_cursor_execute", count)
        try:
            with self.application.app_context():  # as on a server: nothing of an earlier request is left
                response = super().open(*args, **kwargs)
        finally:
            event.remove(engine, "before_cursor_execute", count)
        self.selects = len(statements)
        assert response.status_code != 500, f"500 for {args} {kwargs}"
        assert len(statements) <= self.budget, f"{len(statements)} queries for {args}:\n" + "\n".join(statements)
        if (
            response.mimetype == "text/html"
            and response.data
            and "Content-Encoding" not in response.headers
            and response.status_code not in (301, 302, 303, 308)
        ):
            problems = problems_of(response.text)
            assert not problems, f"{args}: {problems}"
        return response

    def token(self) -> str:
        """A token as the sign-in page or the account page gives it; a session asks for it once."""
        if (secret := self._secret()) in self._tokens:
            return self._tokens[secret]
        found = re.search(r'name="csrf_token" value="([^"]+)"', self.get("/account", follow_redirects=True).text)
        assert found
        return self._tokens.setdefault(self._secret(), found.group(1))

    def _secret(self) -> str | None:
        """What the session holds, and all its tokens are made of."""
        with self.session_transaction() as session:
            return session.get("csrf_token")

    def send(self, url: str, data: dict[str, Any] | None = None, **kwargs: Any) -> TestResponse:
        """Post a form as a browser would, with the token of this session."""
        return self.post(url, data={"csrf_token": self.token(), **(data or {})}, **kwargs)

    def sign_in(self, name: str) -> "InspectingClient":
        """Sign in through the form as a person of the world."""
        self.delete_cookie("portal")
        response = self.send("/sign-in", {"email": f"{name}@portal.example", "password": PASSWORD})
        assert response.status_code == 303, response.text
        return self
