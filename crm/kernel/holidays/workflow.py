"""Moves of a holiday notice as a table: a second person releases it, or it is withdrawn."""

from django.utils.translation import gettext_lazy as _

from crm.kernel.access.errors import Conflict
from crm.kernel.access.workflow import Move, Workflow
from crm.kernel.holidays.models import HolidayNotice

DRAFT = (HolidayNotice.Status.DRAFT,)


def refuse_state(notice: HolidayNotice, move: Move) -> Conflict:
    """Somebody has released or withdrawn it."""
    return Conflict(_("This notice is no longer waiting for release."), field="status")


NOTICE = Workflow(
    model=HolidayNotice,
    moves=(
        Move("release", DRAFT, HolidayNotice.Status.RELEASED, audit="calendar.released"),
        Move("withdraw", DRAFT, HolidayNotice.Status.WITHDRAWN, audit="calendar.withdrawn"),
    ),
    refuse_state=refuse_state,
)
