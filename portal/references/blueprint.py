"""The blueprint that the pages of references share."""

from portal.web import feature

bp = feature("references")
