"""Periodic work of the audit trail. Beat only pokes: both tasks do what is due and may run twice, late, or at once."""

from celery import shared_task

from crm.kernel.audit import anchors, sealing, services


@shared_task
def seal_audit() -> int:
    """Seal what was committed since the last time; every few seconds. How many rows."""
    return sealing.seal_events()


@shared_task
def anchor_audit(day_end: bool = False) -> int:
    """Seal, then anchor the head if it moved; every few minutes, and once at the end of the day. The anchored seq,
    0 if none.
    """
    sealing.seal_events()
    anchor = anchors.write_anchor(day_end=day_end)
    return anchor.seq if anchor else 0


@shared_task
def write_counted_refusals() -> int:
    """Write the counts of hours that are over; every ten minutes. How many events."""
    return services.fold_refusals()
