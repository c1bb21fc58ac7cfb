"""The run: grow the file, measure floors and pages in turn over one kept connection, print ratios, keep the figures."""

import http.client
import json
import statistics
import time
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import quote, urlsplit

from django.conf import settings
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from rest_framework.test import APIClient

from clients.file.models import Client
from crm.kernel.audit.context import SYSTEM
from crm.kernel.people.models import Account
from crm.kernel.people.services import api_key_create
from crm.kernel.web.pagination import COUNT_CAP, PAGE_SIZE
from crm.tests.support.throwaway import BASE, served
from tools.bench.world import grow_to, make_people

WARMUP, ROUNDS = 5, 40
HTMX = {"HX-Request": "true"}
SQL = {
    "SQL: page of 50 by name": "SELECT id, name, credit_code FROM clients_client ORDER BY name, id DESC LIMIT 50",
    "SQL: count to the cap": "SELECT count(*) FROM (SELECT 1 FROM clients_client LIMIT %(cap)s) AS seen",
    "SQL: two characters by index": "SELECT id FROM clients_client WHERE grams @> ARRAY['钧茂'] LIMIT 50",
    "SQL: one row by key": "SELECT * FROM clients_client WHERE id = %(one)s",
}
LIST, JSON_LIST, EMPTY = "floor: HTML list", "floor: JSON list", "floor: empty view"


@dataclass(frozen=True)
class Budget:
    """What performance.md and the pinned query budgets allow: times the floor, growth, queries, kilobytes."""

    floor: str
    times: float | None = None
    growth: float | None = None
    queries: int | None = None
    kilobytes: float | None = None


A_LIST = Budget(LIST, times=4.0, growth=1.3, queries=10)
A_PANEL = Budget(LIST, queries=6)
AN_API_LIST = Budget(JSON_LIST, growth=1.3, queries=6, kilobytes=60)
BUDGETS: dict[str, Budget] = {
    "client list": A_LIST,
    "client list, a department's head": A_LIST,
    "client list, all departments": A_LIST,
    "client list, filtered": A_LIST,
    "client list, all, filtered": A_LIST,
    "client list, all, by grade": A_LIST,
    "client list, a head's, by grade": A_LIST,
    "client list, all, last page": A_LIST,
    "search of two characters": Budget(LIST, times=4.0, growth=1.5, queries=10),
    "search of a part of a code": Budget(LIST, times=4.0, growth=1.5, queries=10),
    "client page": Budget(LIST, growth=1.3, queries=12),
    "client page: grade": A_PANEL,
    "client page: reviews": A_PANEL,
    "client page: projects": A_PANEL,
    "API list": AN_API_LIST,
    "API list, deep page by key": AN_API_LIST,
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
    """One benchmark over one growing file: an account manager with grants, a department's head, an auditor."""

    def __init__(self) -> None:
        self.manager, self.head, self.auditor = make_people()
        self.key = api_key_create(account=self.manager, name="bench", by=SYSTEM)
        self.all_key = api_key_create(account=self.auditor, name="bench", by=SYSTEM)
        self.figures: list[Figure] = []

    def cookie(self, account: Account) -> dict[str, str]:
        browser = Browser()
        browser.force_login(account, backend=settings.AUTHENTICATION_BACKENDS[0])
        return {"Cookie": f"{settings.SESSION_COOKIE_NAME}={browser.cookies[settings.SESSION_COOKIE_NAME].value}"}

    def addresses(self) -> list[Address]:
        mine, heads, all_of_them = (self.cookie(account) for account in (self.manager, self.head, self.auditor))
        one = Client.objects.filter(owner=self.manager.person).earliest("pk").pk
        deep = Client.objects.order_by("pk").values_list("pk", flat=True)[Client.objects.count() * 9 // 10]
        bearer, all_bearer = ({"Authorization": f"Bearer {key}"} for key in (self.key, self.all_key))
        filtered, graded = "/clients/?grade=AA&size=medium", "/clients/?ordering=grade"
        panels = {
            "grade": reverse("risk:rating_panel", args=[one]),
            "reviews": reverse("risk:client_panel", args=[one]),
            "projects": reverse("projects:client_panel", args=[one]),
        }
        return [
            Address(EMPTY, "/floor/empty/", {}),
            Address(LIST, "/floor/list/", mine),
            Address(JSON_LIST, "/floor/json/", mine),
            Address("client list", "/clients/", mine),
            Address("client list, a department's head", "/clients/", heads),
            Address("client list, all departments", "/clients/", all_of_them),
            Address("client list, filtered", filtered, mine),
            Address("client list, all, filtered", filtered, all_of_them),
            Address("client list, all, by grade", graded, all_of_them),
            Address("client list, a head's, by grade", graded, heads),
            Address("client list, all, last page", f"/clients/?page={COUNT_CAP // PAGE_SIZE}", all_of_them),
            Address("search of two characters", f"/clients/?q={quote('钧茂')}", all_of_them),
            Address("search of a part of a code", "/clients/?q=MA000012", all_of_them),
            Address("client page", f"/clients/{one}/", mine),
            *[Address(f"client page: {name}", path, mine | HTMX) for name, path in panels.items()],
            Address("API list", "/api/v1/clients/", bearer),
            Address("API list, deep page by key", f"/api/v1/clients/?after={deep}", all_bearer),
        ]

    def measure(self, size: int) -> None:
        """Grow to `size` clients, then every address over a real server, and the bare SQL."""
        grow_to(size)
        with served(settings="tools.bench.settings") as address:
            wire = http.client.HTTPConnection(urlsplit(address).netloc)
            asked = self.addresses()
            for one_asked, (figures, length) in zip(asked, _timed(wire, asked), strict=True):
                self.figures.append(_figure(size, one_asked.name, figures, self.queries(one_asked), length / 1024))
            wire.close()
        one = Client.objects.earliest("pk").pk
        for name, statement in SQL.items():
            self.figures.append(_figure(size, name, _timed_sql(statement, {"one": one, "cap": COUNT_CAP + 1}), 1, None))

    def queries(self, asked: Address) -> int:
        """Queries of one answer, counted in this process; the answer before it writes "seen" into the session."""
        client = (APIClient if asked.path.startswith("/api/") else Browser)(SERVER_NAME="127.0.0.1")
        client.get(asked.path, headers=asked.headers)
        with CaptureQueriesContext(connection) as seen:
            client.get(asked.path, headers=asked.headers)
        return len(seen)


def _timed(wire: http.client.HTTPConnection, asked: list[Address]) -> list[tuple[list[float], int]]:
    """Milliseconds and length of each address. They are asked in turn, so that what else the machine does meets a
    page and its floor alike.
    """
    figures: list[list[float]] = [[] for _address in asked]
    lengths = [0] * len(asked)
    for number in range(WARMUP + ROUNDS):
        for place, address in enumerate(asked):
            started = time.perf_counter()
            wire.request("GET", address.path, headers={"Accept-Language": "zh-hans", **address.headers})
            answer = wire.getresponse()
            body = answer.read()
            if answer.status != 200:
                raise RuntimeError(f"{address.name}: {address.path} answered {answer.status}: {body[:300]!r}")
            if number >= WARMUP:
                figures[place].append((time.perf_counter() - started) * 1000)
            lengths[place] = len(body)
    return list(zip(figures, lengths, strict=True))


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


def judged(figure: Figure, found: dict[tuple[int, str], Figure]) -> dict[str, Any]:
    """A figure with its ratio to the floor, its growth from the smallest size and what it exceeds.

    Growth is that of the ratio to the floor: at another size the machine may be busier.
    """
    budget = BUDGETS.get(figure.name)
    row: dict[str, Any] = {**asdict(figure), "times_floor": None, "growth": None, "over": []}
    if budget is None:
        return row
    smallest = min(clients for clients, _name in found)
    floor, start = found[figure.clients, budget.floor], found[smallest, figure.name]
    row["times_floor"] = round(figure.median_ms / floor.median_ms, 2)
    drift = floor.median_ms / found[smallest, budget.floor].median_ms
    row["growth"] = round(figure.median_ms / start.median_ms / drift, 2)
    limits = (
        ("times_floor", row["times_floor"], budget.times),
        ("growth", row["growth"], budget.growth),
        ("queries", figure.queries, budget.queries),
        ("kilobytes", figure.kilobytes, budget.kilobytes),
    )
    row["over"] = [
        f"{name} {value} > {limit}" for name, value, limit in limits if limit and value is not None and value > limit
    ]
    return row


def report(figures: list[Figure]) -> None:
    """The table with ratios and verdicts; the same into var/bench.json."""
    found = {(figure.clients, figure.name): figure for figure in figures}
    rows = [judged(figure, found) for figure in figures]
    heads = ("median ms", "p90 ms", "queries", "kB", "× floor", "growth")
    print(f"{'clients':>8}  {'what':34}" + "".join(f"{head:>10}" for head in heads))
    for row in rows:
        cells = (row["median_ms"], row["p90_ms"], row["queries"], row["kilobytes"], row["times_floor"], row["growth"])
        written = "".join(f"{'' if cell is None else cell:>10}" for cell in cells)
        verdict = ("OVER: " + ", ".join(row["over"]) if row["over"] else "within") if row["name"] in BUDGETS else ""
        print(f"{row['clients']:>8}  {row['name']:34}{written}  {verdict}")
    panels = [figure.queries or 0 for figure in figures if figure.name.startswith("client page")]
    sizes = len({figure.clients for figure in figures})
    print(f"client page with its panels: {sum(panels) // sizes} queries")
    print("growth: of the ratio to the floor, so that a busier machine at one size does not count")
    target = BASE / "var" / "bench.json"
    target.parent.mkdir(exist_ok=True)
    target.write_text(json.dumps(rows, indent=1, ensure_ascii=False))
    print(f"kept in {target.relative_to(BASE)}")


def main(sizes: list[int]) -> None:
    """Measure each size in turn, smallest first."""
    run = Run()
    for size in sorted(sizes):
        run.measure(size)
    report(run.figures)
