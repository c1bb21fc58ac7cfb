"""Writes of series. Each function is keyword-only, atomic, asks the policy and records what it did."""

from projects.series.services.alarms import series_alarm
from projects.series.services.layout import series_lay_out
from projects.series.services.periods import period_arrange, period_explain
from projects.series.services.series import series_change, series_end, series_start

__all__ = [
    "period_arrange",
    "period_explain",
    "series_alarm",
    "series_change",
    "series_end",
    "series_lay_out",
    "series_start",
]
