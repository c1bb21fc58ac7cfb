"""The API routes of every wing: (prefix, viewset, basename)."""

from projects.deals import api as deals

routes = [*deals.routes]
