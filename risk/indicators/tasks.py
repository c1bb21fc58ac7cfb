"""Periodic work of the indicators. Beat only pokes: the run lies in PostgreSQL and may be taken up by anybody."""

from celery import shared_task

from crm.kernel.audit.context import SYSTEM
from risk.indicators import services


@shared_task
def review_night() -> dict[str, int]:
    """Judge every client as of today; how many warnings changed, by kind."""
    return dict(services.risk_review(by=SYSTEM).counts)


@shared_task
def follow_keepers() -> int:
    """Open warnings and what they ask go to who keeps the client now. How many changed hands."""
    return services.keepers_follow(by=SYSTEM)


@shared_task
def refresh_warning_dates() -> int:
    """Provisional deadlines are worked out again once the official calendar is there. How many warnings changed."""
    return services.dates_refresh(by=SYSTEM)
