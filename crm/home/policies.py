"""The policies of the roof's wings, listed: importing them registers them."""

from crm.home.jobs import policies as jobs
from crm.home.trail import policies as trail

__all__ = ["jobs", "trail"]
