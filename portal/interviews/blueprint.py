"""The blueprint that the pages of interviews share."""

from portal.web import feature

bp = feature("interviews")
