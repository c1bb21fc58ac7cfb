"""Rows 2, 3 and the marks of row 4 in one walk: each cell is asked once, judged by the oracle, and undone."""

import logging
import re
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from crm.tests.assurance import oracle
from crm.tests.assurance.cells import Answer, Cell, RolledBack, address, ask, routes
from crm.tests.assurance.digest import Digest, last_event, touched, written_events
from crm.tests.assurance.world import World

REFUSALS = frozenset({"hidden", "forbidden", "login", "method", "conflict", "refused"})
# The one look-up that is counted although it ends in a refusal: who has this client already (trust row 4's exception).
COUNTED = "clients_disclosure"
DAY = "home:my_day"
COUNTED_EVENT = "client.duplicate_looked_up"


@dataclass
class Tally:
    """What a walk found. `wrong` are cells whose outcome the oracle did not expect, as (cell, got, expected)."""

    cells: int = 0
    wrong: list[tuple[Cell, str, str]] = field(default_factory=list)
    leaks: int = 0
    false_refusals: int = 0
    errors: int = 0
    refused_writes: int = 0
    changed_rows: list[str] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    searched: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    succeeded: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    seconds: float = 0.0

    @property
    def ok(self) -> bool:
        return not (self.wrong or self.changed_rows or self.told)

    @property
    def is_alive(self) -> bool:
        """Whether the doors answered at all: a house that refuses everybody alike tells nothing and changes nothing."""
        return {"ok", "hidden", "forbidden", "login"} <= set(self.outcomes)

    def lines(self, most: int = 40) -> list[str]:
        """The findings, the first `most` of each kind."""
        wrong = [f"{cell}: {got}, expected {wanted}" for cell, got, wanted in self.wrong[:most]]
        return [*wrong, *self.changed_rows[:most], *self.told[:most]]


class Walker:
    """Asks cells in a world. Every request runs in a savepoint that is rolled back, its cookies are forgotten."""

    def __init__(self, world: World, *, check_rows: bool = True) -> None:
        self.world, self.check_rows = world, check_rows
        # Thousands of expected refusals would bury what matters.
        logging.getLogger("django.request").setLevel(logging.ERROR)
        self.routes = routes()
        self.digest = Digest()
        self.before = self.digest.take()
        self.cookies = {actor: dict(browser.cookies) for actor, browser in world.browsers.items()}
        self.look()

    def look(self) -> None:
        """See whom each situation, as they are now, is hidden from."""
        self.hidden = {actor: self._marks_hidden_from(actor) for actor in oracle.actors()}

    def _marks_hidden_from(self, actor: str) -> "re.Pattern[str] | None":
        """The marks of every client that does not exist for this actor. A complaint shows the code as it was given, and
        names its client to who works on it, which whoever sees it may come to do."""
        marks = []
        for made in self.world.situations.values():
            # One that went on stands there by a second name as well.
            names = [name for name, found in self.world.situations.items() if found is made]
            known = any(oracle.sees(model, actor, name) for model in ("client", "project", "review") for name in names)
            answers = made.rows.get("complaint") is not None
            answers = answers and any(oracle.sees("complaint", actor, name) for name in names)
            for key, mark in made.marks.items():
                shown = answers if key == "complaint" else known or (answers and key in ("name", "credit_code"))
                if key == "waiver":
                    shown = any(oracle.sees("gatewaiver", actor, name) for name in names)
                if not shown:
                    marks.append(mark)
        return re.compile("|".join(map(re.escape, marks))) if marks else None

    def one(self, cell: Cell, tally: Tally) -> Answer:
        """Ask one cell and write what is wrong with the answer into the tally."""
        event = last_event() if self.check_rows else 0
        with RolledBack():
            rows = touched() if self.check_rows else {}
            answer = ask(self.world, self.routes[cell.route], cell)
            if self.check_rows and cell.method != "GET" and answer.outcome in REFUSALS:
                self._judge_rows(cell, event, rows, tally)
        self.forget(cell.actor)
        self._judge(cell, answer, tally)
        self._judge_text(cell, answer, tally)
        return answer

    def forget(self, actor: str) -> None:
        """The actor's browser as it was: what a cell that was undone set is not sent again."""
        cookies = self.world.browsers[actor].cookies
        cookies.clear()
        cookies.update(self.cookies[actor])

    def _judge(self, cell: Cell, answer: Answer, tally: Tally) -> None:
        wanted = oracle.expected(cell.route, cell.method, cell.actor, cell.situation)
        tally.cells += 1
        tally.outcomes[answer.outcome] += 1
        if answer.outcome == "ok":
            tally.succeeded[f"{cell.method} {cell.route}"] += 1
        if answer.outcome in wanted:
            return
        tally.wrong.append((cell, f"{answer.outcome} {answer.status}", "/".join(sorted(wanted))))
        if answer.outcome == "error":
            tally.errors += 1
        elif answer.outcome in oracle.ALLOWED or "hidden" in wanted:
            tally.leaks += 1
        else:
            tally.false_refusals += 1

    def _judge_rows(self, cell: Cell, event: int, rows: dict[str, int], tally: Tally) -> None:
        tally.refused_writes += 1
        tables = [name for name in self.digest.changed_since(self.before, rows) if name != COUNTED]
        events = [name for name in written_events(event) if name != COUNTED_EVENT]
        if tables or events:
            tally.changed_rows.append(f"{cell}: refused, and wrote {', '.join(tables + events)}")

    def _judge_text(self, cell: Cell, answer: Answer, tally: Tally) -> None:
        pattern = self.hidden[cell.actor]
        # The trail names its subjects to whoever reads it, on its own pages and as the first lines of their day.
        shows_trail = oracle.specs()[cell.route].model == "event" or cell.route == DAY
        reads_trail = shows_trail and oracle.allows("event", "view", cell.actor, "any")
        if pattern is None or reads_trail:
            return
        tally.searched += 1
        found = pattern.search(answer.text) or pattern.search(str(answer.headers))
        if found:
            tally.told.append(f"{cell}: the answer contains {found[0]}")

    def walk(self, cells: Iterable[Cell], *, stop_at_first: bool = False) -> Tally:
        """All cells; with `stop_at_first` until one is red."""
        tally, started = Tally(), time.monotonic()
        for cell in cells:
            self.one(cell, tally)
            if stop_at_first and not tally.ok:
                break
        tally.seconds = time.monotonic() - started
        return tally


@dataclass(frozen=True)
class ListCell:
    """One list for one actor: the rows it must show, and no other."""

    route: str
    actor: str

    def __str__(self) -> str:
        return f"rows of {self.route} · {self.actor}"


# Which mark of a situation stands in the lists of a model.
SHOWN_BY = {
    "client": "name",
    "contact": "contact",
    "project": "project",
    "rating": "name",
    "review": "project",
    "warning": "name",
    "complaint": "complaint",
    "identitychange": "name",
    "facility": "facility",
    "cashflowmodel": "cashflow",
    "contract": "contract",
    "instalment": "instalment",
    "interaction": "interaction",
    "series": "series",
    "gatewaiver": "waiver",
    "creditlimit": "limit",
    "importrun": "import",
    "exportrun": "export",
    "request": "request",
    "statement": "statement",
}


def list_cells(actors: Iterable[str] | None = None) -> Iterator[ListCell]:
    """Every list that shows a model's rows, for every actor who may open it."""
    known = routes()
    for name, spec in oracle.specs().items():
        if spec.shows and name in known:
            for actor in actors or oracle.actors():
                if actor not in oracle.NOT_IN and (actor != "machine" or name.startswith("api:")):
                    yield ListCell(name, actor)


def judge_list(walker: Walker, cell: ListCell) -> list[str]:
    """What is wrong with a list: a row too many (leak), a row too few (false refusal)."""
    world, spec = walker.world, oracle.specs()[cell.route]
    as_cell = Cell(cell.route, "GET", cell.actor, "")
    with RolledBack():
        url = address(world, walker.routes[cell.route], as_cell)
        answer = ask(world, walker.routes[cell.route], as_cell, url=url)
    problems = []
    for name, made in world.situations.items():
        mark = made.marks.get(SHOWN_BY[spec.shows])
        if mark is None or made.rows.get(spec.shows) is None:
            continue
        is_there, ought = mark in answer.text, oracle.sees(spec.shows, cell.actor, name)
        if is_there != ought:
            problems.append(f"{cell}: {'shows' if is_there else 'lacks'} the row of {name}")
    return problems
