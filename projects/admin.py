"""The admin of every wing, for Django."""

from projects.cashflow import admin as cashflow
from projects.deals import admin as deals
from projects.facilities import admin as facilities
from projects.funding import admin as funding
from projects.series import admin as series
from projects.servicing import admin as servicing

__all__ = ["cashflow", "deals", "facilities", "funding", "series", "servicing"]
