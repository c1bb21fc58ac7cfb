"""Working days left, counted inside a query, are those that the pages count."""

from datetime import date, timedelta

import pytest

from crm.kernel.workdays.models import CalendarDay
from crm.kernel.workdays.selectors import WorkdaysLeft
from crm.kernel.workdays.services import workdays_left

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("today", [date(2026, 2, 12), date(2026, 9, 30), date(2026, 12, 30)], ids=str)
def test_a_query_counts_the_working_days_left_as_the_pages_do(today: date) -> None:
    CalendarDay.objects.filter(date__gt=date(2027, 1, 20)).delete()
    days = [today + timedelta(days=step) for step in (-40, -9, -2, -1, 0, 1, 2, 3, 9, 21, 150)]
    for day in days:
        CalendarDay.objects.get_or_create(date=day, defaults={"is_workday": day.weekday() < 5, "source": "test"})
    counted = dict(CalendarDay.objects.filter(date__in=days).values_list("date", WorkdaysLeft("date", today)))
    assert counted == {day: workdays_left(today, day) for day in days}
    assert min(counted.values()) < -1 and max(counted.values()) > 90
