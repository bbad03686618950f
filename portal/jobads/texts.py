"""What is said about job ads, in the user's language."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l

from portal.bank.texts import GROUND_LABELS
from portal.jobads.rules import SEX, Check, Finding

FIELD_LABELS = {
    "title": _l("Position"),
    "area": _l("Area of employment"),
    "workplace": _l("Place of work"),
    "pay": _l("Pay grade"),
    "deadline": _l("Application deadline"),
    "starts": _l("First day at work"),
    "part_time": _l("Working hours and part time"),
    "about_job": _l("About the job"),
    "lines": _l("What we look for"),
    "about_us": _l("About us"),
    "everyone": _l("Invitation to everyone"),
    "contact": _l("Questions about the job"),
    "apply": _l("How to apply"),
}
# what stands above the texts in the ad itself
HEADINGS = FIELD_LABELS | {"everyone": _l("Everyone is invited to apply")}
CHECK_TEXTS = {
    Check.MISSING: _l("“%(field)s” is missing. A vacancy in the state must be advertised with it."),
    Check.DEADLINE: _l("The deadline is another one than that of the recruitment. Correct the one that is wrong."),
    Check.PROTECTED: _l("%(field)s: “%(detail)s” touches %(ground)s (%(law)s). Make sure that it turns to everyone."),
    Check.NEVER_ASSESSED: _l(
        "Advertised but never assessed: “%(detail)s”. Neither the scorecard nor the reference guide asks about it."
    ),
    Check.NOT_ADVERTISED: _l("Assessed but not advertised: “%(detail)s”. No line of the ad is about it."),
}
CHECK_TITLES = {
    Check.MISSING: _l("Required information"),
    Check.DEADLINE: _l("Required information"),
    Check.PROTECTED: _l("Wording"),
    Check.NEVER_ASSESSED: _l("Ad and assessment"),
    Check.NOT_ADVERTISED: _l("Ad and assessment"),
}
_SEX_LABEL = _l("sex")


def finding_text(finding: Finding, competencies: Mapping[str, str]) -> str:
    """What is pointed out, with where and why; `competencies` gives the wording of each key."""
    words = {
        "field": str(FIELD_LABELS[finding.field]),
        "detail": competencies.get(finding.detail, finding.detail),
        "ground": str(_SEX_LABEL if finding.ground == SEX else GROUND_LABELS.get(finding.ground, "")),
        "law": finding.law,
    }
    return str(CHECK_TEXTS[finding.check]) % words
