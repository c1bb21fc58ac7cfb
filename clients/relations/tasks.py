"""Periodic work of interactions. Beat only pokes: each run does what is due and may happen twice."""

from celery import shared_task

from clients.relations import services
from crm.kernel.audit.context import SYSTEM


@shared_task
def update_contact_plans() -> dict[str, int]:
    """Work out the contact plan of every client; how many changed, became overdue, or were met."""
    return services.contact_plans_update(by=SYSTEM)
