"""Small things of every page: the way back from a refusal, and whom to ask for help."""

import re

import pytest
from flask import Flask

from portal.backlinks import way_back
from portal.config import BadSetting, read_settings
from tests.conftest import Databases, make_app
from tests.factories import World
from tests.inspecting import InspectingClient


@pytest.mark.parametrize(
    ("path", "referrer", "back"),
    [
        ("/recruitments/1/scorecard/suggest", "", "/recruitments/1/scorecard"),
        ("/referees/1/guide.pdf", "http://here/recruitments/1/references", "/recruitments/1/references"),
        ("/referees/1/guide.pdf", "", ""),
        ("/people", "http://elsewhere/recruitments/1", ""),
        ("/people", "http://here/people", ""),
        ("/recruitments/1/edit", "http://here/recruitments?q=x", "/recruitments?q=x"),
    ],
)
@pytest.mark.parametrize("backend", ["sqlite"])
def test_a_refusal_leads_back_to_where_it_began(app: Flask, path: str, referrer: str, back: str) -> None:
    assert way_back(path, referrer, "here") == back


@pytest.mark.parametrize("backend", ["sqlite"])
def test_what_was_sent_to_a_page_leads_back_to_that_page(app: Flask) -> None:
    assert way_back("/interviews/1/assessment", "", "here", posted=True) == "/interviews/1/assessment"
    assert way_back("/interviews/1/assessment", "", "here") == ""


def test_a_forbidden_page_says_why_and_offers_the_way_back(client: InspectingClient, world: World) -> None:
    client.sign_in("hr")
    refused = client.get(f"/recruitments/{world.recruitment.id}/edit")
    assert refused.status_code == 403
    assert "hører til en anden rolle" in refused.text
    assert re.search(rf'href="/recruitments/{world.recruitment.id}">Gå tilbage', refused.text)


def test_the_foot_of_the_page_names_whom_to_ask(databases: Databases) -> None:
    app = make_app(databases.fresh("sqlite"), CONTACT="hjaelp@styrelsen.example")
    with app.app_context():
        assert 'href="mailto:hjaelp@styrelsen.example"' in app.test_client().get("/sign-in").text
    plain = make_app(databases.fresh("sqlite"))
    with plain.app_context():
        assert "Brug for hjælp?" not in plain.test_client().get("/sign-in").text
    with pytest.raises(BadSetting, match="CONTACT"):
        read_settings({"PORTAL_DEMO": "1", "CONTACT": "x" * 201})
