"""The policies of the roof's wings, listed: importing them registers them."""

from crm.home.trail import policies as trail

__all__ = ["trail"]
