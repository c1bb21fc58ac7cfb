"""What the release of a notice would change, and the calendar as it is."""

from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from crm.kernel.access.policies import Viewer
from crm.kernel.declarations import Text
from crm.kernel.declarations.deadlines import DEADLINES, Shift
from crm.kernel.holidays.models import HolidayNotice
from crm.kernel.holidays.rules import entries as rules
from crm.kernel.workdays.models import CalendarDay
from crm.kernel.workdays.selectors import assume, calendar_between


@dataclass(frozen=True)
class Moved:
    """The open deadlines of one kind that a notice moves."""

    label: Text
    shifts: list[Shift]


def is_correction(year: int) -> bool:
    """Whether the year has an official calendar already, so that deadlines counted by it may move too."""
    span = (date(year, 1, 1), date(year, 12, 31))
    return CalendarDay.objects.filter(date__range=span, status=CalendarDay.Status.OFFICIAL).exists()


def list_changed_days(notice: HolidayNotice) -> list[date]:
    """Days that the notice works, or does not, differently from the calendar as it is. One query."""
    days = rules.days_of(notice.year, rules.from_rows(notice.days))
    known = calendar_between(min(days), max(days))
    return rules.changed_days({day: known.day(day) for day in days}, days)


def list_moved(notice: HolidayNotice) -> list[Moved]:
    """Every open deadline that the release of this draft would move, by kind; nothing is written.

    Each kind works its deadlines out by the code that will do so after the release.
    """
    corrected = is_correction(notice.year)
    with assume(rules.days_of(notice.year, rules.from_rows(notice.days))):
        return [Moved(kind.label, list(kind.preview(corrected))) for kind in DEADLINES.values()]


def calendar_day_list(*, viewer: Viewer) -> QuerySet[CalendarDay]:
    """The days of the calendar, the first first."""
    return CalendarDay.objects.visible_to(viewer).order_by("date")
