"""What the review does when a moment of a case is due. A case that is gone needs nothing."""

from collections.abc import Callable

from crm.kernel.audit.context import SYSTEM
from crm.kernel.outbox.handlers import handles
from crm.kernel.outbox.models import DueItem
from risk.reviews import selectors
from risk.reviews.services import reminders


def _about(item: DueItem, do: Callable[..., object]) -> None:
    case = selectors.select_with_parties().filter(pk=item.object_id).first()
    if case is not None:
        do(case, about=item.data, due_at=item.due_at, by=SYSTEM)


@handles(reminders.REMIND)
def remind(item: DueItem) -> None:
    """Before the due day and on it."""
    _about(item, reminders.remind)


@handles(reminders.ESCALATE)
def escalate(item: DueItem) -> None:
    """After it."""
    _about(item, reminders.escalate)
