"""The run: grow the file, measure floors and pages in turn over one kept connection, print ratios, keep the figures."""

import http.client
import json
import statistics
import time
from dataclasses import asdict, dataclass
from urllib.parse import quote, urlsplit

from django.conf import settings
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from clients.file.models import Client
from crm.bench.world import grow_to, make_people
from crm.kernel.audit.context import SYSTEM
from crm.kernel.people.models import Account
from crm.kernel.people.services import api_key_create
from crm.testing.house import BASE, served

WARMUP, ROUNDS = 5, 40
SQL = {
    "SQL: page of 50 by name": "SELECT id, name, credit_code FROM clients_client ORDER BY name, id DESC LIMIT 50",
    "SQL: count to the cap": "SELECT count(*) FROM (SELECT 1 FROM clients_client LIMIT 5001) AS seen",
    "SQL: two characters by index": "SELECT id FROM clients_client WHERE grams @> ARRAY['钧茂'] LIMIT 50",
    "SQL: one row by key": "SELECT * FROM clients_client WHERE id = %(one)s",
}
# name → (floor it is read against, most times that floor; None: no budget is set)
BUDGETS: dict[str, tuple[str, float | None]] = {
    "client list": ("floor: HTML list", 4.0),
    "client list, all departments": ("floor: HTML list", 4.0),
    "client list, filtered": ("floor: HTML list", 4.0),
    "search of two characters": ("floor: HTML list", 4.0),
    "client page": ("floor: HTML list", None),
    "API list": ("floor: JSON list", None),
}


@dataclass(frozen=True)
class Figure:
    """One address at one size: median and 90th percentile in milliseconds, queries, size of the answer."""

    clients: int
    name: str
    median_ms: float
    p90_ms: float
    queries: int | None = None
    kilobytes: float | None = None


@dataclass(frozen=True)
class Address:
    """What is asked for, and as whom."""

    name: str
    path: str
    headers: dict[str, str]


class Run:
    """One benchmark: two accounts (an account manager with grants, an auditor who sees all) over one growing file."""

    def __init__(self) -> None:
        self.manager, self.auditor = make_people()
        self.key = api_key_create(account=self.manager, name="bench", by=SYSTEM)
        self.figures: list[Figure] = []

    def cookie(self, account: Account) -> dict[str, str]:
        browser = Browser()
        browser.force_login(account, backend=settings.AUTHENTICATION_BACKENDS[0])
        return {"Cookie": f"{settings.SESSION_COOKIE_NAME}={browser.cookies[settings.SESSION_COOKIE_NAME].value}"}

    def addresses(self) -> list[Address]:
        mine, all_of_them = self.cookie(self.manager), self.cookie(self.auditor)
        one = Client.objects.filter(owner=self.manager.person).earliest("pk")
        bearer = {"Authorization": f"Bearer {self.key}"}
        return [
            Address("floor: empty view", "/floor/empty/", {}),
            Address("floor: HTML list", "/floor/list/", mine),
            Address("floor: JSON list", "/floor/json/", mine),
            Address("client list", "/clients/", mine),
            Address("client list, all departments", "/clients/", all_of_them),
            Address("client list, filtered", "/clients/?grade=AA&size=medium", all_of_them),
            Address("search of two characters", f"/clients/?q={quote('钧茂')}", all_of_them),
            Address("client page", f"/clients/{one.pk}/", mine),
            Address("API list", "/api/v1/clients/", bearer),
        ]

    def measure(self, size: int) -> None:
        """Grow to `size` clients, then every address over a real server, and the bare SQL."""
        grow_to(size)
        with served(settings="crm.bench.settings") as address:
            wire = http.client.HTTPConnection(urlsplit(address).netloc)
            for asked in self.addresses():
                figures, length = _timed(wire, asked)
                self.figures.append(_figure(size, asked.name, figures, self.queries(asked), length / 1024))
            wire.close()
        one = Client.objects.earliest("pk").pk
        for name, statement in SQL.items():
            self.figures.append(_figure(size, name, _timed_sql(statement, {"one": one}), 1, None))

    def queries(self, asked: Address) -> int:
        """Queries of one answer, counted in this process."""
        client = (APIClient if asked.path.startswith("/api/") else Browser)(SERVER_NAME="127.0.0.1")
        with CaptureQueriesContext(connection) as seen:
            client.get(asked.path, headers=asked.headers)
        return len(seen)


def _timed(wire: http.client.HTTPConnection, asked: Address) -> tuple[list[float], int]:
    figures, length = [], 0
    for number in range(WARMUP + ROUNDS):
        started = time.perf_counter()
        wire.request("GET", asked.path, headers={"Accept-Language": "zh-hans", **asked.headers})
        answer = wire.getresponse()
        body = answer.read()
        if answer.status != 200:
            raise RuntimeError(f"{asked.name}: {asked.path} answered {answer.status}: {body[:300]!r}")
        if number >= WARMUP:
            figures.append((time.perf_counter() - started) * 1000)
        length = len(body)
    return figures, length


def _timed_sql(statement: str, parameters: dict[str, int]) -> list[float]:
    figures = []
    with connection.cursor() as cursor:
        for number in range(WARMUP + ROUNDS):
            started = time.perf_counter()
            cursor.execute(statement, parameters)
            cursor.fetchall()
            if number >= WARMUP:
                figures.append((time.perf_counter() - started) * 1000)
    return figures


def _figure(size: int, name: str, figures: list[float], queries: int, kilobytes: float | None) -> Figure:
    return Figure(
        clients=size,
        name=name,
        median_ms=round(statistics.median(figures), 2),
        p90_ms=round(statistics.quantiles(figures, n=10)[-1], 2),
        queries=queries,
        kilobytes=round(kilobytes, 1) if kilobytes is not None else None,
    )


def report(figures: list[Figure]) -> None:
    """The table, with each page's ratio to its floor and its growth from the smallest size."""
    found = {(figure.clients, figure.name): figure for figure in figures}
    smallest = min(figure.clients for figure in figures)
    print(
        f"{'clients':>8}  {'what':34} {'median ms':>9} {'p90 ms':>7} {'queries':>7} {'kB':>6}  × floor (budget)  growth"
    )
    for figure in figures:
        floor, budget = BUDGETS.get(figure.name, ("", None))
        ratio = figure.median_ms / found[figure.clients, floor].median_ms if floor else None
        growth = figure.median_ms / found[smallest, figure.name].median_ms
        against = f"{ratio:5.2f} ({'≤ ' + str(budget) if budget else 'no budget'})" if ratio else ""
        kilobytes = "" if figure.kilobytes is None else f"{figure.kilobytes:.1f}"
        print(
            f"{figure.clients:>8}  {figure.name:34} {figure.median_ms:>9.2f} {figure.p90_ms:>7.2f} "
            f"{figure.queries or 0:>7} {kilobytes:>6}  {against:17} {growth:5.2f}"
        )
    target = BASE / "var" / "bench.json"
    target.write_text(json.dumps([asdict(figure) for figure in figures], indent=1, ensure_ascii=False))
    print(f"kept in {target.relative_to(BASE)}")


def main(sizes: list[int]) -> None:
    """Measure each size in turn, smallest first."""
    run = Run()
    for size in sorted(sizes):
        run.measure(size)
    report(run.figures)
