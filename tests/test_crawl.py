"""Every address that a page offers exists: links are followed, forms and htmx lead to a route that takes them."""

from collections import Counter
from urllib.parse import urlsplit

import pytest
from flask import Flask
from werkzeug.exceptions import HTTPException
from werkzeug.routing import MapAdapter

from tests.factories import World
from tests.inspecting import InspectingClient, Page

SAMPLES = 8  # pages of one kind that are followed further; every address is matched
KINDS = ("souschef", "chef", "buddy", "recruiter", "member", "outsider", "hr")


def local(address: str, here: str) -> str:
    """The path and query that the address means on the page `here`; empty when it leads out of the portal."""
    parts = urlsplit(address)
    if parts.scheme or parts.netloc:
        return ""
    path = parts.path or here.partition("?")[0]
    return f"{path}?{parts.query}" if parts.query else path


def endpoint(adapter: MapAdapter, address: str) -> str:
    """The endpoint behind an address, or "none"."""
    try:
        found: str = adapter.match(address.partition("?")[0], method="GET")[0]
    except HTTPException:
        return "none"
    return found


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("backend", ["sqlite"])  # where links lead does not depend on the database
def test_every_link_form_and_htmx_address_leads_somewhere(
    app: Flask, client: InspectingClient, world: World, kind: str
) -> None:
    client.sign_in(kind)
    adapter = app.url_map.bind("localhost")
    queue, seen, dead, samples = ["/"], {"/"}, [], Counter[str]()
    while queue:
        here = queue.pop()
        response = client.get(here)
        if response.status_code != 200:
            dead.append(f"{here}: {response.status_code}")
        if response.mimetype != "text/html":
            continue
        page = Page(response.text)
        for address in sorted({local(link, here) for link in page.links} - seen - {""}):
            if not address.startswith("/static/") and (kind_of_page := endpoint(adapter, address)) != "none":
                seen.add(address)
                samples[kind_of_page] += 1
                if samples[kind_of_page] <= SAMPLES:
                    queue.append(address)
            elif not address.startswith("/static/"):
                dead.append(f"{here}: {address}")
        for method, address in page.actions:
            target = local(address, here).partition("?")[0]
            try:
                adapter.match(target, method=method)
            except HTTPException as error:
                dead.append(f"{here}: {method} {target}: {error.code}")
    assert dead == []
    assert len(seen) > 10
