"""Loads what comes with the portal: the bank's files, each piece handed to the feature that keeps it."""

from typing import Any

import yaml

from portal.framework import exports
from portal.framework.models import FrameworkVersion
from portal.framework.services import publish
from portal.interviews import services as interviews
from portal.onboarding import services as onboarding
from portal.paths import SEED_DATA
from portal.references import services as references

FRAMEWORK = "souschef"
TEMPLATE = "ny-souschef"
TEMPLATE_TITLE = "Ny souschef"


def load_frameworks() -> list[FrameworkVersion]:
    """Publish the frameworks that come with the portal; those that are there already stay as they are."""
    files = sorted((SEED_DATA / "frameworks").glob("*.yaml"))
    return [publish(exports.read(path.read_text(encoding="utf-8"), "yaml")) for path in files]


def read_bank() -> dict[str, list[dict[str, Any]]]:
    """All parts' files as one: questions, items, ad lines and talk prompts in the order of the files' names."""
    bank: dict[str, list[dict[str, Any]]] = {}
    for path in sorted((SEED_DATA / "bank").glob("*.yaml")):
        for key, rows in yaml.safe_load(path.read_text(encoding="utf-8")).items():
            if isinstance(rows, list):
                bank.setdefault(key, []).extend(rows)
    return bank


def load_bank() -> dict[str, int]:
    """Bring questions and the standard onboarding template up to date; returns how many there are of each."""
    bank = read_bank()
    reference_questions = [*bank["reference_general"], *bank["reference_questions"]]
    interviews.load_bank(FRAMEWORK, bank["interview_questions"])
    references.load_bank(FRAMEWORK, reference_questions)
    onboarding.load_template(TEMPLATE, TEMPLATE_TITLE, FRAMEWORK, bank["checklist_items"])
    return {
        "interview questions": len(bank["interview_questions"]),
        "reference questions": len(reference_questions),
        "checklist items": len(bank["checklist_items"]),
    }
