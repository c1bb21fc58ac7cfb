"""Periods, meeting days and alarm days, against the official calendar of 2026 written down by hand."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.kernel.workdays.rules.calendar import Day, WorkCalendar
from projects.series.rules import rhythm
from projects.series.rules.rhythm import Period

# 国务院办公厅关于 2026 年部分节假日安排的通知: days off (first, last) and the weekend days that are worked.
OFF = (("01-01", "01-03"), ("02-15", "02-23"), ("04-04", "04-06"), ("05-01", "05-05"), ("06-19", "06-21"))
OFF = (*OFF, ("09-25", "09-27"), ("10-01", "10-07"))
WORKED = {"01-04", "02-14", "02-28", "05-09", "09-20", "10-10"}


def is_worked(day: date) -> bool:
    """The notice, read as a person would."""
    words = f"{day:%m-%d}"
    if any(first <= words <= last for first, last in OFF):
        return False
    return words in WORKED or day.isoweekday() <= 5


YEAR = [date(2026, 1, 1) + timedelta(days=step) for step in range(365)]
CALENDAR = WorkCalendar({day: Day(is_worked(day), False) for day in YEAR})


def test_a_missed_week_alarms_on_the_first_working_day_after_it_all_year_round() -> None:
    for monday in [day for day in YEAR if day.weekday() == 0][:-2]:
        period = rhythm.find_period("weekly", monday + timedelta(days=3))
        assert period == Period(monday, monday + timedelta(days=6))
        alarms = rhythm.alarm_days("weekly", period, amber_day=None, calendar=CALENDAR)
        expected = next(day for day in YEAR if day > period.last_on and is_worked(day))
        assert (alarms.amber_on, alarms.red_on) == (None, expected)


def test_the_weeks_of_the_two_long_holidays() -> None:
    before = rhythm.find_period("weekly", date(2026, 10, 1))
    assert rhythm.alarm_days("weekly", before, amber_day=None, calendar=CALENDAR).red_on == date(2026, 10, 8)
    spring = rhythm.find_period("weekly", date(2026, 2, 18))
    wanted = rhythm.wanted_day("weekly", spring, weekday=2, meet_day=None)
    assert rhythm.meeting_day(spring, wanted, earliest=spring.first_on, calendar=CALENDAR) is None


@pytest.mark.parametrize(
    ("day", "weekday", "expected"),
    [
        (date(2026, 10, 1), 4, date(2026, 9, 30)),  # the rest of the week is off: the last working day before
        (date(2026, 10, 6), 2, date(2026, 10, 8)),  # the next working day of the week
        (date(2026, 5, 6), 2, date(2026, 5, 6)),
        (date(2026, 11, 24), 5, date(2026, 11, 27)),
    ],
)
def test_a_meeting_that_falls_on_a_holiday_moves_within_its_week(day: date, weekday: int, expected: date) -> None:
    period = rhythm.find_period("weekly", day)
    wanted = rhythm.wanted_day("weekly", period, weekday=weekday, meet_day=None)
    assert rhythm.meeting_day(period, wanted, earliest=period.first_on, calendar=CALENDAR) == expected


@pytest.mark.parametrize(
    ("kind", "day", "period", "amber", "amber_day"),
    [
        ("quarterly", date(2026, 11, 24), (date(2026, 10, 1), date(2026, 12, 31)), date(2026, 12, 14), 75),
        ("quarterly", date(2026, 2, 28), (date(2026, 1, 1), date(2026, 3, 31)), date(2026, 3, 16), 75),
        ("half_yearly", date(2026, 6, 30), (date(2026, 1, 1), date(2026, 6, 30)), date(2026, 5, 30), 150),
        ("yearly", date(2026, 6, 30), (date(2026, 1, 1), date(2026, 12, 31)), date(2026, 10, 27), 300),
    ],
)
def test_longer_periods_are_amber_from_their_day_and_red_from_their_last(
    kind: str, day: date, period: tuple[date, date], amber: date, amber_day: int
) -> None:
    found = rhythm.find_period(kind, day)
    assert (found.first_on, found.last_on) == period
    alarms = rhythm.alarm_days(kind, found, amber_day=amber_day, calendar=CALENDAR)
    assert (alarms.amber_on, alarms.red_on) == (amber, period[1])


@given(kind=st.sampled_from(["weekly", *rhythm.MONTHS]), day=st.dates(date(2020, 1, 1), date(2040, 1, 1)))
def test_periods_follow_one_another_without_a_gap(kind: str, day: date) -> None:
    period = rhythm.find_period(kind, day)
    assert period.first_on <= day <= period.last_on
    after = rhythm.next_period(kind, period)
    assert after.first_on == period.last_on + timedelta(days=1)
    assert rhythm.find_period(kind, after.last_on) == after
