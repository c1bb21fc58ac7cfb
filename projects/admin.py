"""The admin of every wing, for Django."""

from projects.deals import admin as deals

__all__ = ["deals"]
