"""Periodic work of the review. Beat only pokes: it does what is due and may run twice, late, or at once."""

from celery import shared_task

from crm.kernel.audit.context import SYSTEM
from risk.reviews import services


@shared_task
def refresh_waiting() -> int:
    """Bring up to date whose move each open case and each returned deal is; every few minutes. How many had changed."""
    return services.waiting_refresh(by=SYSTEM) + services.returned_refresh(by=SYSTEM)


@shared_task
def refresh_approvals() -> int:
    """Approvals whose last day has passed lapse; those that come near it are reminded of. How many."""
    return services.approvals_lapse(by=SYSTEM) + services.approvals_remind(by=SYSTEM)


@shared_task
def refresh_review_dates() -> int:
    """Provisional due days are worked out again once the official calendar is there. How many cases changed."""
    return services.dates_refresh(by=SYSTEM)
