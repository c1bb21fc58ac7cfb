"""Reads of client requests and their measures. They start from `visible_to`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Aggregate, Count, F, FloatField, Prefetch, Q, QuerySet

from clients.file.models import Client
from clients.requests.models import RequestStep, ServiceRequest
from crm.kernel.access.policies import Viewer
from crm.kernel.parameters import selectors as parameters
from crm.kernel.workdays import clock

SHOWN = 5
MEASURES = "request.measures"


class Median(Aggregate):
    """The middle value of a column."""

    function = "percentile_cont"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = FloatField()


def request_list(*, viewer: Viewer) -> QuerySet[ServiceRequest]:
    """Requests of the clients this person may see, the latest first."""
    rows: QuerySet[ServiceRequest] = ServiceRequest.objects.visible_to(viewer)
    return rows.select_related("client", "owner").order_by("-asked_at", "-id")


def with_steps(rows: QuerySet[ServiceRequest]) -> QuerySet[ServiceRequest]:
    """Requests with their steps: one query for however many."""
    return rows.prefetch_related(Prefetch("steps", RequestStep.objects.select_related("person")))


def step_list(*, viewer: Viewer) -> QuerySet[RequestStep]:
    """The steps of the requests this person may see."""
    rows: QuerySet[RequestStep] = RequestStep.objects.visible_to(viewer)
    return rows.select_related("request__client").order_by("-id")


def requests_of(client: Client) -> Sequence[ServiceRequest]:
    """The last requests of a client already found for its viewer: one query."""
    rows = ServiceRequest.objects.filter(client=client).select_related("owner").defer("kept_words")
    return list(rows.order_by("-asked_at", "-id")[:SHOWN])


@dataclass(frozen=True)
class Measures:
    """Figures of the requests asked within `days`: medians in working minutes, counts. None where too few."""

    days: int
    least: int
    target_percent: int
    count: int
    answered: int
    in_time: int
    solved: int
    at_once: int
    first: float | None
    solve: float | None
    first_before: float | None
    answered_before: int

    @property
    def is_enough(self) -> bool:
        """Whether there are enough answered ones to say a figure."""
        return self.answered >= self.least

    @property
    def first_hours(self) -> float | None:
        """Median working hours to the first answer."""
        return None if self.first is None else self.first / 60

    @property
    def before_hours(self) -> float | None:
        """The same in the period before; None where too few."""
        enough = self.first_before is not None and self.answered_before >= self.least
        return self.first_before / 60 if enough and self.first_before is not None else None

    @property
    def solve_hours(self) -> float | None:
        """Median working hours to the solution; None where too few."""
        return self.solve / 60 if self.solve is not None and self.solved >= self.least else None

    @property
    def in_time_percent(self) -> int:
        """Share of the first answers due that were given in time."""
        return round(100 * self.in_time / self.count) if self.count else 0

    @property
    def at_once_percent(self) -> int:
        """First-contact resolution: solved with the first answer and never reopened, of those solved."""
        return round(100 * self.at_once / self.solved) if self.solved else 0

    @property
    def change_percent(self) -> int | None:
        """Change of the time to the first answer against the period before."""
        before, now = self.before_hours, self.first_hours
        return None if not before or now is None else round(100 * (now - before) / before)


def measures(*, viewer: Viewer) -> Measures:
    """The measures over the requests this person may see: one query. Requests whose hours still run do not count."""
    rules, now = parameters.value(MEASURES).value, clock.now()
    since, before = now - timedelta(days=rules["days"]), now - timedelta(days=2 * rules["days"])
    recent, former = Q(asked_at__gt=since), Q(asked_at__gt=before, asked_at__lte=since)
    due = recent & (Q(answered_at__isnull=False) | Q(answer_by__lt=now))
    answered, solved = recent & Q(answered_at__isnull=False), recent & Q(solved_at__isnull=False)
    rows: QuerySet[Any] = ServiceRequest.objects.visible_to(viewer)
    found = (
        rows.filter(asked_at__gt=before)
        .order_by()
        .aggregate(
            count=Count("pk", filter=due),
            answered=Count("pk", filter=answered),
            in_time=Count("pk", filter=answered & Q(answered_at__lte=F("answer_by"))),
            solved=Count("pk", filter=solved),
            at_once=Count("pk", filter=solved & Q(solved_at=F("answered_at"), reopened=0)),
            first=Median("first_minutes", filter=answered),
            solve=Median("solve_minutes", filter=solved),
            first_before=Median("first_minutes", filter=former & Q(answered_at__isnull=False)),
            answered_before=Count("pk", filter=former & Q(answered_at__isnull=False)),
        )
    )
    return Measures(**rules, **found)
