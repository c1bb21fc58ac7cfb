"""My day: what waits for one person, and what became of one's own submissions."""

from dataclasses import dataclass

from django.db.models import QuerySet

from crm.kernel.people.models import Person
from crm.kernel.people.roles import Role
from crm.kernel.workdays import clock
from crm.kernel.workdays.selectors import calendar_between
from crm.kernel.worklist.waiting import Band, count_waiting, days_left, list_waiting
from risk.reviews.models import CaseStatus, ReviewCase

SHOWN = 6
FILES_DEALS = frozenset({Role.ACCOUNT_MANAGER, Role.MARKETING_DEVELOPER})


@dataclass(frozen=True)
class Day:
    """One person's day."""

    bands: list[Band]
    submitted: list[tuple[ReviewCase, int | None]]
    ended: list[ReviewCase]
    submits: bool = False

    @property
    def has_own(self) -> bool:
        """Whether the person files deals: who only decides them has no such column."""
        return self.submits or bool(self.submitted or self.ended)

    @property
    def late(self) -> int:
        return count_waiting(self.bands, "late")

    @property
    def today(self) -> int:
        return count_waiting(self.bands, "today")

    @property
    def all(self) -> int:
        return count_waiting(self.bands)


def my_day(*, person: Person) -> Day:
    """Everything that waits for `person`, and their submissions; a fixed number of queries."""
    today = clock.today()
    open_cases = list(_own_cases(person).filter(status=CaseStatus.OPEN).order_by("due_on", "id")[:SHOWN])
    days = [case.due_on for case in open_cases if case.due_on]
    calendar = calendar_between(min(today, *days), max(today, *days)) if days else None
    ended = _own_cases(person).exclude(status=CaseStatus.OPEN).order_by("-id")[:SHOWN]
    return Day(
        bands=list_waiting(person=person),
        submitted=[(case, days_left(case.due_on, today, calendar) if calendar else None) for case in open_cases],
        ended=list(ended),
        submits=not person.roles.isdisjoint(FILES_DEALS),
    )


def _own_cases(person: Person) -> QuerySet[ReviewCase]:
    return ReviewCase.objects.visible_to(person).filter(project__client__owner=person).select_related("project__client")
