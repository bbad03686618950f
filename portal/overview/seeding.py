"""Loads what comes with the portal: frameworks, bank and standard template, each by the feature that keeps it."""

from collections import Counter

from portal.bank import queries as bank
from portal.bank.documents import read_seed
from portal.bank.rules import Use
from portal.bank.services import Row, seed
from portal.checklists.services import seed as seed_template
from portal.framework import exports
from portal.framework.models import FrameworkVersion
from portal.framework.queries import find_version
from portal.framework.services import publish
from portal.paths import SEED_DATA

FRAMEWORK = "souschef"
TEMPLATE = "ny-souschef"
TEMPLATE_TITLE = "Ny souschef"


def load_frameworks() -> list[FrameworkVersion]:
    """Publish the frameworks that come with the portal; those that are there already stay as they are."""
    files = sorted((SEED_DATA / "frameworks").glob("*.yaml"))
    return [publish(exports.read(path.read_text(encoding="utf-8"), "yaml")) for path in files]


def read_bank() -> list[Row]:
    return read_seed(SEED_DATA / "bank")


def _in_framework_order(rows: list[Row]) -> list[Row]:
    """The rows by their main competency's place in the framework; what is general comes last."""
    version = find_version(FRAMEWORK)
    assert version is not None  # frameworks are loaded first
    place = {c.key: n for n, c in enumerate(c for part in version.parts for c in part.competencies)}
    return sorted(rows, key=lambda row: place[row.content.competencies[0]] if row.content.competencies else len(place))


def load_bank() -> Counter[Use]:
    """Bring the bank and the standard template up to date; returns how many entries the portal comes with, by use."""
    rows = _in_framework_order(read_bank())
    seed(FRAMEWORK, rows)
    seed_template(TEMPLATE, TEMPLATE_TITLE, FRAMEWORK, bank.entries(FRAMEWORK, Use.ONBOARDING))
    return Counter(row.content.use for row in rows)
