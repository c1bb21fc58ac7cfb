"""The time machine: everything that is due is done at its own moment, one moment after the other, as beat would."""

from datetime import datetime

from crm.kernel.outbox.models import DueItem
from crm.kernel.outbox.relay import relay_due
from crm.kernel.workdays import clock


def let_pass(start: datetime, until: datetime) -> None:
    """From `start` to `until`: stand at each moment at which something waits, and let the relay work."""
    waiting = DueItem.objects.filter(state=DueItem.State.PENDING, next_try_at__lte=until).order_by("next_try_at")
    while (item := waiting.first()) is not None:
        start = max(start, item.next_try_at)
        with clock.at(start):
            relay_due()
