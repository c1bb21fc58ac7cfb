"""The KPI of 20, 200 and 2,000 people: seconds and queries of two previews, the closing and its check, beside the bare
statements that read the same facts and write as many rows.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

from clients.file.models import Client
from crm.kernel.audit.context import SYSTEM
from crm.kernel.people.models import Department, Person, Post, RoleGrant
from crm.kernel.people.roles import Role, power_of
from crm.kernel.people.services import department_create
from crm.kernel.workdays import clock
from staff.kpi.models import KpiPeriod
from staff.kpi.rules.periods import quarter_of
from staff.kpi.selectors.measures import MEASURES, stamps_on
from staff.kpi.selectors.recompute import verdict_of
from staff.kpi.services import period_close, period_ensure, period_refresh, scheme_approve, scheme_propose
from tools.bench.rows import insert_rows

SIZES, CLIENTS_EACH = (20, 200, 2_000), 50
FLOOR = "floor: bare statements"
CLIENT = {
    "name": "p.name || n",
    "name_normalised": "p.name || n",
    "client_type": "'company'",
    "credit_code": "'91330482MB' || lpad((p.id * 100 + n)::text, 8, '0')",
    "size": "'large'",
    "owner_id": "p.id",
    "department_id": "p.department_id",
    "created_at": "%(at)s",
}
PEOPLE = """
FROM kernel_person p, generate_series(1, %(each)s) AS n WHERE p.post_id = %(post)s
    AND NOT EXISTS (SELECT 1 FROM clients_client c WHERE c.owner_id = p.id)
"""


@dataclass(frozen=True)
class KpiFigure:
    """One act at one size."""

    people: int
    name: str
    seconds: float
    queries: int


def _timed(people: int, name: str, act: Callable[[], Any]) -> KpiFigure:
    with CaptureQueriesContext(connection) as seen:
        started = time.perf_counter()
        act()
        seconds = time.perf_counter() - started
    return KpiFigure(people, name, round(seconds, 2), len(seen))


def _official(name: str, role: str, place: Department, level: int = 0) -> Person:
    person = Person.objects.create(name=name, employee_no=f"K{name}", department=place)
    RoleGrant.objects.create(person=person, role=role, power=power_of(role), authority_level=level)
    return person


def _sound(period: KpiPeriod, people: int) -> None:
    verdict = verdict_of(period)
    if not verdict.is_sound or verdict.people != people:
        raise RuntimeError(f"{period.code}: {verdict}")


def run() -> list[KpiFigure]:
    """A size in each of three quarters; each is previewed twice, closed and checked."""
    first = quarter_of(clock.today()).previous.previous.previous.previous
    place = department_create(code="0001", name="总部", by=SYSTEM)
    with clock.at(first.starts_on):
        post = Post.objects.create(code="bench_kpi", name="客户经理")
        closer, approver = _official("关", Role.FINANCE, place), _official("批", Role.FINAL_APPROVER, place, 2)
        rows = [
            {"measure": "financings_approved", "dimension": "volume", "method": "target", "weight": "40",
             "target": "1000000", "cap": "1.2"},
            {"measure": "reviews_returned", "dimension": "risk", "method": "deduct", "weight": "15", "step": "5"},
            *({"measure": code, "dimension": "risk", "method": "linear", "weight": "15", "full_at": "1", "zero_at": "0"}
              for code in ("complaints_on_time", "warnings_on_time", "fields_filled")),
        ]  # fmt: skip
        scheme = scheme_propose(post=post, effective_from=first.starts_on, source="bench", rows=rows, by=closer)
        scheme_approve(scheme=scheme, expected_version=1, by=approver)
    figures: list[KpiFigure] = []
    quarters = (first, first.next, first.next.next)
    for quarter, people in zip(quarters, SIZES, strict=True):
        with clock.at(quarter.starts_on + timedelta(days=60)) as at:
            have = Person.objects.filter(post=post).count()
            Person.objects.bulk_create(
                Person(name=f"考{number}", employee_no=f"KP{number:05d}", department=place, post=post)
                for number in range(have, people)
            )
            given = {"each": CLIENTS_EACH, "post": post.pk, "at": at}
            insert_rows(Client, values=CLIENT, source=PEOPLE, given=given)
            with connection.cursor() as cursor:
                cursor.execute("ANALYZE")
            period = period_ensure(quarter=quarter, by=SYSTEM)
            refresh = partial(period_refresh, period=period, by=SYSTEM)
            figures += [_timed(people, name, refresh) for name in ("preview, first", "preview, nothing changed")]
        with clock.at(quarter.ends_on + timedelta(days=25)):
            period = KpiPeriod.objects.get(pk=period.pk)
            close = partial(period_close, period=period, expected_version=period.version, by=closer)
            figures.append(_timed(people, "closing", close))
            period = KpiPeriod.objects.get(pk=period.pk)
            figures.append(_timed(people, "check", partial(_sound, period, people)))
            figures.append(_timed(people, FLOOR, partial(_floor, period)))
    return figures


def _floor(period: KpiPeriod) -> None:
    """The least that could answer: the facts grouped and thrown away, the sheets written as they are."""
    stamps = stamps_on(period.ends_on)
    with connection.cursor() as cursor:
        for measure in MEASURES.values():
            rows = measure.facts(period.quarter, stamps)
            if rows is not None:
                text, given = rows.order_by().values("holder", "id", "figure", "whole").query.sql_with_params()
                grouped = "SELECT holder, array_agg(figure ORDER BY id), array_agg(whole ORDER BY id)"
                cursor.execute(f"{grouped} FROM ({text}) AS facts GROUP BY holder", given)
        cursor.execute("CREATE TABLE bench_kpi_floor (LIKE staff_kpiresult INCLUDING INDEXES)")
        cursor.execute("INSERT INTO bench_kpi_floor SELECT * FROM staff_kpiresult WHERE period_id = %s", [period.pk])
        cursor.execute("DROP TABLE bench_kpi_floor")


def report(figures: list[KpiFigure]) -> bool:
    """The table; answers whether no act needs more queries for more people. Seconds have no limit yet."""
    fewest = {figure.name: figure.queries for figure in figures if figure.people == SIZES[0]}
    floors = {figure.people: figure.seconds for figure in figures if figure.name == FLOOR}
    good = True
    print(f"{'people':>8}  {'KPI':28}{'seconds':>10}{'× floor':>10}{'queries':>10}")
    for figure in figures:
        times = figure.seconds / max(floors[figure.people], 0.001)
        grown = figure.queries - fewest[figure.name]
        good = good and not grown
        verdict = f"OVER: {grown} more queries" if grown else "within"
        print(f"{figure.people:>8}  {figure.name:28}{figure.seconds:>10}{times:>10.1f}{figure.queries:>10}  {verdict}")
    return good


def main() -> int:
    """Measure and print; 1 when something is over."""
    return 0 if report(run()) else 1
