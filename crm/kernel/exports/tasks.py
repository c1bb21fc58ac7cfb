"""Periodic work of exports."""

from celery import shared_task

from crm.kernel.audit.context import SYSTEM
from crm.kernel.exports.services import exports_remove_old


@shared_task
def remove_old() -> int:
    """Remove files whose time is over; once a night. How many."""
    return exports_remove_old(by=SYSTEM)
