"""The models of the staff wings, listed for Django, which looks no deeper."""

from staff.kpi.models import KpiCorrection, KpiPeriod, KpiResult, KpiScheme, KpiSchemeRow

__all__ = ["KpiCorrection", "KpiPeriod", "KpiResult", "KpiScheme", "KpiSchemeRow"]
