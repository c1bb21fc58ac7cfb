"""A moment of a complaint has come: somebody higher is told, or the limit has passed. Answered ones need nothing."""

from crm.kernel.audit.context import SYSTEM
from crm.kernel.outbox.handlers import handles
from crm.kernel.outbox.models import DueItem
from staff.complaints.services import escalate_due, overdue_note
from staff.complaints.services.duties import ESCALATE, OVERDUE


@handles(ESCALATE)
def escalate(item: DueItem) -> None:
    """Tell the next above, one step higher each time."""
    escalate_due(pk=int(item.object_id), step=int(item.data.get("step", 0)), item=item, by=SYSTEM)


@handles(OVERDUE)
def overdue(item: DueItem) -> None:
    """Write down that the limit has passed."""
    overdue_note(pk=int(item.object_id), by=SYSTEM)
