"""Language and the Danish way to write dates and numbers."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime, time
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import Any
from unicodedata import normalize
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal
from flask import Flask, g, has_request_context, request
from flask_babel import Babel, force_locale, get_locale, get_translations, ngettext
from flask_babel import gettext as _
from markupsafe import Markup

from portal import clock as clocks
from portal.paths import TRANSLATIONS

LANGUAGES = ("da", "en")
COOKIE = "language"
ZONE = ZoneInfo("Europe/Copenhagen")
KNOWN_DAYS, KNOWN_TEXTS, KNOWN_NUMBERS = 4096, 8192, 4096
CATALOGUES = 8  # labels are kept for each language

babel = Babel()


def choose_locale() -> str:
    """The language that the user chose, else what the browser asks for, else Danish."""
    chosen = chosen_language()
    if chosen:
        return chosen
    return request.accept_languages.best_match(LANGUAGES, default="da") or "da"


def chosen_language() -> str | None:
    """The language that the user has chosen by the switch, if any."""
    chosen = request.cookies.get(COOKIE)
    return chosen if chosen in LANGUAGES else None


@contextmanager
def speaking(lang: str) -> Iterator[None]:
    """Within a request, everything inside is said in this language, whatever the reader's own is."""
    kept = {name: g.pop(name) for name in ("language", "catalogue") if name in g}
    try:
        with force_locale(lang):
            yield
    finally:
        for name in ("language", "catalogue"):
            g.pop(name, None)
        for name, value in kept.items():
            setattr(g, name, value)


def language() -> str:
    """The language of the request, worked out once in it; outside of one it is what is asked for at the moment."""
    if not has_request_context():
        return _language()
    kept: str | None = g.get("language")
    if kept is None:
        kept = g.language = _language()
    return kept


def _language() -> str:
    locale = get_locale()
    return str(locale.language) if locale else "da"


def today() -> date:
    """The date in Denmark now."""
    return clocks.now().astimezone(ZONE).date()


def in_denmark(day: date | None, at: time | None) -> datetime | None:
    """That day and time of day as a moment, or none when either is missing."""
    return datetime.combine(day, at, ZONE) if day and at else None


@lru_cache(KNOWN_DAYS)
def _date(value: date, pattern: str, locale: str) -> str:
    """Babel takes its time over each date, and a list shows the same few again and again."""
    return format_date(value, pattern, locale=locale)


def long_date(value: date) -> str:
    """23. november 2026, or 23 November 2026"""
    return _date(value, "long" if language() == "da" else "d MMMM y", language())


def short_date(value: date) -> str:
    """23. nov."""
    return _date(value, "d. MMM" if language() == "da" else "d MMM", language())


def moment(value: datetime) -> str:
    """23. november 2026 kl. 14.32"""
    local = value.astimezone(ZONE)
    pattern = "d. MMMM y 'kl.' HH.mm" if language() == "da" else "d MMMM y 'at' HH:mm"
    return format_datetime(local, pattern, locale=language())


def clock(value: datetime) -> str:
    """14.32"""
    return format_datetime(value.astimezone(ZONE), "HH.mm" if language() == "da" else "HH:mm", locale=language())


@lru_cache(KNOWN_NUMBERS)
def _number(value: float, digits: int, locale: str) -> str:
    """As with dates: a comparison shows a thousand numbers, most of them the same few."""
    exact = Decimal(str(round(value, 9)))  # what binary fractions leave behind is no part of the number
    rounded = exact.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
    return format_decimal(rounded, f"0.{'0' * digits}" if digits else "0", locale=locale)


def number(value: float, digits: int = 1) -> str:
    """4,6. Halves are rounded up, as people do by hand: 3,625 is 3,63."""
    return _number(value, digits, language())


def due(value: date) -> str:
    """A due date as people say it: 2 dage over fristen, i dag, i morgen, om 3 dage; a week away it is the date."""
    days = (value - today()).days
    if days < 0:
        return str(ngettext("%(num)s day overdue", "%(num)s days overdue", -days))
    if days < 2:
        return str(_("tomorrow") if days else _("today"))
    return str(ngettext("in %(num)s day", "in %(num)s days", days)) if days < 8 else long_date(value)


_ORDER = str.maketrans({"æ": "{", "ä": "{", "ø": "|", "ö": "|", "å": "}"})


def sort_key(text: str) -> str:
    """For sorting names by Danish rules: æ, ø and å come last, in this order."""
    return normalize("NFKD", text.casefold().translate(_ORDER))


def catalogue() -> Any:
    """The translations for the language of the request, found once in it."""
    if not has_request_context():
        return get_translations()
    kept = g.get("catalogue")
    if kept is None:
        kept = g.catalogue = get_translations()
    return kept


@lru_cache(KNOWN_TEXTS)
def _translated(message: str, texts: Any) -> Markup:
    """What the catalogue `texts` says, looked up once."""
    return Markup(texts.ugettext(message))


@lru_cache(KNOWN_TEXTS)
def _counted(one: str, many: str, number: int, texts: Any) -> Markup:
    return Markup(texts.ungettext(one, many, number))


@lru_cache(KNOWN_TEXTS)
def _unfilled(message: str, texts: Any) -> Markup:
    return _translated(message, texts) % {}


def gettext(message: str, /, **variables: Any) -> str:
    """flask_babel's gettext where a page asks for many texts, without looking for the catalogue each time."""
    text = str.__str__(_translated(message, catalogue()))
    return text % variables if variables else text


def page_text(message: str, /, **variables: Any) -> Markup:
    """gettext for pages, which hold a hundred texts each; variables are escaped, and % is always %%."""
    return _translated(message, catalogue()) % variables if variables else _unfilled(message, catalogue())


def page_number_text(one: str, many: str, number: int, /, **variables: Any) -> Markup:
    """ngettext for pages; `num` is the number."""
    return _counted(one, many, number, catalogue()) % {"num": number, **variables}


def in_words(labels: Mapping[Any, Any]) -> dict[Any, str]:
    """Lazy labels as plain texts in the language of the request, so that a row costs no lookup."""
    return {key: str(label) for key, label in labels.items()}


def init_i18n(app: Flask) -> None:
    babel.init_app(
        app,
        default_locale="da",
        default_timezone="Europe/Copenhagen",
        default_translation_directories=str(TRANSLATIONS),
        locale_selector=choose_locale,
    )
    app.jinja_env.globals.update(
        today=today, date=long_date, day=short_date, due=due, moment=moment, clock=clock, number=number
    )
    app.jinja_env.globals.update(_=page_text, gettext=page_text, ngettext=page_number_text)
