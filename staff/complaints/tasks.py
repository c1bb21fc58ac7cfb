"""Periodic work of complaints. Beat only pokes: each does what is due and may run twice, late, or at once."""

from celery import shared_task

from crm.kernel.audit.context import SYSTEM
from staff.complaints import services


@shared_task
def watch_complaints() -> int:
    """Complaints of who left, was shut out or became concerned go to the next above, within ten minutes. How many.

    On the way the addresses of those who were at the public pages are forgotten.
    """
    services.tries_forget(by=SYSTEM)
    return services.deserted_escalate(by=SYSTEM) + services.concerned_escalate(by=SYSTEM)


@shared_task
def refresh_dates() -> int:
    """Provisional limits are worked out again once the official calendar is there. How many changed."""
    return services.dates_refresh(by=SYSTEM)
