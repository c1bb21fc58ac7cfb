"""A world in which KPI can be computed: a post with a scheme, people of it, and quarters behind today."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import Any

from crm.kernel.audit.context import SYSTEM
from crm.kernel.people.models import Person, Post
from crm.kernel.workdays import clock
from crm.tests.support.people import cast_member
from staff.kpi.models import KpiPeriod, KpiResult, KpiScheme
from staff.kpi.rules.periods import Quarter, quarter_named, quarter_of
from staff.kpi.services import period_close, period_ensure, period_refresh, scheme_approve, scheme_propose

Q3, Q4 = quarter_named("2026Q3"), quarter_named("2026Q4")
ROWS: Sequence[dict[str, Any]] = (
    {"measure": "financings_approved", "dimension": "volume", "method": "target", "weight": "40",
     "target": "100000000", "cap": "1.2"},
    {"measure": "reviews_returned", "dimension": "risk", "method": "deduct", "weight": "20", "step": "1"},
    {"measure": "complaints_on_time", "dimension": "satisfaction", "method": "linear", "weight": "15", "full_at": "1",
     "zero_at": "0"},
    {"measure": "warnings_on_time", "dimension": "risk", "method": "linear", "weight": "15", "full_at": "1",
     "zero_at": "0"},
    {"measure": "fields_filled", "dimension": "risk", "method": "linear", "weight": "10", "full_at": "1",
     "zero_at": "0.5"},
)  # fmt: skip


def post() -> Post:
    """The post that is measured."""
    return Post.objects.get_or_create(code="client_service_manager", defaults={"name": "客户服务经理"})[0]


def in_post(*people: Person) -> None:
    """Put people into the measured post."""
    Person.objects.filter(pk__in=[person.pk for person in people]).update(post=post())
    for person in people:
        person.refresh_from_db()


def scheme(*, rows: Sequence[dict[str, Any]] = ROWS, quarter: Quarter = Q3) -> KpiScheme:
    """A scheme in force from `quarter`, proposed and published on its first day."""
    with clock.at(quarter.starts_on):
        draft = draft_scheme(rows=rows, quarter=quarter)
        return scheme_approve(scheme=draft, expected_version=draft.version, by=cast_member("final_approver"))


def draft_scheme(*, rows: Sequence[dict[str, Any]] = ROWS, quarter: Quarter = Q3) -> KpiScheme:
    """The same, waiting for its second person."""
    return scheme_propose(
        post=post(), effective_from=quarter.starts_on, source="考核办法 2026", rows=rows, by=cast_member("finance")
    )


@contextmanager
def day_in(quarter: Quarter, days: int = 40) -> Iterator[datetime]:
    """The clock `days` into a quarter."""
    with clock.at(quarter.starts_on + timedelta(days=days)) as moment:
        yield moment


def previewed(quarter: Quarter = Q3) -> KpiPeriod:
    """The quarter with its preview, as its last day's night leaves it."""
    with clock.at(quarter.ends_on):
        period = period_ensure(quarter=quarter, by=SYSTEM)
        period_refresh(period=period, by=SYSTEM)
    period.refresh_from_db()
    return period


def closed(quarter: Quarter = Q3, *, day: date | None = None) -> KpiPeriod:
    """The quarter closed by the finance officer, on a day when it can be; the next one is there."""
    period = previewed(quarter)
    with clock.at(day or quarter.ends_on + timedelta(days=25)):
        period_ensure(quarter=quarter.next, by=SYSTEM)
        return period_close(period=period, expected_version=period.version, by=cast_member("finance"))


def result_of(period: KpiPeriod, person: Person) -> KpiResult:
    return KpiResult.objects.get(period=period, person=person)


def kpi_row(person: Person) -> KpiResult:
    """A preview of one person, written as it is, for lists that only want to be long."""
    period = period_ensure(quarter=quarter_of(clock.today()), by=SYSTEM)
    KpiPeriod.objects.filter(pk=period.pk).update(computed_at=clock.now())
    return KpiResult.objects.create(
        period=period,
        person=person,
        department=person.department,
        points=80,
        measured=100,
        document="{}",
        document_sha256="0" * 64,
        computed_at=clock.now(),
    )
