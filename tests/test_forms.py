"""What all forms share: tidy texts, words in the reader's language, and no CPR numbers."""

import importlib
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import wtforms
from babel.messages.extract import extract_from_dir
from flask import Flask
from flask_babel import force_locale
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import StringField, TextAreaField
from wtforms.validators import Length

from portal import wtftexts
from portal.formfields import DayField, PortalForm, Required, is_unreadable, tidy
from tests.factories import World
from tests.inspecting import InspectingClient

CPR = "010190-1234"


class Example(PortalForm):
    class Meta:
        csrf = False

    name = StringField("Navn", [Required("Skriv navnet."), Length(max=5)])
    note = TextAreaField("Notat")
    day = DayField("Dag")


def example(app: Flask, language: str = "da", **data: str) -> Example:
    with app.test_request_context(), force_locale(language):
        form = Example(formdata=MultiDict(data))
        form.validate()
    return form


def test_a_field_of_one_line_holds_one_line(app: Flask) -> None:
    form = example(app, name="a\r\nb", note="Første\r\nAnden")
    assert (form.name.data, form.note.data) == ("a b", "Første\nAnden")


def all_forms() -> list[type[FlaskForm]]:
    for path in Path("portal").glob("*/forms.py"):
        importlib.import_module(".".join(path.with_suffix("").parts))
    found: list[type[FlaskForm]] = []
    todo = [FlaskForm]
    while todo:
        made = todo.pop().__subclasses__()
        found += made
        todo += made
    return [form for form in found if form.__module__.startswith("portal.")]


def test_every_form_is_a_portal_form() -> None:
    forms = all_forms()
    assert len(forms) > 12
    assert [form.__name__ for form in forms if not issubclass(form, PortalForm)] == []


@pytest.mark.parametrize("blank", ["", "   ", "\t\r\n", "\u200b", "\u00a0\u2060", "\ufeff \u00ad", "\u3164", "\u2800"])
def test_what_cannot_be_seen_does_not_count(app: Flask, blank: str) -> None:
    assert example(app, name=blank).errors["name"] == ["Skriv navnet."]


def test_lengths_are_those_of_the_tidy_text(app: Flask) -> None:
    assert example(app, name="  \u200bÅse Å\u200b  ").errors == {}
    assert tidy(" en\r\nto\rtre \n") == "en\nto\ntre"


@pytest.mark.parametrize("name", ["name", "note"])
def test_a_cpr_number_is_refused_with_an_explanation(app: Flask, name: str) -> None:
    errors = example(app, **{"name": "Åse", name: CPR}).errors[name]
    assert any("010190-1234 ligner et CPR-nummer" in error and "ordrenummer" in error for error in errors)
    english = example(app, "en", **{"name": "Åse", name: CPR}).errors[name]
    assert any("looks like a CPR number" in error for error in english)
    assert "note" not in example(app, name="Åse", note="Ordrenummer 0101901234").errors


@pytest.mark.parametrize(("day", "fits"), [("0001-01-01", False), ("9999-12-31", False), ("1949-12-31", False),
                                           ("1950-01-01", True), ("2100-12-31", True)])  # fmt: skip
def test_a_day_is_within_reason(app: Flask, day: str, fits: bool) -> None:
    form = example(app, name="Åse", day=day)
    assert form.errors.get("day", []) == ([] if fits else ["Angiv en dag mellem 1. januar 1950 og 31. december 2100."])
    assert form.day.data == (date.fromisoformat(day) if fits else None)


def test_the_librarys_own_messages_are_danish_and_all_of_them_are_ours(app: Flask) -> None:
    assert example(app, name="Åse", day="i går").errors["day"] == ["Det er ikke en gyldig dato."]
    assert example(app, name="Åse Åse").errors["name"] == ["Feltet må højst være 5 tegn langt."]
    assert example(app, "en", name="Åse Åse").errors["name"] == ["Field cannot be longer than 5 characters."]
    folder = Path(wtforms.__file__).parent
    theirs: set[Any] = {found[2] for found in extract_from_dir(str(folder))}
    assert theirs == {*wtftexts.MESSAGES, *wtftexts.PLURALS}


def test_newer_emoji_are_text_and_control_characters_are_not() -> None:
    assert [t for t in ("Hej 👋🏽\r\n\t", "\U0001fae9", "\U0001fadc", "Æ\u0301", "") if is_unreadable(t)] == []
    assert [t for t in ("\x00", "\ufffe", "\ufdd0", "\x85", "\U0010ffff") if not is_unreadable(t)] == []


@pytest.mark.parametrize(
    ("who", "url", "data"),
    [
        ("recruiter", "/recruitments/{r}/candidates", {"name": CPR}),
        ("recruiter", "/recruitments/{r}/candidates", {"name": "\u200b "}),
        ("recruiter", "/recruitments/add", {"title": "Souschef", "office": "1", "case_number": CPR}),
        ("souschef", "/onboarding/{p}/items/{i}/complete", {"note": f"Ringede til {CPR} i dag."}),
        ("hr", "/people/add", {"name": "Åse", "email": "aase@portal.example", "job_title": CPR}),
        ("hr", "/offices/{o}/souschefs", {"person": "1", "since": "0001-01-01"}),
        ("hr", "/offices/{o}/souschefs", {"person": "1", "since": "9999-12-31"}),
        ("chef", "/onboarding/start", {"souschef": "1", "office": "1", "template": "1", "start_date": "9999-12-31"}),
    ],
)
def test_pages_refuse_it_in_words(
    client: InspectingClient, world: World, who: str, url: str, data: dict[str, str]
) -> None:
    client.sign_in(who)
    values = {"r": world.recruitment.id, "p": world.plan.id, "o": world.office.id}
    address = url.format(i=world.item_of("souschef", "week_1"), **values)
    assert client.send(address, data).status_code == 422
