"""The board: open complaints grouped by the law's own order, and how many stand at each stage."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import TruncDate

from crm.kernel.workdays import clock
from staff.complaints.models import OPEN, Complaint, Status

SOON = 3  # calendar days, as statutory badges warn (visual 6)
MOST = 60


@dataclass(frozen=True)
class Group:
    """One band of the board: `key` late, soon or later, the rows shown, how many there are."""

    key: str
    rows: list[Complaint]
    count: int

    @property
    def more(self) -> int:
        """Rows that the board does not show."""
        return self.count - len(self.rows)


def due_soon() -> Q:
    """Open complaints whose limit ends within three days."""
    today = clock.today()
    return Q(status__in=OPEN, due_on__gte=today, due_on__lte=today + timedelta(days=SOON))


def board(rows: QuerySet[Complaint]) -> list[Group]:
    """Late, due within three days, later; each with the nearest limit first. Two queries."""
    today = clock.today()
    soon = today + timedelta(days=SOON)
    parts = {
        "late": Q(due_on__lt=today),
        "soon": Q(due_on__gte=today, due_on__lte=soon),
        "later": Q(due_on__gt=soon),
    }
    rows = rows.filter(status__in=OPEN).order_by("due_on", "id")
    bare = rows.order_by()
    totals = bare.aggregate(**{key: Count("pk", filter=part, distinct=True) for key, part in parts.items()})
    shown = list(rows[: MOST * len(parts)])
    split: dict[str, list[Complaint]] = {"late": [], "soon": [], "later": []}
    for row in shown:
        split["late" if row.due_on < today else "soon" if row.due_on <= soon else "later"].append(row)
    return [Group(key, split[key][:MOST], totals[key]) for key in parts]


@dataclass(frozen=True)
class Counts:
    """Open ones by stage, and what the head line says."""

    received: int
    investigating: int
    review: int
    to_reply: int
    late: int
    soon: int
    major: int
    replied: int
    in_time: int

    @property
    def open(self) -> int:
        return self.received + self.investigating + self.review + self.to_reply


def counts(rows: QuerySet[Complaint]) -> Counts:
    """One query over the rows somebody may see; replied and in time are those of the last 90 days."""
    today = clock.today()
    since = today - timedelta(days=90)
    answered = Q(first_replied_at__date__gte=since)
    found = rows.order_by().aggregate(
        received=Count("pk", filter=Q(status=Status.RECEIVED)),
        investigating=Count("pk", filter=Q(status=Status.INVESTIGATING)),
        review=Count("pk", filter=Q(status=Status.REVIEW)),
        to_reply=Count("pk", filter=Q(status=Status.TO_REPLY)),
        late=Count("pk", filter=Q(status__in=OPEN, due_on__lt=today)),
        soon=Count("pk", filter=due_soon()),
        major=Count("pk", filter=Q(status__in=OPEN, grade="major")),
        replied=Count("pk", filter=answered),
        in_time=Count("pk", filter=answered & in_time()),
    )
    return Counts(**found)


def in_time() -> Q:
    """Complaints whose first reply kept the limit in force."""
    return Q(due_on__gte=TruncDate(F("first_replied_at"), tzinfo=clock.SHANGHAI))
