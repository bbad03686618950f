"""Settings, read from the environment once and checked before anything starts."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from portal.paths import INSTANCE

MIN_SECRET_LENGTH = 32
MIN_DIFFERENT_CHARACTERS = 5
EXAMPLE_SECRETS = ("change-me", "changeme", "secret", "example", "demo")
LOOPBACK = ("127.0.0.1", "localhost", "::1")


class BadSetting(ValueError):
    """A setting that cannot be used; the message is one line that names it."""


@dataclass(frozen=True)
class Settings:
    """`database_url` is an SQLAlchemy URL, `proxies` the number of trusted reverse proxies in front.

    `contact` is whom people ask for help: an e-mail address, or a line of text; nothing is shown without it.
    """

    database_url: str
    secret_key: str
    demo: bool = False
    host: str = "127.0.0.1"
    port: int = 8000
    base_url: str = ""
    ratelimit_storage_uri: str = "memory://"
    proxies: int = 0
    contact: str = ""

    @property
    def sqlite_file(self) -> Path | None:
        prefix = "sqlite:///"
        return Path(self.database_url.removeprefix(prefix)) if self.database_url.startswith(prefix) else None


def _number(environ: Mapping[str, str], name: str, default: int, highest: int) -> int:
    raw = environ.get(name, str(default))
    if not raw.isascii() or not raw.isdigit() or int(raw) > highest:
        raise BadSetting(f"{name} must be a whole number from 0 to {highest}, not {raw!r}")
    return int(raw)


def _database_url(environ: Mapping[str, str]) -> str:
    url = environ.get("DATABASE_URL") or f"sqlite:///{INSTANCE / 'portal.sqlite3'}"
    if not url.startswith(("sqlite:///", "postgresql+psycopg://")):
        raise BadSetting("DATABASE_URL must begin with sqlite:/// or postgresql+psycopg://")
    return url


def _secret_key(environ: Mapping[str, str], demo: bool) -> str:
    key = environ.get("SECRET_KEY", "")
    if not key and demo:
        return "demo-only-" + "0" * MIN_SECRET_LENGTH
    if not key:
        raise BadSetting("SECRET_KEY is missing: set a random text of at least 32 characters")
    if len(key) < MIN_SECRET_LENGTH or key.lower().startswith(EXAMPLE_SECRETS):
        raise BadSetting("SECRET_KEY is too short or an example: set a random text of at least 32 characters")
    if len(set(key)) < MIN_DIFFERENT_CHARACTERS:
        raise BadSetting("SECRET_KEY repeats the same few characters: set a random text of at least 32 characters")
    return key


def _contact(environ: Mapping[str, str]) -> str:
    contact = environ.get("CONTACT", "").strip()
    if len(contact) > 200:
        raise BadSetting("CONTACT must be one line of at most 200 characters: whom people ask for help")
    return contact


def read_settings(environ: Mapping[str, str]) -> Settings:
    """Settings from `environ`; raises BadSetting with one line that names the first wrong one."""
    raw_demo = environ.get("PORTAL_DEMO", "0")
    if raw_demo not in ("0", "1", ""):
        raise BadSetting(f"PORTAL_DEMO must be 0 or 1, not {raw_demo!r}")
    demo = raw_demo == "1"
    host = environ.get("HOST", "127.0.0.1")
    if demo and host not in LOOPBACK:
        raise BadSetting("HOST must be 127.0.0.1, ::1 or localhost in demo mode: the demo passwords are public")
    proxies = _number(environ, "PROXIES", 0, 5)
    if demo and proxies:
        raise BadSetting(
            "PROXIES must be 0 in demo mode: the demo passwords are public, and a proxy would publish them"
        )
    base_url = environ.get("BASE_URL", "")
    if base_url and not base_url.startswith(("http://", "https://")):
        raise BadSetting("BASE_URL must begin with http:// or https://")
    return Settings(
        database_url=_database_url(environ),
        secret_key=_secret_key(environ, demo),
        demo=demo,
        host=host,
        port=_number(environ, "PORT", 8000, 65535),
        base_url=base_url.rstrip("/"),
        ratelimit_storage_uri=environ.get("RATELIMIT_STORAGE_URI", "memory://"),
        proxies=proxies,
        contact=_contact(environ),
    )
