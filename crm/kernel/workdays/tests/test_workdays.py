"""Rules 10.5: deadlines in Chinese working days, and the one clock."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from hypothesis import given
from hypothesis import strategies as st

from crm.kernel.workdays import clock, services
from crm.kernel.workdays.models import CalendarDay
from crm.kernel.workdays.rules.calendar import Day, WorkCalendar, add_workdays, reach, workdays_between
from crm.kernel.workdays.selectors import calendar_between, is_workday

NOBODYS = WorkCalendar()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("start", "count", "expected"),
    [
        (date(2025, 4, 25), 1, date(2025, 4, 27)),
        (date(2025, 4, 25), 5, date(2025, 5, 6)),
        (date(2025, 9, 30), 1, date(2025, 10, 9)),
        (date(2026, 2, 13), 1, date(2026, 2, 14)),
        (date(2026, 2, 14), 1, date(2026, 2, 24)),
        (date(2026, 11, 20), 0, date(2026, 11, 20)),
    ],
)
def test_make_up_days_count_and_holidays_do_not(start: date, count: int, expected: date) -> None:
    found = services.add_workdays(start, count)
    assert (found.date, found.provisional) == (expected, False)
    assert services.workdays_between(start, expected) == count


@pytest.mark.django_db
@pytest.mark.parametrize("year", [2025, 2026])
def test_each_year_has_248_working_days(year: int) -> None:
    assert services.workdays_between(date(year - 1, 12, 31), date(year, 12, 31)) == 248


# First and last month and day of each holiday, and the Saturdays and Sundays that are worked (rules 10.5).
OFF = {
    2025: "0101 0128-0204 0404-0406 0501-0505 0531-0602 1001-1008",
    2026: "0101-0103 0215-0223 0404-0406 0501-0505 0619-0621 0925-0927 1001-1007",
}
WORKED = {2025: "0126 0208 0427 0928 1011", 2026: "0104 0214 0228 0509 0920 1010"}


def printed(year: int, text: str) -> set[date]:
    """The days of `0128-0204 0404` in a year."""
    found = set()
    for part in text.split():
        first, last = (datetime.strptime(f"{year}{end}", "%Y%m%d").date() for end in (part[:4], part[-4:]))
        found |= {first + timedelta(days=step) for step in range((last - first).days + 1)}
    return found


@pytest.mark.django_db
@pytest.mark.parametrize("year", [2025, 2026])
def test_the_calendar_is_the_printed_one_and_nothing_else_leaves_the_week(year: int) -> None:
    calendar = calendar_between(date(year, 1, 1), date(year, 12, 31))
    days = [date(year, 1, 1) + timedelta(days=step) for step in range(365)]
    worked = {day for day in days if day.weekday() >= 5 and calendar.day(day).is_workday}
    off = {day for day in days if not calendar.day(day).is_workday}
    weekends = {day for day in days if day.weekday() >= 5}
    assert worked == printed(year, WORKED[year])
    assert off == printed(year, OFF[year]) | (weekends - worked)
    assert not any(calendar.day(day).provisional for day in days)


@pytest.mark.django_db
def test_a_holiday_has_its_name() -> None:
    assert CalendarDay.objects.get(date=date(2026, 2, 17)).name == "春节"


@pytest.mark.django_db
def test_a_year_without_an_official_calendar_is_provisional_and_never_raises() -> None:
    found = services.add_workdays(date(2026, 12, 31), 1)
    assert (found.date, found.provisional) == (date(2027, 1, 4), True)
    assert services.add_workdays(date(2026, 12, 30), 1).provisional is False
    assert services.add_workdays(date(2031, 4, 30), 1).date == date(2031, 5, 5)
    assert services.workdays_between(date(2090, 1, 1), date(2090, 12, 31)) > 200


@pytest.mark.django_db
def test_a_deadline_costs_one_query_and_none_with_a_calendar(django_assert_num_queries) -> None:
    with django_assert_num_queries(1):
        services.add_workdays(date(2026, 2, 1), 200)
    calendar = calendar_between(date(2026, 1, 1), date(2026, 12, 31))
    with django_assert_num_queries(0):
        services.add_workdays(date(2026, 2, 1), 5, calendar=calendar)
        services.workdays_between(date(2026, 2, 1), date(2026, 3, 1), calendar=calendar)


@pytest.mark.django_db
def test_loading_again_changes_nothing_and_leaves_peoples_notices_alone() -> None:
    CalendarDay.objects.filter(date=date(2026, 11, 20)).update(is_workday=False, source="State Council notice")
    CalendarDay.objects.filter(date=date(2026, 11, 23)).update(is_workday=False)
    assert services.calendar_load() == 1
    assert services.calendar_load() == 0
    assert not is_workday(date(2026, 11, 20))
    assert is_workday(date(2026, 11, 23))


@pytest.mark.django_db
def test_a_provisional_row_gives_way_to_the_official_one() -> None:
    CalendarDay.objects.filter(date=date(2026, 11, 20)).update(source="guess", status="provisional", is_workday=False)
    call_command("load_reference", verbosity=0)
    assert is_workday(date(2026, 11, 20))


days = st.dates(date(2003, 1, 1), date(2040, 1, 1))
holidays = st.dictionaries(st.integers(0, 60), st.booleans(), max_size=30)


def calendar_from(start: date, marks: dict[int, bool]) -> WorkCalendar:
    return WorkCalendar({start + timedelta(days=step): Day(worked, False) for step, worked in marks.items()})


@given(days, st.integers(1, 40), holidays)
def test_the_day_found_is_worked_and_counting_back_gives_the_count(
    start: date, count: int, marks: dict[int, bool]
) -> None:
    calendar = calendar_from(start, marks)
    found = add_workdays(start, count, calendar)
    assert calendar.day(found.date).is_workday
    assert workdays_between(start, found.date, calendar) == count
    assert workdays_between(found.date, start, calendar) == -count


@given(days, st.integers(0, 30), st.integers(0, 30), holidays)
def test_two_steps_are_one_long_step(start: date, one: int, two: int, marks: dict[int, bool]) -> None:
    calendar = calendar_from(start, marks)
    there = add_workdays(add_workdays(start, one, calendar).date, two, calendar)
    assert there.date == add_workdays(start, one + two, calendar).date


@given(days, st.integers(0, 400))
def test_one_range_query_always_reaches(start: date, count: int) -> None:
    assert (add_workdays(start, count, NOBODYS).date - start).days <= reach(count)


def test_a_count_below_zero_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="below zero"):
        add_workdays(date(2026, 1, 1), -1, NOBODYS)


def test_the_clock_stands_where_it_is_put_and_goes_on_afterwards() -> None:
    with clock.at(datetime(2026, 1, 1, 16, 30, tzinfo=UTC)):
        assert clock.now() == datetime(2026, 1, 1, 16, 30, tzinfo=UTC)
        assert clock.today() == date(2026, 1, 2)
        with clock.at(date(2025, 5, 1)):
            assert clock.today() == date(2025, 5, 1)
        assert clock.today() == date(2026, 1, 2)
    assert clock.now().year >= 2026
    assert clock.now() > datetime(2026, 1, 2, tzinfo=UTC)


@pytest.mark.parametrize("module", ["crm.settings.prod", "site.settings", ""])
def test_production_cannot_set_the_clock(module: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", module)
    with pytest.raises(ImproperlyConfigured), clock.at(date(2025, 1, 1)):
        pass
