"""What a badge says about a deadline."""

from datetime import date

import pytest

from crm.kernel.workdays.services import workdays_left

pytestmark = pytest.mark.django_db

FRIDAY, SUNDAY, MONDAY = date(2026, 11, 20), date(2026, 11, 22), date(2026, 11, 23)


def test_a_deadline_that_passed_over_days_off_only_is_late_all_the_same() -> None:
    assert workdays_left(SUNDAY, FRIDAY) == -1
    assert workdays_left(MONDAY, FRIDAY) == -1


def test_a_deadline_of_today_is_due_today_and_one_of_tomorrow_has_a_day() -> None:
    assert workdays_left(FRIDAY, FRIDAY) == 0
    assert workdays_left(SUNDAY, MONDAY) == 1
