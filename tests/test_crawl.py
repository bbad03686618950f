"""Every address that a page offers exists: links are followed, forms and htmx lead to a route that takes them."""

from urllib.parse import urlsplit

import pytest
from flask import Flask
from werkzeug.exceptions import HTTPException

from tests.factories import World
from tests.inspecting import InspectingClient, Page

KINDS = ("souschef", "chef", "buddy", "recruiter", "member", "outsider", "hr")


def local(address: str, here: str) -> str:
    """The path and query that the address means on the page `here`; empty when it leads out of the portal."""
    parts = urlsplit(address)
    if parts.scheme or parts.netloc:
        return ""
    path = parts.path or here.partition("?")[0]
    return f"{path}?{parts.query}" if parts.query else path


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("backend", ["sqlite"])  # where links lead does not depend on the database
def test_every_link_form_and_htmx_address_leads_somewhere(
    app: Flask, client: InspectingClient, world: World, kind: str
) -> None:
    client.sign_in(kind)
    adapter = app.url_map.bind("localhost")
    queue, seen, dead = ["/"], {"/"}, []
    while queue:
        here = queue.pop()
        response = client.get(here)
        if response.status_code != 200:
            dead.append(f"{here}: {response.status_code}")
        if response.mimetype != "text/html":
            continue
        page = Page(response.text)
        for address in {local(link, here) for link in page.links} - seen - {""}:
            if not address.startswith("/static/"):
                seen.add(address)
                queue.append(address)
        for method, address in page.actions:
            target = local(address, here).partition("?")[0]
            try:
                adapter.match(target, method=method)
            except HTTPException as error:
                dead.append(f"{here}: {method} {target}: {error.code}")
        assert len(seen) < 400, "the crawl does not end"
    assert dead == []
    assert len(seen) > 10
