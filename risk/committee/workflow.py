"""Moves of a meeting and of a hearing as tables."""

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from crm.kernel.access.errors import Conflict
from crm.kernel.access.workflow import Move, Workflow
from risk.committee.models import AgendaItem, Meeting
from risk.committee.policies import KEEP

ITEM, MEETING = AgendaItem.Status, Meeting.Status


def _refuse_item(item: AgendaItem, move: Move) -> Conflict:
    """The ballot is not open yet, or the result stands."""
    status = {"status": item.get_status_display()}
    return Conflict(_("This is not possible now: the hearing is %(status)s.") % status, code=f"hearing_{item.status}")


def _refuse_meeting(meeting: Meeting, move: Move) -> Conflict:
    return Conflict(_("This meeting is closed; its minutes are written."), code="meeting_closed")


def _items() -> QuerySet[AgendaItem]:
    return AgendaItem.objects.select_related("meeting", "case__project__client__owner", "presenter")


HEARING = Workflow(
    model=AgendaItem,
    moves=(
        Move("open", (ITEM.LISTED,), ITEM.VOTING, action=KEEP, audit="hearing.opened"),
        Move("vote", (ITEM.VOTING,), action="vote", audit="hearing.voted"),
        Move("close", (ITEM.VOTING,), ITEM.DECIDED, action=KEEP, audit="hearing.decided"),
        Move("remove", (ITEM.LISTED, ITEM.VOTING), ITEM.REMOVED, action=KEEP, audit="hearing.removed"),
    ),
    refuse_state=_refuse_item,
    version_field="expected_version",
    rows=_items,
)
SITTING = Workflow(
    model=Meeting,
    moves=(
        Move("list", (MEETING.CONVENED,), action=KEEP, audit="hearing.listed"),
        Move("close", (MEETING.CONVENED,), MEETING.CLOSED, action=KEEP, audit="meeting.closed"),
    ),
    refuse_state=_refuse_meeting,
    version_field="expected_version",
)
