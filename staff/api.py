"""The API routes of every wing: (prefix, viewset, basename)."""

from staff.kpi import api as kpi

routes = [*kpi.routes]
