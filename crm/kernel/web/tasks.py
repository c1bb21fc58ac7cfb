"""Periodic work of the web module."""

from celery import shared_task

from crm.kernel.web import idempotency


@shared_task
def forget_answers() -> int:
    """Delete answers kept for repeated requests that are older than a day; once a night. How many."""
    return idempotency.forget_answers()
