"""Which cases somebody was reminded of (催办) in the present working day."""

from collections.abc import Collection
from datetime import date, datetime, time, timedelta

from django.db.models import QuerySet
from django.db.models.functions import TruncDate

from crm.kernel.notify.models import Notice
from crm.kernel.workdays import clock
from crm.kernel.workdays.selectors import WorkdaysBetween, calendar_between
from risk.reviews.models import ReviewCase

NUDGED = "review.nudged"
# Days that surely hold a working day.
SPAN = 20


def nudged_now(cases: Collection[ReviewCase]) -> set[int]:
    """Keys of those that were reminded of in the present working day; one query, none without cases."""
    keys = [str(case.pk) for case in cases]
    found = reminders_now().filter(object_id__in=keys).values_list("object_id", flat=True) if keys else ()
    return {int(key) for key in found}


def reminders_now() -> QuerySet[Notice]:
    """The reminders of the present working day: no working day has begun since the day that is their key."""
    today = clock.today()
    recent = Notice.objects.filter(
        kind=NUDGED, object_type=ReviewCase._meta.label_lower, due_at__gt=clock.now() - timedelta(days=SPAN)
    )
    day = TruncDate("due_at", tzinfo=clock.SHANGHAI)
    return recent.alias(since=WorkdaysBetween(day, today)).filter(since=0)


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
    calendar = calendar_between(day - timedelta(days=SPAN), day)
    while not calendar.day(day).is_workday:
        day -= timedelta(days=1)
    return day
