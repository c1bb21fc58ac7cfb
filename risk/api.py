"""The API routes of every wing: (prefix, viewset, basename)."""

from risk.amendments import api as amendments
from risk.committee import api as committee
from risk.gates import api as gates
from risk.identity import api as identity
from risk.indicators import api as indicators
from risk.limits import api as limits
from risk.ratings import api as ratings
from risk.reviews import api as reviews

routes = [
    *ratings.routes,
    *identity.routes,
    *gates.routes,
    *reviews.routes,
    *limits.routes,
    *amendments.routes,
    *committee.routes,
    *indicators.routes,
]
