"""Pictures of the holiday notices: the list, an empty form, and a draft with what it would move."""

from typing import Any

from crm.kernel.holidays.models import HolidayNotice
from crm.kernel.holidays.services import notice_enter
from crm.kernel.holidays.tests.notice import NUMBER, TEXT, YEAR
from crm.kernel.people.models import Person
from tools.shots.page import Page

SECURITY, SYSTEM = "weichengan", "chengziang"

PAGES = (
    Page("36-admin-holidays", "admin:kernel_holidaynotice_changelist", SYSTEM),
    Page("36-admin-holiday-new", "admin:kernel_holidaynotice_add", SYSTEM),
    Page("36-admin-holiday", "admin:kernel_holidaynotice_change", SECURITY, of="admin_holiday"),
)


def prepare() -> None:
    """The system administrator enters the notice of 2027."""
    if not HolidayNotice.objects.exists():
        notice_enter(year=YEAR, number=NUMBER, lines=TEXT, by=Person.objects.get(name="程子昂"))


def things() -> dict[str, tuple[Any, ...]]:
    """The notice that waits."""
    return {"admin_holiday": (HolidayNotice.objects.earliest("pk").pk,)}
