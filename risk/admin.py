"""The admin of every wing."""

from risk.ratings import admin as ratings
from risk.reviews import admin as reviews

__all__ = ["ratings", "reviews"]
