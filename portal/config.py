"""Settings, read from the environment once and checked before anything starts."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from email.headerregistry import HeaderRegistry
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from portal.paths import INSTANCE

MIN_SECRET_LENGTH = 32
MIN_DIFFERENT_CHARACTERS = 5
EXAMPLE_SECRETS = ("change-me", "changeme", "secret", "example", "demo")
LOOPBACK = ("127.0.0.1", "localhost", "::1")
SMTP_PORTS = {"smtp": 25, "smtps": 465}
STARTTLS_PORT = 587


class BadSetting(ValueError):
    """A setting that cannot be used; the message is one line that names it."""


@dataclass(frozen=True)
class MailSettings:
    """The server that takes the portal's mails; `tls` from the first byte on, `starttls` after the greeting.

    `sender` is what stands in From, `domain` the host of BASE_URL, which Message-IDs end with.
    """

    host: str
    port: int
    sender: str
    domain: str
    tls: bool = False
    starttls: bool = False
    user: str = ""
    password: str = field(default="", repr=False)


@dataclass(frozen=True)
class Settings:
    """`database_url` is an SQLAlchemy URL, `proxies` the number of trusted reverse proxies in front.

    `contact` is whom people ask for help: an e-mail address, or a line of text; nothing is shown without it.
    Without `mail` no mail is sent.
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
    mail: MailSettings | None = None

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


def _mail_url(environ: Mapping[str, str]) -> SplitResult:
    """MAIL_URL in its parts, all of them usable; what is wrong is said without repeating the password in it."""
    try:
        url = urlsplit(environ["MAIL_URL"])
        port_is_wrong = url.port == 0
    except ValueError:
        raise BadSetting("MAIL_URL must be an address such as smtp://mail.agency.dk:25") from None
    if url.scheme not in SMTP_PORTS:
        raise BadSetting("MAIL_URL must begin with smtp:// or smtps://")
    if not url.hostname or port_is_wrong or url.path not in ("", "/") or url.fragment:
        raise BadSetting("MAIL_URL must be a server and perhaps a port, such as smtp://mail.agency.dk:25")
    if bool(url.username) != bool(url.password):
        raise BadSetting("MAIL_URL must name both a user and a password, or neither")
    if not unquote(url.netloc).isascii():
        raise BadSetting("MAIL_URL may hold only the letters a to z, digits and signs, also in user and password")
    return url


def _starttls(url: SplitResult) -> bool:
    options = parse_qsl(url.query, keep_blank_values=True)
    if options not in ([], [("starttls", "0")], [("starttls", "1")]):
        raise BadSetting("MAIL_URL may end with ?starttls=1 and with nothing else after the question mark")
    starttls = options == [("starttls", "1")]
    if starttls and url.scheme == "smtps":
        raise BadSetting("MAIL_URL must not ask for starttls with smtps://, which is encrypted from the start")
    if url.username and not starttls and url.scheme != "smtps" and url.hostname not in LOOPBACK:
        raise BadSetting("MAIL_URL would send the password in the clear: use smtps:// or add ?starttls=1")
    return starttls


def _mail_from(environ: Mapping[str, str]) -> str:
    sender = environ.get("MAIL_FROM", "").strip()
    if not sender:
        raise BadSetting("MAIL_FROM is missing: mails need a sender, such as Souschefportalen <portal@agency.dk>")
    try:
        header: Any = HeaderRegistry()("from", sender)
        is_one_address = not header.defects and len(header.addresses) == 1 and bool(header.addresses[0].domain)
    except (ValueError, IndexError):
        is_one_address = False
    if not is_one_address:
        raise BadSetting("MAIL_FROM must be one address, such as Souschefportalen <portal@agency.dk>")
    return sender


def _mail(environ: Mapping[str, str], base_url: str) -> MailSettings | None:
    if not environ.get("MAIL_URL"):
        return None
    url = _mail_url(environ)
    starttls = _starttls(url)
    domain = urlsplit(base_url).hostname
    if not domain:
        raise BadSetting("BASE_URL is missing: with MAIL_URL it must be the address that the links in mails begin with")
    return MailSettings(
        host=url.hostname or "",
        port=url.port or (STARTTLS_PORT if starttls else SMTP_PORTS[url.scheme]),
        sender=_mail_from(environ),
        domain=domain,
        tls=url.scheme == "smtps",
        starttls=starttls,
        user=unquote(url.username or ""),
        password=unquote(url.password or ""),
    )


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
        mail=_mail(environ, base_url),
    )
