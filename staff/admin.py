"""The admin of every wing, for Django."""

from staff.kpi import admin as kpi

__all__ = ["kpi"]
