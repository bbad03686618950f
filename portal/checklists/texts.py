"""The words for what keeps a draft from being published, in the reader's language."""

from flask_babel import lazy_gettext as _l

from portal.checklists.rules import Blocker

BLOCKER_TEXTS = {
    Blocker.NO_ITEMS: _l("The template has no items yet."),
    Blocker.NO_MILESTONE: _l("The template needs at least one milestone besides the review of the trial period."),
    Blocker.EMPTY_PHASE: _l("Every milestone must have at least one item. Add items, or take the milestone out."),
    Blocker.PHASE_ORDER: _l("The milestones must follow each other in time."),
    Blocker.UNKNOWN_PHASE: _l("Some items belong to a milestone that is not in the template. Move or remove them."),
    Blocker.UNCHANGED: _l("Nothing has been changed since the version before."),
    Blocker.RETIRED: _l("The template is retired. Bring it back before you publish a new version."),
}
