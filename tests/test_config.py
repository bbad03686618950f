"""A wrong setting stops start-up with one line that names it."""

import pytest

from portal.config import BadSetting, read_settings

SECRET = "k3h2-9fjq-0vmz-77xa-lp4d-w8ty-c5bn"


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
    ],
)
def test_a_wrong_setting_is_named_in_one_line(environ: dict[str, str], named: str) -> None:
    with pytest.raises(BadSetting) as refused:
        read_settings(environ)
    assert str(refused.value).startswith(named)
    assert "\n" not in str(refused.value)
