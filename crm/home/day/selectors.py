"""My day: what waits for one person, and what became of one's own submissions."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from clients.file.policies import own
from crm.kernel.access.policies import NOBODY
from crm.kernel.people.models import Person
from crm.kernel.people.roles import Role
from crm.kernel.workdays import clock
from crm.kernel.worklist.waiting import Band, count_waiting, days_left, read_waiting
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
    submitted, ended = _own_cases(person)
    bands, calendar = read_waiting(person=person, besides=[case.due_on for case in submitted])
    return Day(
        bands=bands,
        submitted=[(case, days_left(case.due_on, today, calendar)) for case in submitted],
        ended=ended,
        submits=not person.roles.isdisjoint(FILES_DEALS),
    )


def _own_cases(person: Person) -> tuple[list[ReviewCase], list[ReviewCase]]:
    """Of the clients the person keeps: the open cases first due, and those last closed or returned. One query, none
    for who keeps no client.
    """
    kept = own(person, "project__client__")
    if kept == NOBODY:
        return [], []
    mine, is_open = ReviewCase.objects.filter(kept).values("pk"), Q(status=CaseStatus.OPEN)
    running = mine.filter(is_open).order_by("due_on", "id")[:SHOWN]
    keys = running.union(mine.exclude(is_open).order_by("-id")[:SHOWN], all=True)
    shown = ("number", "status", "stage", "stage_since", "due_on", "due_provisional")
    rows = ReviewCase.objects.filter(pk__in=keys).select_related("project__client").order_by()
    found = list(rows.only(*shown, "project__name", "waiting_for", "project__client__name"))
    submitted = sorted((case for case in found if case.is_open), key=lambda case: (case.due_on or date.max, case.pk))
    return submitted, sorted((case for case in found if not case.is_open), key=lambda case: -case.pk)
