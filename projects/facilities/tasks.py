"""Periodic work of facilities in force. It does what is due and may run twice, late, or at once."""

from celery import shared_task

from crm.kernel.audit.context import SYSTEM
from projects.facilities import services


@shared_task
def refresh_exposures() -> int:
    """Count anew what is no longer available for drawing; every night. How many clients."""
    return services.exposures_refresh(by=SYSTEM)
