"""What every answer has in common: headers, errors in words, nothing lost, nothing heavy."""

import gzip
import re

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.web import is_local_path
from tests.conftest import Databases, make_app
from tests.factories import World
from tests.inspecting import InspectingClient

FIRST_PAGE_BYTES, NEXT_PAGE_BYTES = 120 * 1024, 15 * 1024
SECRET = "k3h2-9fjq-0vmz-77xa-lp4d-w8ty-c5bn"
KINDS = ("application/json", "multipart/form-data; boundary=x", "text/plain", "application/x-www-form-urlencoded", "x")


def test_security_headers_and_no_store(client: InspectingClient) -> None:
    response = client.get("/sign-in")
    policy = response.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Referrer-Policy"] == "same-origin"
    assert "camera=()" in response.headers["Permissions-Policy"]
    assert response.headers["Cache-Control"] == "no-store"
    assert "Strict-Transport-Security" not in response.headers


def test_outside_the_demonstration_cookies_are_secure_and_tls_is_remembered(databases: Databases) -> None:
    app = make_app(databases.fresh("sqlite"), PORTAL_DEMO="0", SECRET_KEY=SECRET, PROXIES="1")
    with app.app_context():
        response = app.test_client().get("/sign-in", headers={"X-Forwarded-Proto": "https"})
    assert "max-age=31536000" in response.headers["Strict-Transport-Security"]
    cookie = response.headers["Set-Cookie"]
    assert all(flag in cookie for flag in ("Secure", "HttpOnly", "SameSite=Lax"))
    assert "souschefportal-demo" not in response.text


def test_a_first_page_weighs_little_and_the_next_less(client: InspectingClient, world: World) -> None:
    client.sign_in("souschef")
    accept = {"Accept-Encoding": "gzip, br"}
    page = client.get(f"/onboarding/{world.plan.id}", headers=accept)
    assert page.headers["Content-Encoding"] == "gzip"
    html = gzip.decompress(page.data).decode()
    assets = set(re.findall(r'(?:href|src)="(/static/[^"#]+)"', html))
    weights = {"page": len(page.data)}
    for url in assets | {re.sub("Regular", "SemiBold", u) for u in assets if "Regular" in u}:
        answer = client.get(url, headers=accept)
        assert answer.status_code == 200, url
        assert "immutable" in answer.headers["Cache-Control"]
        weights[url.rsplit("/", 1)[1]] = len(answer.data)
        answer.close()
    assert weights["page"] <= NEXT_PAGE_BYTES, weights
    assert sum(weights.values()) <= FIRST_PAGE_BYTES, weights


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/onboarding/0", 404),
        ("/onboarding/99999999999999999999", 404),
        ("/onboarding/-1", 404),
        ("/onboarding/1%00", 400),
        ("/frameworks/../../etc", 404),
        ("/people?q=%00", 400),
        ("/people?page=999999999999", 200),
        ("/people?page=x", 200),
        ("/event-log?action=%25", 200),
    ],
)
def test_odd_addresses_get_a_page_in_words(client: InspectingClient, path: str, status: int) -> None:
    client.sign_in("hr")
    response = client.get(path)
    assert response.status_code == status
    assert "Souschefportalen" in response.text


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(path=st.text(max_size=40), body=st.binary(max_size=200), kind=st.sampled_from(KINDS))
def test_nothing_that_is_sent_gives_a_500(client: InspectingClient, path: str, body: bytes, kind: str) -> None:
    assert client.get("/" + path.replace("\\", "/").lstrip("/\t\r\n")).status_code < 500
    assert 400 <= client.post("/sign-in", data=body, content_type=kind).status_code < 500


def test_errors_speak_the_users_language(client: InspectingClient) -> None:
    client.sign_in("hr")
    assert "Siden findes ikke" in client.get("/nothing").text
    assert "The page is not here" in client.get("/nothing", headers={"Accept-Language": "en"}).text
    client.send("/language", {"language": "en", "next": "/"})
    assert "The page is not here" in client.get("/nothing").text


def test_a_text_that_cannot_be_saved_is_given_back(client: InspectingClient, world: World) -> None:
    client.sign_in("souschef")
    item = world.item_of("souschef", "week_1")
    text = "Et langt notat, som ingen vil skrive to gange."
    url = f"/onboarding/{world.plan.id}/items/{item}/complete"
    refused = client.post(url, data={"note": text})
    assert refused.status_code == 400
    assert text in refused.text
    client.delete_cookie("portal")
    signed_out = client.send(url, {"note": text})
    assert signed_out.status_code == 401
    assert text in signed_out.text
    notice = client.post(url, data={"note": text}, headers={"HX-Request": "true"})
    assert notice.headers["HX-Retarget"] == "#notices"


def test_an_anonymous_htmx_request_is_sent_to_sign_in(client: InspectingClient) -> None:
    response = client.get("/people", headers={"HX-Request": "true"})
    assert response.headers["HX-Redirect"] == "/sign-in"


@pytest.mark.parametrize(
    "target",
    [
        "//evil.example",
        "/\\evil.example",
        "https://evil.example",
        "evil",
        "",
        "\\\\evil",
        "/\t/evil.example",
        "/\n/evil.example",
        "\t//evil.example",
        "/a\\..\\b",
        "/\x00",
        "/" + "x" * 2001,
    ],
)
def test_sign_in_leads_nowhere_else(client: InspectingClient, target: str) -> None:
    assert not is_local_path(target)
    data = {"email": "hr@portal.example", "password": "korrekt-hest-batteri", "next": target}
    assert client.send("/sign-in", data).location == "/"


def test_health(app: Flask, client: InspectingClient) -> None:
    assert client.get("/healthz").text == "ok\n"
    assert client.get("/readyz").status_code == 200


def test_a_language_is_chosen_also_with_a_bad_or_long_address(client: InspectingClient) -> None:
    for target in ("/\x00", "/" + "x" * 5000, "//evil.example"):
        chosen = client.send("/language", {"language": "en", "next": target})
        assert (chosen.status_code, chosen.location) == (303, "/")
    assert client.get("/sign-in?next=/%00").status_code == 200


def test_addresses_in_headers_are_quoted(client: InspectingClient) -> None:
    data = {"email": "hr@portal.example", "password": "korrekt-hest-batteri", "next": "/people?q=æble→"}
    assert client.send("/sign-in", data).location == "/people?q=%C3%A6ble%E2%86%92"
    client.delete_cookie("portal")
    sent = client.send("/sign-in", data, headers={"HX-Request": "true"})
    assert sent.headers["HX-Redirect"] == "/people?q=%C3%A6ble%E2%86%92"


@pytest.mark.parametrize(("accept", "packed"), [("gzip", True), ("gzip;q=0", False), ("*", True), ("identity", False)])
def test_what_the_browser_does_not_take_is_not_sent(client: InspectingClient, accept: str, packed: bool) -> None:
    page = client.get("/sign-in", headers={"Accept-Encoding": accept})
    assert ("Content-Encoding" in page.headers) is packed


def test_static_files_are_ours_alone(client: InspectingClient) -> None:
    css = re.search(r'href="(/static/[^"]+portal.css)"', client.get("/sign-in").text)
    assert css
    plain = client.get(css[1], headers={"Accept-Encoding": "gzip;q=0, br;q=0"})
    assert "Content-Encoding" not in plain.headers
    assert plain.headers["X-Content-Type-Options"] == "nosniff"
    assert "Access-Control-Allow-Origin" not in plain.headers
    plain.close()
    packed = client.get(css[1], headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    packed.close()
