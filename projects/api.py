"""The API routes of every wing: (prefix, viewset, basename)."""

from projects.deals import api as deals
from projects.facilities import api as facilities

routes = [*deals.routes, *facilities.routes]
