"""Which cases somebody was reminded of (催办) in the present working day."""

from collections.abc import Collection
from datetime import date, datetime, time, timedelta

from crm.kernel.notify.models import Notice
from crm.kernel.workdays import clock
from crm.kernel.workdays.selectors import calendar_between
from risk.reviews.models import ReviewCase

NUDGED = "review.nudged"


def nudged_now(cases: Collection[ReviewCase]) -> set[int]:
    """Keys of those that were reminded of in the present working day; two queries, none without cases."""
    return nudged_at(nudge_moment(), cases) if cases else set()


def nudged_at(moment: datetime, cases: Collection[ReviewCase]) -> set[int]:
    """Keys of those whose reminder has that key."""
    told = Notice.objects.filter(kind=NUDGED, object_type=ReviewCase._meta.label_lower, due_at=moment)
    return {
        int(key)
        for key in told.filter(object_id__in=[str(case.pk) for case in cases]).values_list("object_id", flat=True)
    }


def nudge_moment() -> datetime:
    """The key of the reminder of the present working day; a day off counts to the working day before it."""
    return datetime.combine(_working_day(clock.today()), time(), clock.SHANGHAI)


def _working_day(day: date) -> date:
    """`day`, or the last working day before it."""
    calendar = calendar_between(day - timedelta(days=20), day)
    while not calendar.day(day).is_workday:
        day -= timedelta(days=1)
    return day
