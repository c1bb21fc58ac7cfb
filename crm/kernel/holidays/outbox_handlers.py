"""After the release of a calendar: the open deadlines follow."""

from crm.kernel.audit.context import SYSTEM
from crm.kernel.holidays.models import HolidayNotice
from crm.kernel.holidays.services import RECOMPUTE, deadlines_recompute
from crm.kernel.outbox.handlers import handles
from crm.kernel.outbox.models import DueItem


@handles(RECOMPUTE)
def recompute_deadlines(item: DueItem) -> None:
    """Work out every open deadline again; the owners of those that move are told."""
    notice = HolidayNotice.objects.get(pk=item.object_id)
    deadlines_recompute(notice=notice, corrected=bool(item.data.get("corrected")), by=SYSTEM)
