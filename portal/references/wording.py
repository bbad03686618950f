"""What the caller says first and last. The texts are the bank's (seed_data/bank/general.yaml)."""

from functools import cache

import yaml

from portal.paths import SEED_DATA


@cache
def _texts() -> dict[str, str]:
    content = yaml.safe_load((SEED_DATA / "bank" / "general.yaml").read_text(encoding="utf-8"))
    return {key: value for key, value in content.items() if isinstance(value, str)}


def introduction(candidate: str) -> str:
    """The words that tell the referee the purpose, the duty to note and the applicant's rights."""
    return _texts()["reference_introduction"].replace("[kandidatens navn]", candidate)


def closing() -> str:
    return _texts()["reference_closing"]
