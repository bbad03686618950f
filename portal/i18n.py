"""Language and the Danish way to write dates and numbers."""

from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from unicodedata import normalize
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal
from flask import Flask, request
from flask_babel import Babel, get_locale, ngettext
from flask_babel import gettext as _

from portal import clock as clocks
from portal.paths import TRANSLATIONS

LANGUAGES = ("da", "en")
COOKIE = "language"
ZONE = ZoneInfo("Europe/Copenhagen")

babel = Babel()


def choose_locale() -> str:
    """The language that the user chose, else what the browser asks for, else Danish."""
    chosen = request.cookies.get(COOKIE)
    if chosen in LANGUAGES:
        return chosen
    return request.accept_languages.best_match(LANGUAGES, default="da") or "da"


def language() -> str:
    return str(get_locale() or "da")[:2]


def today() -> date:
    """The date in Denmark now."""
    return clocks.now().astimezone(ZONE).date()


def long_date(value: date) -> str:
    """23. november 2026, or 23 November 2026"""
    return format_date(value, "long" if language() == "da" else "d MMMM y", locale=language())


def short_date(value: date) -> str:
    """23. nov."""
    return format_date(value, "d. MMM" if language() == "da" else "d MMM", locale=language())


def moment(value: datetime) -> str:
    """23. november 2026 kl. 14.32"""
    local = value.astimezone(ZONE)
    pattern = "d. MMMM y 'kl.' HH.mm" if language() == "da" else "d MMMM y 'at' HH:mm"
    return format_datetime(local, pattern, locale=language())


def clock(value: datetime) -> str:
    """14.32"""
    return format_datetime(value.astimezone(ZONE), "HH.mm" if language() == "da" else "HH:mm", locale=language())


def number(value: float, digits: int = 1) -> str:
    """4,6. Halves are rounded up, as people do by hand: 3,625 is 3,63."""
    exact = Decimal(str(round(value, 9)))  # what binary fractions leave behind is no part of the number
    rounded = exact.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
    return format_decimal(rounded, f"0.{'0' * digits}" if digits else "0", locale=language())


def due(value: date) -> str:
    """A due date as people say it: 2 dage over, i dag, i morgen, om 3 dage; a week away it is the date."""
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
