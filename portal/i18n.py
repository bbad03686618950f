"""Language and the Danish way to write dates and numbers."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal
from flask import Flask, request
from flask_babel import Babel, get_locale

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
    return datetime.now(ZONE).date()


def long_date(value: date) -> str:
    """23. november 2026"""
    return format_date(value, "long", locale=language())


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
    """4,6"""
    return format_decimal(round(value, digits), f"0.{'0' * digits}" if digits else "0", locale=language())


def init_i18n(app: Flask) -> None:
    babel.init_app(
        app,
        default_locale="da",
        default_timezone="Europe/Copenhagen",
        default_translation_directories=str(TRANSLATIONS),
        locale_selector=choose_locale,
    )
    app.jinja_env.globals.update(today=today, date=long_date, day=short_date, moment=moment, clock=clock, number=number)
