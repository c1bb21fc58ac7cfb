"""Periodic work of the KPI. Beat only pokes: it does what is due and may run twice, late, or at once."""

from celery import shared_task

from crm.kernel.audit.context import SYSTEM
from staff.kpi import services


@shared_task
def tend_quarters() -> dict[str, int]:
    """Previews of the open quarters anew; what changed behind closed ones becomes corrections. Counts."""
    return services.periods_tend(by=SYSTEM)
