"""A client's figures or grade changed: its limit follows."""

from clients.standing.services import FIGURES_CHANGED
from crm.kernel.audit.context import SYSTEM
from crm.kernel.outbox.handlers import handles
from crm.kernel.outbox.models import DueItem
from risk.limits.services import limit_follow


@handles(FIGURES_CHANGED)
def follow_figures(item: DueItem) -> None:
    """Cut the limit where the formula now gives less."""
    limit_follow(pk=int(item.object_id), by=SYSTEM)
