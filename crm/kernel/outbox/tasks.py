"""The relay as a task. It takes nothing: what is due is in the table."""

from celery import shared_task

from crm.kernel.outbox.relay import relay_due


@shared_task
def relay() -> int:
    """Do what is due; every few seconds, and whenever something was scheduled for now. How many items."""
    return relay_due()
