"""The admin of every wing."""

from risk.ratings import admin as ratings

__all__ = ["ratings"]
