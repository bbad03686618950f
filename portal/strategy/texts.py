"""Words for strategic goals."""

from typing import Any

from flask_babel import lazy_gettext as _l

from portal.strategy.rules import State

STATE_LABELS: dict[State, Any] = {
    State.CURRENT: _l("In force"),
    State.COMING: _l("Coming"),
    State.PAST: _l("Past"),
    State.RETIRED: _l("Ended early"),
}
STATE_TONES = {State.CURRENT: "success", State.COMING: "info", State.PAST: "neutral", State.RETIRED: "neutral"}


def context() -> dict[str, Any]:
    return {"strategy_states": STATE_LABELS, "strategy_tones": STATE_TONES}
