"""The cells of the matrix, generated from the routes: route, actor, ownership, method; and how one is tried."""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction

from crm.tests.assurance import oracle
from crm.tests.assurance.bodies import MULTIPART, QUERIES, WHOLE_LIST, body_of, version
from crm.tests.assurance.routes import Route, walk
from crm.tests.assurance.world import ABSENT, World

METHODS = oracle.METHODS
# Their acts say in If-Match which version they start from.
BY_VERSION = "api:complaint-"
# The masked field that a reveal asks for.
FIELDS = {"contact": "mobile", "complaint": "complainant_phone"}


@dataclass(frozen=True)
class Cell:
    """One question: may this actor do this, by this door, to a row of this ownership? `situation` "" : no row."""

    route: str
    method: str
    actor: str
    situation: str

    def __str__(self) -> str:
        return f"{self.method} {self.route} · {self.actor} · {self.situation or '-'}"


@dataclass(frozen=True)
class Answer:
    """What came back. `text` is the body and the headers that may tell something."""

    status: int
    outcome: str
    text: str
    headers: dict[str, str]


def routes() -> dict[str, Route]:
    """The routes by name; the first of a name is the one that `reverse` finds."""
    found: dict[str, Route] = {}
    for route in walk():
        found.setdefault(route.name, route)
    return found


def cells(
    *, names: Iterable[str] | None = None, actors: Iterable[str] | None = None, situations: Iterable[str] | None = None
) -> Iterator[Cell]:
    """All cells of the listed routes, or those of some routes, actors and situations."""
    known = routes()
    chosen = list(oracle.actors()) if actors is None else list(actors)
    kept = None if situations is None else {*situations, "absent", "any", ""}
    for name in names or oracle.specs():
        if name not in known:
            continue
        for situation in oracle.situations_of(name):
            if kept is not None and situation not in kept:
                continue
            for actor in chosen:
                for method in METHODS:
                    yield Cell(name, method, actor, situation)


def parameters(world: World, route: Route, cell: Cell) -> dict[str, Any]:
    """The route's parameters for the cell's row."""
    spec = oracle.specs()[cell.route]
    if not spec.has_row:
        return {"app_label": "clients", "entity": "contact", "list_path": "clients/"}
    row = world.row(spec.model, cell.situation) if cell.situation != "absent" else None
    pk = ABSENT if row is None else row.pk
    if pk == ABSENT and spec.model == "calendarday":
        pk = "2001-01-01"
    made = world.situations.get(cell.situation)
    helper = "other_co_manager" if cell.situation.startswith("other") else "co_manager"
    return {
        "pk": pk,
        "object_id": pk,
        "client_pk": made.client.pk if made else ABSENT,
        "project_pk": pk,
        "contract_pk": pk,
        "person_pk": world.people[helper].pk,
        "label": "clients.client",
        "entity": "contact",
        "field": FIELDS.get(spec.model, "identity_number"),
    }


def address(world: World, route: Route, cell: Cell) -> str:
    """Where the cell is asked, lists with all their rows."""
    url = route.url(**parameters(world, route, cell))
    query = QUERIES.get(cell.route) or (WHOLE_LIST.get(cell.route) if cell.method == "GET" else "")
    return f"{url}?{query}" if query else url


def ask(world: World, route: Route, cell: Cell, *, url: str = "") -> Answer:
    """One request. The caller rolls back what it did."""
    is_api = cell.route.startswith("api:")
    browser = world.browsers[cell.actor]
    extra: dict[str, Any] = {}
    if is_api and cell.actor in world.keys:
        extra["HTTP_AUTHORIZATION"] = f"Bearer {world.keys[cell.actor]}"
    url = url or address(world, route, cell)
    if cell.method == "GET":
        return answer_of(browser.get(url, **extra), cell)
    body = body_of(cell.route, world, cell.situation)
    if is_api and (cell.method == "PATCH" or cell.route.startswith(BY_VERSION)):
        extra["HTTP_IF_MATCH"] = f'"{version(world, oracle.specs()[cell.route].model, cell.situation)}"'
    if is_api and cell.route not in MULTIPART:
        sent = browser.generic(cell.method, url, json.dumps(body), content_type="application/json", **extra)
    elif cell.method == "POST":
        sent = browser.post(url, body, **extra)
    else:
        sent = browser.generic(cell.method, url, "{}", content_type="application/json", **extra)
    return answer_of(sent, cell)


def answer_of(response: Any, cell: Cell) -> Answer:
    """The answer with its outcome as the oracle names outcomes."""
    status = response.status_code
    to = response.headers.get("Location", "")
    if status >= 500:
        outcome = "error"
    elif status == 303 and cell.method == "GET":
        outcome = "method"  # the address of a form leads to the form's page
    elif status == 401 or (status == 302 and to.startswith(("/login/", "/admin/login/"))):
        outcome = "login"
    elif status == 404 or (status == 302 and to == "/admin/" and cell.situation):
        outcome = "hidden"
    elif status in (403, 405, 409):
        outcome = {403: "forbidden", 405: "method", 409: "conflict"}[status]
    elif status == 200 and cell.method == "POST" and cell.route.startswith("admin:"):
        outcome = "refused"  # Django's admin shows a form with mistakes again, with 200
    else:
        outcome = "ok" if status < 400 else "refused"
    body = b"".join(response.streaming_content) if response.streaming else response.content
    return Answer(status, outcome, readable(body), dict(response.headers))


def readable(body: bytes) -> str:
    """The body as text; JSON with its characters, not their escapes."""
    text = body.decode("utf-8", "replace")
    if "\\u" not in text:
        return text
    return re.sub(r"\\u([0-9a-fA-F]{4})", lambda found: chr(int(found[1], 16)), text)


class RolledBack:
    """A savepoint that is always rolled back, inside which a refusal may be recorded "in its own transaction"."""

    def __enter__(self) -> None:
        self.block = transaction.atomic()
        # Django's word for: the transaction around belongs to the test, not to the code under test.
        self.block._from_testcase = True  # type: ignore[attr-defined]
        self.block.__enter__()

    def __exit__(self, *problem: Any) -> None:
        transaction.set_rollback(True)
        self.block.__exit__(None, None, None)
        connection.run_on_commit = []
