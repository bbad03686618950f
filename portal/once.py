"""A form that is sent twice counts once: by a double click, a slow network, or the browser's repeat."""

import hashlib
import secrets
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from sqlalchemy import String, delete
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, mapped_column
from werkzeug.wrappers import Response
from wtforms import HiddenField

from portal.db import Base, Moment, db, unit_of_work
from portal.formfields import PortalForm
from portal.web import redirect_to

KEPT_FOR = timedelta(days=2)
TOKEN_LENGTH = 32


class SentForm(Base):
    """A form that has been sent, by a digest of the page that showed it and what was sent, and where that led."""

    __tablename__ = "sent_form"

    token: Mapped[str] = mapped_column(String(TOKEN_LENGTH), primary_key=True)
    at: Mapped[datetime] = mapped_column(Moment, index=True)
    location: Mapped[str] = mapped_column(String(300))


class OnceForm(PortalForm):
    """A form that makes something; `instance` tells one shown form from another."""

    instance = HiddenField(default=lambda: secrets.token_hex(TOKEN_LENGTH // 2))


def _token(form: OnceForm) -> str:
    """Of the shown form and what is in it: one who goes back in the browser and writes something else means it."""
    if not form.instance.data:
        return secrets.token_hex(TOKEN_LENGTH // 2)
    sent = sorted(f"{field.name}={field.data}" for field in form if field.name != "csrf_token")
    return hashlib.sha256("\n".join(sent).encode()).hexdigest()[:TOKEN_LENGTH]


def _earlier(token: str) -> str | None:
    found = db.session.get(SentForm, token)
    return found.location if found else None


def sent_before(form: OnceForm) -> bool:
    """Whether this shown form has made something already: what was right then need not be so any more."""
    return _earlier(_token(form)) is not None


def make_once(form: OnceForm, make: Callable[[], str]) -> Response:
    """Run `make` in a unit of work and go to the address that it returns.

    The same shown form sent again makes nothing and leads to the same place, also when both come at the same moment:
    the token is written with what was made, and the database takes it only once.
    """
    token = _token(form)
    try:
        with unit_of_work():
            location = _earlier(token)
            if location is None:
                location = make()
                now = datetime.now(UTC)
                db.session.execute(delete(SentForm).where(SentForm.at < now - KEPT_FOR))
                db.session.add(SentForm(token=token, at=now, location=location))
    except IntegrityError:
        location = _earlier(token)
        if location is None:
            raise
    return redirect_to(location)
