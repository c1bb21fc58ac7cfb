"""The hours of a first answer have passed: the head is told, unless it was given."""

from clients.requests.services import LATE, late_tell
from crm.kernel.audit.context import SYSTEM
from crm.kernel.outbox.handlers import handles
from crm.kernel.outbox.models import DueItem


@handles(LATE)
def tell_late(item: DueItem) -> None:
    """Tell the head once."""
    late_tell(pk=int(item.object_id), by=SYSTEM)
