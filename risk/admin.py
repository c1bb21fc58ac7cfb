"""The admin of every wing."""

from risk.amendments import admin as amendments
from risk.committee import admin as committee
from risk.gates import admin as gates
from risk.identity import admin as identity
from risk.indicators import admin as indicators
from risk.limits import admin as limits
from risk.ratings import admin as ratings
from risk.reviews import admin as reviews

__all__ = ["amendments", "committee", "gates", "identity", "indicators", "limits", "ratings", "reviews"]
