"""The comparison of candidates: side by side, as the reader asks for it in the address."""

from dataclasses import dataclass
from typing import Any

from flask import Response, current_app, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from portal.access import Permission
from portal.audit.services import record
from portal.comparison import arranging, exports, matrix, queries
from portal.comparison.arranging import Compared, agreement_in
from portal.comparison.blueprint import bp
from portal.comparison.charts import profile_chart
from portal.comparison.forms import ComparisonFilter
from portal.comparison.queries import Line, Reading
from portal.comparison.rules import Arranged, By, arrange
from portal.db import unit_of_work
from portal.filenames import file_name
from portal.formfields import options, options_or_none
from portal.i18n import today
from portal.recruitment.models import Recruitment
from portal.tables import CSV, XLSX, as_csv, as_xlsx
from portal.web import attachment, logs_reading, needs, page

COMPETENCY = "c"


@dataclass(frozen=True)
class Asked:
    """The comparison that the address asks for; `kept` is the address again, without what it asked for wrongly.

    Blind, nothing in it tells who a candidate is: neither a name nor an id that other pages give a name to.
    """

    reading: Reading
    form: ComparisonFilter
    round: int
    blind: bool
    lines: list[Line]
    compared: Compared
    arranged: Arranged
    profile: int
    kept: dict[str, str]


def _orders(lines: list[Line]) -> list[tuple[str, str]]:
    sums = [(By.NAME, _("By name")), (By.TOTAL, _("By weighted mean")), (By.AGREED, _("By what was agreed"))]
    return [*sums, *((f"{COMPETENCY}{line.criterion.key}", line.text) for line in lines)]


def _filter_form(reading: Reading) -> ComparisonFilter:
    form = ComparisonFilter(request.args)
    rounds = [(n, _("Round %(number)s", number=n)) for n in reading.rounds]
    form.round.choices = options_or_none(rounds, _("All rounds"))
    form.order.choices = options(_orders(reading.asked_lines()))
    if "order" not in request.args:
        form.order.data = By.NAME.value
    form.validate()
    return form


def _asked(recruitment: Recruitment) -> Asked:
    reading = queries.read(recruitment, current_user.person_id)
    form = _filter_form(reading)
    given = {field.name: "" if field.errors else field.data or "" for field in (form.round, form.order)}
    number, blind = int(given["round"] or 0), bool(form.blind.data)
    found = arranging.kept(reading, number, current_app.config["SECRET_KEY"], blind=blind)
    competency = given["order"].startswith(COMPETENCY)
    by = By.COMPETENCY if competency else By(given["order"] or By.NAME)
    arranged = arrange(found.entries.values(), by, int(given["order"][1:]) if competency else 0)
    keys = {(e.label if blind else str(e.candidate)): e.candidate for e in arranged.all}
    wanted = request.args.get("profile", "")
    wanted = wanted if wanted in keys else next(iter(keys), "")
    kept = {**given, "profile": wanted, "blind": "y" if blind else ""}
    kept = {name: value for name, value in kept.items() if value}
    lines = reading.asked_lines(number)
    return Asked(reading, form, number, blind, lines, found, arranged, keys.get(wanted, 0), kept)


@bp.get("/recruitments/<int:recruitment_id>/comparison")
@needs(Permission.SEE_SCORES, queries.find_compared)
@logs_reading
def comparison(recruitment: Recruitment) -> Response:
    asked = _asked(recruitment)
    with unit_of_work():
        record("interviews.see_comparison", recruitment, candidates=sorted(asked.compared.entries))
    return page(
        "comparison/comparison.html",
        fragment="comparison/_comparison.html",
        recruitment=recruitment,
        asked=asked,
        rows=matrix.rows(asked.lines, asked.compared, asked.arranged),
        **_beside(recruitment, asked),
    )


def _beside(recruitment: Recruitment, asked: Asked) -> dict[str, Any]:
    """What stands beside the figures: the candidates, who is left out and why, and how far assessors agree."""
    reading, blind = asked.reading, asked.blind
    in_round = [m for m in reading.meetings if asked.round in (0, m.round)]
    rounds = {m.round for m in reading.meetings}
    number = asked.round or (min(rounds) if len(rounds) == 1 else 0)
    keys = {line.criterion.key for line in asked.lines}
    latest = {m.candidate: 0 if blind else m.id for m in reading.shown(asked.round)}
    return {
        "heads": tuple(
            matrix.Head(e.label, latest[e.candidate], reading.persons[e.candidate].state) for e in asked.arranged.all
        ),
        "hidden": len({m.candidate for m in in_round} - set(asked.compared.entries)),
        "unasked": [line for line in reading.lines if line.criterion.key not in keys],
        "round_number": number,
        "agreement": agreement_in(reading, number) if number else None,
        **(_profile(recruitment, asked, latest[asked.profile]) if asked.profile else {}),
    }


def _profile(recruitment: Recruitment, asked: Asked, debrief: int) -> dict[str, Any]:
    """One candidate's profile, and the ways to those of the others."""
    url, entry = _profile_url(recruitment, asked), asked.compared.entries[asked.profile]
    names = {
        e.candidate: _("Candidate %(letter)s", letter=e.label) if asked.blind else e.label for e in asked.arranged.all
    }
    keys = {e.candidate: e.label if asked.blind else e.candidate for e in asked.arranged.all}
    assessors = {member.id: member.person.name for member in recruitment.panel}
    spreads = asked.compared.details[asked.profile].spreads
    return {
        "called": names[asked.profile],
        "others": tuple((names[n], f"{url}{keys[n]}#profile", n == asked.profile) for n in keys),
        "chart": profile_chart(asked.lines, entry.own, entry.agreed, spreads),
        "profile": matrix.profile(asked.lines, asked.compared, asked.profile, assessors),
        "assessors": tuple(assessors.values()),
        "profile_debrief": debrief,
    }


def _profile_url(recruitment: Recruitment, asked: Asked) -> str:
    """The address of this page up to the candidate whose profile is shown."""
    others: dict[str, Any] = {name: value for name, value in asked.kept.items() if name != "profile"}
    return f"{url_for('comparison.comparison', recruitment_id=recruitment.id, **others, profile='')}"


def _file(recruitment: Recruitment, mimetype: str) -> Response:
    """What the page shows now as a file, without names when it is blind."""
    asked = _asked(recruitment)
    heading, rows = exports.heading(), list(exports.rows(asked.lines, asked.compared, asked.arranged))
    suffix = "csv" if mimetype == CSV else "xlsx"
    with unit_of_work():
        entries = sorted(asked.compared.entries)
        record("interviews.export_comparison", recruitment, candidates=entries, format=suffix, blind=asked.blind)
    title = _("Comparison")
    content = as_csv(heading, map(exports.danish, rows)) if mimetype == CSV else as_xlsx(title, heading, rows)
    name = file_name([title.lower(), str(recruitment.id), today().isoformat()])
    return attachment(content, mimetype, f"{name}.{suffix}")


@bp.get("/recruitments/<int:recruitment_id>/comparison.csv")
@needs(Permission.SEE_SCORES, queries.find_compared)
@logs_reading
def comparison_csv(recruitment: Recruitment) -> Response:
    return _file(recruitment, CSV)


@bp.get("/recruitments/<int:recruitment_id>/comparison.xlsx")
@needs(Permission.SEE_SCORES, queries.find_compared)
@logs_reading
def comparison_xlsx(recruitment: Recruitment) -> Response:
    return _file(recruitment, XLSX)
