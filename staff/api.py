"""The API routes of every wing: (prefix, viewset, basename)."""

from staff.complaints import api as complaints
from staff.kpi import api as kpi

routes = [*complaints.routes, *kpi.routes]
