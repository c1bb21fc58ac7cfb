"""The run: grow the file, measure floors and pages in turn over kept connections, print ratios, keep the figures.

The floor is plain Django on a server of the same kind beside ours. A page's ratio is that of its median to the floor's,
both asked in turn by one connection; its throughput is that of eight connections at once, ours and the floor's in turn.
"""

import http.client
import json
import statistics
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import urlsplit

from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from clients.file.models import Client
from crm.kernel.web.pagination import COUNT_CAP
from crm.tests.support.throwaway import BASE, served
from risk.reviews.models import ReviewCase
from tools.bench.addresses import JSON_LIST, LIST, Address, Budget, People, floor_cookie, floors
from tools.bench.stories import hang_on, hang_on_people, tell_stories
from tools.bench.world import grow_to

WARMUP, ROUNDS = 3, 25
AT_ONCE, ASKED_AT_ONCE = 8, 5
# So many pages share one asking of their floor at eight connections.
FLOOR_EVERY = 4
SQL = {
    "SQL: page of 50 by name": "SELECT id, name FROM clients_client ORDER BY name_pinyin, id DESC LIMIT 50",
    "SQL: count to the cap": "SELECT count(*) FROM (SELECT 1 FROM clients_client LIMIT %(cap)s) AS seen",
    "SQL: two characters by index": "SELECT id FROM clients_client WHERE grams @> ARRAY['钧茂'] LIMIT 50",
    "SQL: one row by key": "SELECT * FROM clients_client WHERE id = %(one)s",
}


@dataclass(frozen=True)
class Figure:
    """One address at one size: median and 90th percentile in milliseconds, answers a second to eight connections,
    queries, size of the answer.
    """

    clients: int
    name: str
    median_ms: float
    p90_ms: float
    per_second: float | None = None
    queries: int | None = None
    kilobytes: float | None = None


class Run:
    """One benchmark over one growing file."""

    def __init__(self) -> None:
        self.people = People()
        self.floor_cookie = floor_cookie()
        self.figures: list[Figure] = []
        self.budgets: dict[str, Budget] = {}
        self.stories: tuple[Client, ReviewCase] | None = None

    def grow(self, size: int) -> list[Address]:
        """Fill up to `size` clients and what hangs on them; answers what is to be asked."""
        after = getattr(Client.objects.order_by("-pk").first(), "pk", 0)
        grow_to(size)
        hang_on(after=after)
        if self.stories is None:
            hang_on_people()
            self.stories = tell_stories(self.people.manager.person)
        asked = self.people.addresses(*self.stories)
        self.budgets = {address.name: address.budget for address in asked if address.budget}
        return asked

    def measure(self, size: int) -> None:
        """Grow to `size` clients, then every address over real servers, and the bare SQL."""
        asked = self.grow(size)
        plain = served(
            settings="tools.bench.plain.settings", application="tools.bench.plain.wsgi:application", with_assets=False
        )
        with served(settings="tools.bench.settings") as ours, plain as floor:
            all_asked = [(floor, one) for one in floors(self.floor_cookie)] + [(ours, one) for one in asked]
            figures, lengths = _timed(all_asked)
            rates = _rates(all_asked)
        for place, (_server, address) in enumerate(all_asked):
            queries = count_queries(address) if address.budget else None
            self.figures.append(
                _figure(size, address.name, figures[place], rates[place], queries, lengths[place] / 1024)
            )
        one = Client.objects.earliest("pk").pk
        for name, statement in SQL.items():
            self.figures.append(_figure(size, name, _timed_sql(statement, {"one": one, "cap": COUNT_CAP + 1}), None, 1))


def count_queries(asked: Address) -> int:
    """Queries of one answer, counted in this process, without what begins and ends a transaction; the answer before
    it writes "seen" into the session.
    """
    client = (APIClient if asked.path.startswith("/api/") else Browser)(SERVER_NAME="127.0.0.1")
    client.get(asked.path, headers=asked.headers)
    with CaptureQueriesContext(connection) as seen:
        client.get(asked.path, headers=asked.headers)
    return sum(not query["sql"].startswith(("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")) for query in seen)


def _ask(wire: http.client.HTTPConnection, address: Address) -> int:
    """The length of one answer; an answer other than 200 ends the run."""
    wire.request("GET", address.path, headers={"Accept-Language": "zh-hans", **address.headers})
    answer = wire.getresponse()
    body = answer.read()
    if answer.status != 200:
        raise RuntimeError(f"{address.name}: {address.path} answered {answer.status}: {body[:300]!r}")
    return len(body)


def _connect(server: str) -> http.client.HTTPConnection:
    return http.client.HTTPConnection(urlsplit(server).netloc)


def _timed(asked: list[tuple[str, Address]]) -> tuple[list[list[float]], list[int]]:
    """Milliseconds and length of each address. They are asked in turn, so that what else the machine does meets a
    page and its floor alike.
    """
    wires = {server: _connect(server) for server, _address in asked}
    figures: list[list[float]] = [[] for _address in asked]
    lengths = [0] * len(asked)
    for number in range(WARMUP + ROUNDS):
        for place, (server, address) in enumerate(asked):
            started = time.perf_counter()
            lengths[place] = _ask(wires[server], address)
            if number >= WARMUP:
                figures[place].append((time.perf_counter() - started) * 1000)
    return figures, lengths


def _rates(asked: list[tuple[str, Address]]) -> list[float]:
    """Answers a second to eight connections at once. Between the pages their floors are asked again and the mean of
    all counts, so that a busier minute does not decide.
    """
    found: dict[str, list[float]] = {}
    by_name = {address.name: (server, address) for server, address in asked}
    with ThreadPoolExecutor(AT_ONCE) as threads:
        for place, (server, address) in enumerate(asked):
            if address.budget and place % FLOOR_EVERY == 0:
                found.setdefault(address.budget.floor, []).append(_rate(threads, *by_name[address.budget.floor]))
            found.setdefault(address.name, []).append(_rate(threads, server, address))
    return [round(statistics.fmean(found[address.name]), 1) for _server, address in asked]


def _rate(threads: ThreadPoolExecutor, server: str, address: Address) -> float:
    def ask_often(_number: int) -> None:
        wire = _connect(server)
        for _turn in range(ASKED_AT_ONCE):
            _ask(wire, address)
        wire.close()

    started = time.perf_counter()
    list(threads.map(ask_often, range(AT_ONCE)))
    return AT_ONCE * ASKED_AT_ONCE / (time.perf_counter() - started)


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


def _figure(
    size: int,
    name: str,
    figures: list[float],
    rate: float | None,
    queries: int | None = None,
    kilobytes: float | None = None,
) -> Figure:
    return Figure(
        clients=size,
        name=name,
        median_ms=round(statistics.median(figures), 2),
        p90_ms=round(statistics.quantiles(figures, n=10)[-1], 2),
        per_second=rate,
        queries=queries,
        kilobytes=round(kilobytes, 1) if kilobytes is not None else None,
    )


def judged(figure: Figure, found: dict[tuple[int, str], Figure], budget: Budget | None) -> dict[str, Any]:
    """A figure with its ratios to the floor, its growth from the smallest size and what it exceeds.

    Growth is that of the ratio to the floor: at another size the machine may be busier.
    """
    row: dict[str, Any] = {**asdict(figure), "times_floor": None, "times_at_once": None, "growth": None, "over": []}
    if budget is None:
        return row
    smallest = min(clients for clients, _name in found)
    floor, start = found[figure.clients, budget.floor], found[smallest, figure.name]
    row["times_floor"] = round(figure.median_ms / floor.median_ms, 2)
    if figure.per_second and floor.per_second:
        row["times_at_once"] = round(floor.per_second / figure.per_second, 2)
    drift = floor.median_ms / found[smallest, budget.floor].median_ms
    row["growth"] = round(figure.median_ms / start.median_ms / drift, 2)
    limits = (
        ("times_floor", row["times_floor"], budget.times),
        ("times_at_once", row["times_at_once"], budget.times),
        ("growth", row["growth"], budget.growth),
        ("queries", figure.queries, budget.queries),
        ("kilobytes", figure.kilobytes, budget.kilobytes),
    )
    row["over"] = [
        f"{name} {value} > {limit}" for name, value, limit in limits if limit and value is not None and value > limit
    ]
    return row


SHOWN: dict[str, Callable[[dict[str, Any]], Any]] = {
    "median ms": lambda row: row["median_ms"],
    "p90 ms": lambda row: row["p90_ms"],
    "/s at 8": lambda row: row["per_second"],
    "queries": lambda row: row["queries"],
    "kB": lambda row: row["kilobytes"],
    "× floor": lambda row: row["times_floor"],
    "× at 8": lambda row: row["times_at_once"],
    "growth": lambda row: row["growth"],
}


def report(figures: list[Figure], budgets: dict[str, Budget]) -> bool:
    """Print the table with ratios and verdicts; the same into var/bench.json. Whether all is within its budget."""
    found = {(figure.clients, figure.name): figure for figure in figures}
    rows = [judged(figure, found, budgets.get(figure.name)) for figure in figures]
    print(f"{'clients':>8}  {'what':36}" + "".join(f"{head:>10}" for head in SHOWN))
    for row in rows:
        cells = [read(row) for read in SHOWN.values()]
        written = "".join(f"{'' if cell is None else cell:>10}" for cell in cells)
        verdict = ("OVER: " + ", ".join(row["over"]) if row["over"] else "within") if row["name"] in budgets else ""
        print(f"{row['clients']:>8}  {row['name']:36}{written}  {verdict}")
    over = sum(bool(row["over"]) for row in rows)
    print(f"floors: {LIST}, {JSON_LIST}: plain Django, its own middleware, session and user, the same rows")
    print("growth: of the ratio to the floor, so that a busier machine at one size does not count")
    print(f"{over} of {sum(row['name'] in budgets for row in rows)} over budget")
    target = BASE / "var" / "bench.json"
    target.parent.mkdir(exist_ok=True)
    target.write_text(json.dumps(rows, indent=1, ensure_ascii=False))
    print(f"kept in {target.relative_to(BASE)}")
    return not over


def main(sizes: list[int]) -> int:
    """Measure each size in turn, smallest first. 1 where a figure is over its budget."""
    run = Run()
    for size in sorted(sizes):
        run.measure(size)
    return 0 if report(run.figures, run.budgets) else 1
