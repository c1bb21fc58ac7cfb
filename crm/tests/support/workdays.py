"""The official calendar of a year that the library does not know yet, as its notice would bring it."""

from datetime import date, timedelta

from crm.kernel.workdays.models import CalendarDay

NEXT_YEAR = 2027


def official_calendar(*off: date, days: int = 120) -> None:
    """The first days of 2027: Monday to Friday is worked, save 1 January and `off`."""
    first = date(NEXT_YEAR, 1, 1)
    dates = [first + timedelta(days=step) for step in range(days)]
    CalendarDay.objects.bulk_create(
        CalendarDay(date=day, is_workday=day.weekday() < 5 and day not in (first, *off), source="国办发明电〔2026〕号")
        for day in dates
    )
