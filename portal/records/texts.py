"""What the rules of retention and deletion say, and what is deleted, in the user's language."""

from collections.abc import Callable, Mapping
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from portal.records.rules import Blocker

BLOCKER_TEXTS: dict[Blocker, Any] = {
    Blocker.GONE: _l("Some of those you chose are deleted already. Choose again from the list."),
    Blocker.NOT_ENDED: _l(
        "The recruitment has no decision. The recruiter ends it with a decision before anything of it is deleted."
    ),
    Blocker.NOT_DUE: _l("The deletion deadline has not been reached yet."),
    Blocker.NOT_FILED: _l("The case has not been filed. Mark it as filed, or write why it need not be."),
    Blocker.NO_REASON: _l("Write the reason in at least ten characters. It is kept in the deletion log."),
    Blocker.NAMED: _l("The deletion log must not name anyone. Write the reason without names."),
    Blocker.MONTHS: _l("Enter a number of months between 1 and 36."),
    Blocker.NO_RETENTION_REASON: _l("Any other period than six months needs a reason of at least ten characters."),
}

# what a table holds, as people call it; what belongs to one of these is not counted apart
_COUNTED: dict[str, Callable[[int], str]] = {
    "interview": lambda n: ngettext("%(num)s interview", "%(num)s interviews", n),
    "impartiality_declaration": lambda n: ngettext(
        "%(num)s impartiality declaration", "%(num)s impartiality declarations", n
    ),
    "assessment": lambda n: ngettext("%(num)s scorecard filled in", "%(num)s scorecards filled in", n),
    "rating": lambda n: ngettext("%(num)s rating with its evidence", "%(num)s ratings with their evidence", n),
    "rating_amendment": lambda n: ngettext("%(num)s amended rating", "%(num)s amended ratings", n),
    "agreed_rating": lambda n: ngettext("%(num)s agreed rating", "%(num)s agreed ratings", n),
    "referee": lambda n: ngettext("%(num)s referee with accept", "%(num)s referees with accepts", n),
    "reference_check": lambda n: ngettext("%(num)s reference with its note", "%(num)s references with their notes", n),
    "hearing": lambda n: ngettext("%(num)s hearing", "%(num)s hearings", n),
    "refusal_text": lambda n: ngettext("%(num)s wording of the refusal", "%(num)s wordings of the refusal", n),
    "candidate_event": lambda n: ngettext("%(num)s reason for the outcome", "%(num)s reasons for the outcome", n),
    "recommendation": lambda n: ngettext(
        "%(num)s wording of the recommendation", "%(num)s wordings of the recommendation", n
    ),
    "recommendation_draft": lambda n: ngettext(
        "%(num)s draft of the recommendation", "%(num)s drafts of the recommendation", n
    ),
    "outgoing_mail": lambda n: ngettext("%(num)s mail", "%(num)s mails", n),
}


def counted(counts: Mapping[str, int]) -> list[str]:
    """What is or was held, a line for each kind."""
    return [say(counts[table]) for table, say in _COUNTED.items() if counts.get(table)]


STANDINGS: dict[str, tuple[Any, str]] = {
    "ready": (_l("can be deleted"), "success"),
    "unfiled": (_l("not filed"), "warning"),
    "not_ended": (_l("not ended"), "neutral"),
}
