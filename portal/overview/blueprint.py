"""The blueprint that the overview pages share."""

from portal.web import feature

bp = feature("overview")
