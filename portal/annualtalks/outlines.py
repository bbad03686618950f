"""A talk as plain values: what is frozen when both have confirmed it, and what papers are made from."""

from typing import Any

from portal.annualtalks.models import TalkRecord
from portal.annualtalks.queries import TalkOf, find_talk
from portal.annualtalks.rules import Side
from portal.balance.queries import in_force
from portal.clock import now
from portal.db import db
from portal.digests import digest
from portal.framework.queries import outline
from portal.goals.queries import open_goals_of


def _views(found: TalkOf, side: Side) -> dict[str, dict[str, Any]]:
    views = [view for view in found.talk.views if view.side == side]
    return {v.competency_key: {"words": v.words, "level": v.level, "wants": v.wants} for v in views}


def content(found: TalkOf) -> dict[str, Any]:
    """What the two confirm: who and when, both views, the summary, and the balance and goals of that day."""
    talk, summary = found.talk, found.summary
    assert summary is not None  # nothing is confirmed without one
    framework = outline(talk.framework_version_id)
    agreed = in_force(talk.office_id, talk.souschef_id).agreed
    return {
        "souschef": talk.souschef.name,
        "chef": talk.chef.name,
        "office": talk.office.name,
        "starts_at": talk.starts_at.isoformat(),
        "framework": {"slug": framework.slug, "version": framework.number},
        "competencies": [{"key": key, "text": framework.text_of(key)} for key in talk.competency_keys],
        "views": {side.value: _views(found, side) for side in Side},
        "balance": {"version": agreed.number, "weights": agreed.weights, "focus": agreed.focus} if agreed else None,
        "goals": [
            {"id": goal.id, "competency": goal.competency_key, "state": goal.state, "aim": goal.versions[-1].aim}
            for goal in open_goals_of(talk.souschef_id)
        ],
        "summary": {"number": summary.number, "text": summary.text},
        "confirmed": [
            {"side": c.side, "by": c.by.name, "at": c.at.isoformat()}
            for c in sorted(summary.confirmations, key=lambda c: c.at)
        ],
    }


def freeze(talk_id: int) -> TalkRecord:
    """Keep the talk exactly as both have just confirmed it, in the unit of work of the second confirmation."""
    found = find_talk(talk_id)
    assert found is not None
    snapshot = content(found)
    found.talk.frozen_at = now()
    found.talk.record = TalkRecord(snapshot=snapshot, digest=digest(snapshot), at=found.talk.frozen_at)
    db.session.flush()
    return found.talk.record
