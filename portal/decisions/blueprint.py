"""The blueprint that the pages of recommending, deciding and answering share."""

from portal.web import feature

bp = feature("decisions")
