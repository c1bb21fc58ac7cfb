"""Reads of the work list, and the moments at which a due day makes itself heard."""

from collections.abc import Iterable
from datetime import date, time, timedelta
from typing import Any

from django.db.models import Q, QuerySet

from crm.kernel.access.policies import Viewer
from crm.kernel.parameters.selectors import value
from crm.kernel.workdays import clock
from crm.kernel.workdays.rules.calendar import reach
from crm.kernel.workdays.selectors import calendar_between
from crm.kernel.worklist.models import Todo
from crm.kernel.worklist.rules.moments import Moments, moments_of


def todo_list(*, viewer: Viewer) -> QuerySet[Todo]:
    """What waits for this person: one's own, and what came up because somebody is late; the first due first."""
    rows = Todo.objects.visible_to(viewer).filter(Q(owner=viewer.pk) | Q(escalated_to=viewer.pk), done_at__isnull=True)
    return rows.select_related("owner").order_by("due_on", "id")


RULE = "worklist.reminders"


def due_moments(
    days: Iterable[date], *, before: int | None = None, rule: dict[str, Any] | None = None
) -> dict[date, Moments]:
    """When each due day reminds and escalates: one query for the rule unless it is handed in, one for the calendar.

    `before`: working days ahead of the first reminder, unless told the rule of the to-dos.
    """
    ordered = sorted(set(days))
    if not ordered:
        return {}
    rule = rule or value(RULE).value
    ahead = rule["before_workdays"] if before is None else before
    span = timedelta(days=reach(max(ahead, rule["escalate_workdays"])))
    calendar = calendar_between(ordered[0] - span, ordered[-1] + span)
    return {
        day: moments_of(
            day,
            before=ahead,
            at=time.fromisoformat(rule["at"]),
            escalate_after=rule["escalate_workdays"],
            calendar=calendar,
            zone=clock.SHANGHAI,
        )
        for day in ordered
    }
