"""Writing job ads. Nothing is overwritten: each saving is a version, and two who save at once are both heard."""

from datetime import datetime
from functools import cache
from typing import Any

import yaml
from babel.dates import format_date

from portal.audit.services import record
from portal.bank.queries import entries
from portal.bank.rules import Use
from portal.clock import now
from portal.db import db, lock_row
from portal.i18n import ZONE
from portal.jobads.models import JobAd
from portal.jobads.queries import newest
from portal.jobads.rules import Content, Line
from portal.paths import SEED_DATA
from portal.people.models import Person
from portal.recruitment.models import Recruitment
from portal.recruitment.queries import in_framework_order


class Overtaken(Exception):
    """Someone else has saved a version since this one was opened; `newest` is theirs."""

    def __init__(self, newest: JobAd) -> None:
        super().__init__(f"version {newest.number} is newer")
        self.newest = newest


@cache
def _texts() -> dict[str, Any]:
    """The standing texts that a draft begins with."""
    found: dict[str, Any] = yaml.safe_load((SEED_DATA / "ad.yaml").read_text(encoding="utf-8"))
    return found


def in_minutes(moment: datetime | None) -> str:
    """A deadline as an ad keeps it."""
    return moment.astimezone(ZONE).strftime("%Y-%m-%dT%H:%M") if moment else ""


def suggested_lines(recruitment: Recruitment) -> dict[str, list[str]]:
    """The bank's ad lines for each competency of the profile, by key in the framework's order."""
    found: dict[str, list[str]] = {row.competency.key: [] for row in in_framework_order(recruitment)}
    for entry in entries(recruitment.version.framework.slug, Use.AD, list(found)):
        found[entry.competency_key].append(entry.text)
    return found


def _drafted(recruitment: Recruitment) -> Content:
    """What is known already: the facts of the vacancy, a line for each competency, and the standing texts.

    The ad is Danish, whatever language its author reads the portal in.
    """
    lines = [Line(texts[0], key) for key, texts in suggested_lines(recruitment).items() if texts]
    return Content(
        title=recruitment.title,
        workplace=recruitment.office.name,
        deadline=in_minutes(recruitment.deadline),
        starts=format_date(recruitment.starts_on, "long", locale="da") if recruitment.starts_on else "",
        lines=tuple(lines),
        **_texts(),
    )


def _add_version(recruitment: Recruitment, content: Content, person: Person, number: int) -> JobAd:
    ad = JobAd(recruitment_id=recruitment.id, number=number, content=content.plain(), by_id=person.id, at=now())
    db.session.add(ad)
    db.session.flush()
    return ad


def draft(recruitment: Recruitment, person: Person) -> JobAd:
    """The first version, drafted from profile and facts; a recruitment that has an ad keeps it."""
    lock_row(recruitment)
    found = newest(recruitment)
    if found is None:
        found = _add_version(recruitment, _drafted(recruitment), person, 1)
        record("jobads.draft", recruitment)
    return found


def save(recruitment: Recruitment, content: Content, person: Person, seen: int) -> bool:
    """Add a version; `seen` is the one that was being edited, and a newer one raises Overtaken.

    The same content again adds nothing, and the answer is False: also when a form is sent twice.
    """
    lock_row(recruitment)
    last = newest(recruitment)
    if last is not None and last.says == content:
        return False
    if last is not None and last.number != seen:
        raise Overtaken(last)
    ad = _add_version(recruitment, content, person, last.number + 1 if last else 1)
    record("jobads.save", recruitment, number=ad.number)
    return True


def note_export(ad: JobAd, suffix: str) -> None:
    record("jobads.export", ad.recruitment, number=ad.number, format=suffix)
