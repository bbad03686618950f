"""The pages of the annual talk, and what they have in common."""

from collections.abc import Iterable
from typing import Any

from flask import url_for
from flask_login import current_user

from portal.annualtalks.queries import TalkOf
from portal.annualtalks.rules import Side
from portal.annualtalks.texts import context
from portal.bank import queries as bank
from portal.bank.rules import Use
from portal.goals.queries import Development
from portal.people.models import Office
from portal.web import feature

FRAMEWORK = "souschef"

bp = feature("annualtalks")
bp.app_context_processor(lambda: context())


def page_of(found: TalkOf, **more: Any) -> str:
    return url_for("annualtalks.talk", talk_id=found.talk.id, **more)


def my_side(found: TalkOf) -> Side:
    """On which side the signed-in person is; asked only where the policy has let one of the two in."""
    side = found.side_of(current_user.person_id)
    assert side is not None
    return side


def office_of(development: Development) -> Office | None:
    """The office whose chef the talk would be with: the reader's own, or the souschef's first one with a chef."""
    led = [o for o in development.offices if o.chef_id in development.chef_ids]
    own = [o for o in led if o.chef_id == current_user.person_id]
    return next(iter(own or led), None)


def prompts_for(keys: Iterable[str]) -> dict[str, list[str]]:
    """The bank's questions to talk about, by competency."""
    prompts: dict[str, list[str]] = {key: [] for key in keys}
    for entry in bank.entries(FRAMEWORK, Use.TALK, list(keys)):
        prompts.setdefault(entry.competency_key, []).append(entry.text)
    return prompts
