"""Working hours of the first answer, against days counted by hand."""

from datetime import date, datetime, time, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from clients.requests.rules.hours import OfficeHours, add_hours, minutes_between
from crm.kernel.workdays.clock import SHANGHAI
from crm.kernel.workdays.rules.calendar import Day, WorkCalendar

OFFICE = OfficeHours(time(9), time(17, 30))
# National Day 2026: off from 1 to 7 October, the Saturday after is worked.
OFF = {date(2026, 10, day): Day(False, provisional=False) for day in range(1, 8)}
CALENDAR = WorkCalendar({**OFF, date(2026, 10, 10): Day(True, provisional=False)})


def at(day: int, hour: int, minute: int = 0, month: int = 4) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=SHANGHAI)


def test_the_hours_run_only_while_the_office_is_open() -> None:
    assert add_hours(at(15, 9), 8, OFFICE, CALENDAR) == at(15, 17)
    assert add_hours(at(15, 10), 8, OFFICE, CALENDAR) == at(16, 9, 30)
    assert add_hours(at(15, 7), 2, OFFICE, CALENDAR) == at(15, 11)
    assert add_hours(at(15, 17, 30), 2, OFFICE, CALENDAR) == at(16, 11)
    assert add_hours(at(17, 17), 4, OFFICE, CALENDAR) == at(20, 12, 30)  # Friday to Monday


def test_a_holiday_does_not_count_and_a_worked_saturday_does() -> None:
    assert add_hours(at(30, 16, 30, 9), 2, OFFICE, CALENDAR) == at(8, 10, 0, 10)
    assert add_hours(at(9, 17, 0, 10), 1, OFFICE, CALENDAR) == at(10, 9, 30, 10)
    assert minutes_between(at(30, 16, 30, 9), at(8, 10, 0, 10), OFFICE, CALENDAR) == 120


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 60 * 24 * 40), st.integers(1, 40))
def test_the_minutes_between_are_the_hours_that_were_added(minutes: int, hours: int) -> None:
    start = at(1, 0, 0, 9) + timedelta(minutes=minutes)
    assert minutes_between(start, add_hours(start, hours, OFFICE, CALENDAR), OFFICE, CALENDAR) == hours * 60
