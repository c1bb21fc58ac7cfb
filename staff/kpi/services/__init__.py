"""Writes of the KPI."""

from staff.kpi.services.corrections import correction_enter, corrections_find
from staff.kpi.services.periods import period_close, period_ensure, period_refresh, periods_tend
from staff.kpi.services.schemes import scheme_approve, scheme_propose, scheme_withdraw

__all__ = [
    "correction_enter",
    "corrections_find",
    "period_close",
    "period_ensure",
    "period_refresh",
    "periods_tend",
    "scheme_approve",
    "scheme_propose",
    "scheme_withdraw",
]
