"""Periodic work of repayment. It does what is due and may run twice, late, or at once."""

from celery import shared_task

from crm.kernel.audit.context import SYSTEM
from projects.servicing import night


@shared_task
def remind_of_repayments() -> dict[str, int]:
    """Ask for what falls due soon and what is overdue; every morning. How many to-dos were opened and closed."""
    return night.repayments_remind(by=SYSTEM)
