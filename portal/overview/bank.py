"""The bank with its use across features: the list, one entry, and what each competency has for each use."""

from collections import Counter
from collections.abc import Collection

from flask import Response, request
from flask_babel import gettext as _

from portal.access import Permission
from portal.bank import queries
from portal.bank.forms import FilterForm
from portal.bank.models import BankEntry
from portal.bank.queries import SORTS, Filter
from portal.bank.rules import COVERED, QUESTIONS, Use
from portal.bank.texts import KIND_LABELS, USE_PLURALS
from portal.bank.views import ADDABLE, FRAMEWORK
from portal.formfields import options_or_none
from portal.framework.models import Competency, FrameworkVersion
from portal.framework.queries import find_version
from portal.interviews import queries as interviews
from portal.onboarding import queries as onboarding
from portal.overview.blueprint import bp
from portal.references import queries as references
from portal.web import needs, page, page_number
from portal.wording import advice


def _framework() -> FrameworkVersion:
    version = find_version(FRAMEWORK)
    assert version is not None  # it comes with the portal
    return version


def uses(version_ids: Collection[int]) -> Counter[int]:
    """How often each of these versions is used, in scorecards, guides and plans together."""
    found: Counter[int] = Counter()
    for counted in (interviews.uses_of_bank, references.uses_of_bank, onboarding.uses_of_bank):
        found.update(counted(version_ids))
    return found


def _filter_form(version: FrameworkVersion) -> FilterForm:
    form = FilterForm(request.args)
    everything = _("All")
    form.use.choices = options_or_none([(use.value, USE_PLURALS[use]) for use in Use], everything)
    form.part.choices = options_or_none([(part.slug, part.title) for part in version.parts], everything)
    competencies = [(c.key, c.text) for part in version.parts for c in part.competencies]
    form.competency.choices = options_or_none(competencies, everything)
    form.kind.choices = options_or_none(KIND_LABELS.items(), everything)
    return form


def _wanted(form: FilterForm) -> Filter:
    """What the address asks for; what it asks for wrongly is left out."""
    form.validate()
    given = {name: "" if field.errors else field.data or "" for name, field in form._fields.items()}
    sort = request.args.get("sort", "")
    return Filter(
        search=given["q"],
        use=given["use"],
        part=given["part"],
        competency=given["competency"],
        kind=given["kind"],
        retired=bool(given["retired"]),
        sort=sort.removeprefix("-") if sort.removeprefix("-") in SORTS else SORTS[0],
        descending=sort.startswith("-"),
    )


def _competencies(version: FrameworkVersion) -> dict[str, Competency]:
    return {c.key: c for part in version.parts for c in part.competencies}


@bp.get("/bank")
@needs(Permission.SEE_BANK)
def bank() -> Response:
    version = _framework()
    form = _filter_form(version)
    wanted = _wanted(form)
    part_keys = [c.key for part in version.parts if part.slug == wanted.part for c in part.competencies]
    found = queries.search(wanted, part_keys, page_number())
    return page(
        "overview/bank.html",
        fragment="overview/_bank.html",
        form=form,
        wanted=wanted,
        found=found,
        competencies=_competencies(version),
        used=uses([entry.id for entry in found.items]),
        kept={name: value for name, value in request.args.items() if name not in ("page", "sort") and value},
        addable=ADDABLE,
    )


@bp.get("/bank/coverage")
@needs(Permission.SEE_BANK)
def coverage() -> Response:
    version = _framework()
    found = queries.coverage_of(FRAMEWORK, list(_competencies(version)))
    return page("overview/coverage.html", version=version, coverage=found, uses=COVERED)


@bp.get("/bank/<int:entry_id>")
@needs(Permission.SEE_BANK, queries.find_entry)
def bank_entry(entry: BankEntry) -> Response:
    version, current = _framework(), entry.current
    ids = [version.id for version in entry.versions]
    return page(
        "overview/bank_entry.html",
        entry=entry,
        current=current,
        content=current.content,
        competencies=_competencies(version),
        behaviours={b.key: b.text for part in version.parts for b in part.behaviours},
        scorecards=sum(interviews.uses_of_bank(ids).values()),
        guides=sum(references.uses_of_bank(ids).values()),
        plans=sum(onboarding.uses_of_bank(ids).values()),
        advice=advice(current.text) if current.use in QUESTIONS else [],
        framework=version,
    )
