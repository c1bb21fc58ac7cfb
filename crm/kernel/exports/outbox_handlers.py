"""The next step of an export is due."""

from crm.kernel.audit.context import SYSTEM
from crm.kernel.exports.services import STEP, step_do
from crm.kernel.outbox.handlers import handles
from crm.kernel.outbox.models import DueItem


@handles(STEP)
def do_step(item: DueItem) -> None:
    """Do it, and order the one after it."""
    step_do(pk=int(item.object_id), by=SYSTEM)
