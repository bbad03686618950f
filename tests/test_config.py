"""A wrong setting stops start-up with one line that names it."""

import pytest

from portal.config import BadSetting, read_settings

SECRET = "k3h2-9fjq-0vmz-77xa-lp4d-w8ty-c5bn"
MAIL = {
    "PORTAL_DEMO": "1",
    "BASE_URL": "https://portal.example/",
    "MAIL_URL": "smtp://mail.example",
    "MAIL_FROM": "Souschefportalen <portal@agency.dk>",
}


def test_demo_mode_needs_no_settings() -> None:
    settings = read_settings({"PORTAL_DEMO": "1"})
    assert (settings.host, settings.port, settings.demo) == ("127.0.0.1", 8000, True)
    assert settings.sqlite_file is not None
    assert settings.sqlite_file.name == "portal.sqlite3"


@pytest.mark.parametrize(
    ("environ", "named"),
    [
        ({}, "SECRET_KEY"),
        ({"SECRET_KEY": "short"}, "SECRET_KEY"),
        ({"SECRET_KEY": "change-me-" + "x" * 40}, "SECRET_KEY"),
        ({"PORTAL_DEMO": "yes"}, "PORTAL_DEMO"),
        ({"PORTAL_DEMO": "1", "HOST": "0.0.0.0"}, "HOST"),
        ({"SECRET_KEY": "k" * 40}, "SECRET_KEY"),
        ({"SECRET_KEY": "ab" * 20}, "SECRET_KEY"),
        ({"PORTAL_DEMO": "1", "PROXIES": "1"}, "PROXIES"),
        ({"SECRET_KEY": SECRET, "PORT": "80a"}, "PORT"),
        ({"SECRET_KEY": SECRET, "PORT": "70000"}, "PORT"),
        ({"SECRET_KEY": SECRET, "PROXIES": "-1"}, "PROXIES"),
        ({"SECRET_KEY": SECRET, "DATABASE_URL": "mysql://x"}, "DATABASE_URL"),
        ({"SECRET_KEY": SECRET, "BASE_URL": "portal.example"}, "BASE_URL"),
        ({**MAIL, "BASE_URL": ""}, "BASE_URL"),
        ({**MAIL, "MAIL_FROM": ""}, "MAIL_FROM"),
        ({**MAIL, "MAIL_FROM": "portal"}, "MAIL_FROM"),
        ({**MAIL, "MAIL_FROM": "a@agency.dk, b@agency.dk"}, "MAIL_FROM"),
        ({**MAIL, "MAIL_FROM": "a@agency.dk\nBcc: b@agency.dk"}, "MAIL_FROM"),
        ({**MAIL, "MAIL_URL": "http://mail.example"}, "MAIL_URL"),
        ({**MAIL, "MAIL_URL": "smtp://"}, "MAIL_URL"),
        ({**MAIL, "MAIL_URL": "smtp://mail.example:x"}, "MAIL_URL"),
        ({**MAIL, "MAIL_URL": "smtp://mail.example:0"}, "MAIL_URL"),
        ({**MAIL, "MAIL_URL": "smtp://[mail.example"}, "MAIL_URL"),
        ({**MAIL, "MAIL_URL": "smtp://mail.example/inbox"}, "MAIL_URL"),
        ({**MAIL, "MAIL_URL": "smtp://mail.example?starttls=yes"}, "MAIL_URL"),
        ({**MAIL, "MAIL_URL": "smtp://mail.example?tls=1"}, "MAIL_URL"),
        ({**MAIL, "MAIL_URL": "smtps://mail.example?starttls=1"}, "MAIL_URL"),
        ({**MAIL, "MAIL_URL": "smtps://user@mail.example"}, "MAIL_URL"),
        ({**MAIL, "MAIL_URL": "smtp://user:hemmelig@mail.example"}, "MAIL_URL"),
        ({**MAIL, "MAIL_URL": "smtps://user:hemmelig%C3%B8@mail.example"}, "MAIL_URL"),
    ],
)
def test_a_wrong_setting_is_named_in_one_line(environ: dict[str, str], named: str) -> None:
    with pytest.raises(BadSetting) as refused:
        read_settings(environ)
    assert str(refused.value).startswith(named)
    assert "\n" not in str(refused.value)
    assert "hemmelig" not in str(refused.value)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("smtp://mail.example", ("mail.example", 25, False, False, "", "")),
        ("smtp://mail.example:2525/", ("mail.example", 2525, False, False, "", "")),
        ("smtps://mail.example", ("mail.example", 465, True, False, "", "")),
        ("smtp://mail.example?starttls=1", ("mail.example", 587, False, True, "", "")),
        ("smtps://por%40tal:a%2Fb@mail.example", ("mail.example", 465, True, False, "por@tal", "a/b")),
        ("smtp://user:pass@127.0.0.1:1025", ("127.0.0.1", 1025, False, False, "user", "pass")),
        ("smtp://[::1]:25", ("::1", 25, False, False, "", "")),
    ],
)
def test_the_mail_server_is_one_address(url: str, expected: tuple[object, ...]) -> None:
    mail = read_settings({**MAIL, "MAIL_URL": url}).mail
    assert mail is not None
    assert (mail.host, mail.port, mail.tls, mail.starttls, mail.user, mail.password) == expected
    assert (mail.sender, mail.domain) == (MAIL["MAIL_FROM"], "portal.example")
    assert "pass'" not in repr(mail)


def test_without_a_mail_server_no_mail_setting_is_needed() -> None:
    assert read_settings({"PORTAL_DEMO": "1", "MAIL_URL": ""}).mail is None
