"""The API routes of every wing: (prefix, viewset, basename)."""

from projects.cashflow import api as cashflow
from projects.deals import api as deals
from projects.facilities import api as facilities
from projects.funding import api as funding
from projects.series import api as series
from projects.servicing import api as servicing

routes = [*deals.routes, *facilities.routes, *funding.routes, *cashflow.routes, *series.routes, *servicing.routes]
