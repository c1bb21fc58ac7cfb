"""The admin of every wing, for Django."""

from staff.complaints import admin as complaints
from staff.kpi import admin as kpi

__all__ = ["complaints", "kpi"]
