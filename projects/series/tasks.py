"""Periodic work of series. Beat only pokes: each run does what is due and may happen twice."""

from celery import shared_task

from crm.kernel.audit.context import SYSTEM
from projects.series import services


@shared_task
def follow_series() -> dict[str, int]:
    """Lay out the next meetings, then bring the alarms up to today; how many of each."""
    made = services.series_lay_out(by=SYSTEM)
    return {"periods": made, **services.series_alarm(by=SYSTEM)}
