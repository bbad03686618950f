"""The blueprint that the pages of the debrief and the comparison share."""

from portal.web import feature

bp = feature("comparison")
