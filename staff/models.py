"""The models of the staff wings, listed for Django, which looks no deeper."""

from staff.complaints.models import (
    Complaint,
    ComplaintCounter,
    ComplaintEvent,
    ComplaintSeat,
    DeclaredRelation,
    Extension,
    Pause,
    PublicTry,
)
from staff.kpi.models import KpiCorrection, KpiPeriod, KpiResult, KpiScheme, KpiSchemeRow

__all__ = [
    "Complaint",
    "ComplaintCounter",
    "ComplaintEvent",
    "ComplaintSeat",
    "DeclaredRelation",
    "Extension",
    "KpiCorrection",
    "KpiPeriod",
    "KpiResult",
    "KpiScheme",
    "KpiSchemeRow",
    "Pause",
    "PublicTry",
]
