"""What the rules of recruitments say, in the user's language."""

from flask_babel import lazy_gettext as _l

from portal.recruitment.rules import PanelAdvice

PANEL_TEXTS = {
    PanelAdvice.TOO_SMALL: _l("The panel is too small: it takes at least two members, and three or more are better."),
    PanelAdvice.SMALL: _l("Two members are the fewest. With three or more, one person’s view weighs less."),
    PanelAdvice.EVEN: _l("The panel has an even number of members. An odd number makes it easier to agree."),
    PanelAdvice.NO_CHAIR: _l("Nobody chairs the panel yet. The chair leads the debrief and can close the assessing."),
}
