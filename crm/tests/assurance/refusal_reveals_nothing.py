"""Trust row 4: a refusal tells nothing. Marks (from the walk of row 2), absent beside foreign, searches, time."""

import re
import statistics
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from crm.tests.assurance import oracle
from crm.tests.assurance.access_matrix import walked
from crm.tests.assurance.cells import Answer, Cell, RolledBack, answer_of, ask, parameters, routes
from crm.tests.assurance.matrix import Walker
from crm.tests.assurance.world import ABSENT, World, the_world

ROW = 4
TITLE = "a refusal reveals nothing"
LEAST_MARKS = 40
WITHIN = 0.20
ROUNDS, TRIES = 15, 4
WATCHERS = ("owner", "back_office", "system_admin", "machine")
# What differs between any two answers: the request's number, the token of a form, the address that was asked.
VARYING = (
    (re.compile(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}"), "REQUEST"),
    (re.compile(r'"X-CSRFToken": ?"[^"]*"|&quot;X-CSRFToken&quot;: ?&quot;[^&]*&quot;'), "TOKEN"),
    (re.compile(r'name="csrfmiddlewaretoken" value="[^"]*"'), "TOKEN"),
)
# Expires is the second of the answer.
HEADERS_VARYING = frozenset({"X-Request-ID", "Content-Length", "Expires"})


@dataclass(frozen=True)
class Pair:
    """One question twice: about a row that is somebody else's, and about one that is not there."""

    foreign: Cell
    absent: Cell


def pairs() -> Iterator[Pair]:
    """Every route about a row, by people for whom the other team's row does not exist."""
    known = routes()
    for name, spec in oracle.specs().items():
        rows = oracle.situations_of(name)
        if name not in known or "absent" not in rows:
            continue
        for actor in WATCHERS:
            if actor == "machine" and not name.startswith("api:"):
                continue
            for situation in ("other", "other_initial", "other_person"):
                if situation not in rows or oracle.sees(spec.model, actor, situation):
                    continue
                for method in dict.fromkeys(("GET", *spec.methods, "POST")):
                    if spec.admin and method not in ("GET", "POST"):
                        continue
                    yield Pair(Cell(name, method, actor, situation), Cell(name, method, actor, "absent"))


def plain(answer: Answer, url: str, pk: Any) -> tuple[int, str, dict[str, str]]:
    """Status, body and headers without what differs between any two answers: the address asked for, numbers, tokens."""
    text = answer.text.replace(f"“{pk}”", "PK")
    for written in (url, quote(url), quote(url, safe=""), quote(quote(url, safe=""))):
        text = text.replace(written, "ADDRESS")
    for pattern, word in VARYING:
        text = pattern.sub(word, text)
    headers = {
        name: value.replace(url, "ADDRESS") for name, value in answer.headers.items() if name not in HEADERS_VARYING
    }
    return answer.status, text, headers


def asked(walker: Walker, cell: Cell) -> tuple[Answer, str, Any]:
    """The answer, the address and the row's number, everything undone."""
    route = walker.routes[cell.route]
    url = route.url(**parameters(walker.world, route, cell))
    # A message that an earlier act left for the next page is no difference between two rows.
    walker.forget(cell.actor)
    with RolledBack():
        answer = ask(walker.world, route, cell, url=url)
    walker.forget(cell.actor)
    return answer, url, parameters(walker.world, route, cell)["pk"]


def compare(walker: Walker, pair: Pair) -> str:
    """What tells the two apart; empty if nothing does."""
    one, other = (plain(*asked(walker, cell)) for cell in (pair.foreign, pair.absent))
    if one == other:
        return ""
    parts = [
        word for word, mine, theirs in zip(("status", "body", "headers"), one, other, strict=True) if mine != theirs
    ]
    lines = set(one[1].splitlines()) ^ set(other[1].splitlines())
    told = f"{' and '.join(parts)} differ from an absent row ({one[0]} and {other[0]})"
    return f"{pair.foreign}: {told} {sorted(line.strip()[:160] for line in lines)[:4]}"


def time_ratio(walker: Walker, pair: Pair) -> float:
    """Median time of the foreign over that of the absent, measured in turn."""
    times: dict[Cell, list[float]] = {pair.foreign: [], pair.absent: []}
    for number in range(ROUNDS):
        for cell in (pair.foreign, pair.absent) if number % 2 else (pair.absent, pair.foreign):
            started = time.perf_counter()
            asked(walker, cell)
            times[cell].append(time.perf_counter() - started)
    one, other = (statistics.median(times[cell]) for cell in (pair.foreign, pair.absent))
    return one / other


def slow_pairs(walker: Walker, chosen: list[Pair]) -> tuple[list[str], list[float]]:
    """Pairs whose times stay more than a fifth apart in every one of several tries, and all ratios."""
    apart, ratios = [], []
    for pair in chosen:
        tried: list[float] = []
        while len(tried) < TRIES:
            tried.append(time_ratio(walker, pair))
            if abs(tried[-1] - 1) <= WITHIN:
                break
        ratios.append(tried[-1])
        if abs(tried[-1] - 1) > WITHIN:
            apart.append(f"{pair.foreign}: {', '.join(f'{ratio:.2f}' for ratio in tried)} times an absent row")
    return apart, ratios


# Where a text can be searched, and with which parameter.
SEARCHES = {
    "clients:client_list": "q",
    "clients:client_picker": "q",
    "projects:project_list": "q",
    "projects:project_board": "q",
    "projects:client_picker": "q",
    "risk:rating_list": "q",
    "risk:review_list": "q",
    "home:search": "q",
    "api:client-list": "q",
    "api:project-list": "q",
    "api:review-list": "q",
    "api:grade-list": "q",
    "admin:clients_client_changelist": "q",
    "admin:projects_project_changelist": "q",
    "admin:projects_projectdocument_changelist": "q",
    "admin:risk_rating_changelist": "q",
    "admin:risk_identitychange_changelist": "q",
    "admin:risk_reviewcase_changelist": "q",
    "admin:risk_condition_changelist": "q",
    "admin:risk_decision_changelist": "q",
}
SOUGHT = ("name", "credit_code", "project", "number", "document", "condition")


def search_problems(walker: Walker, actor: str = "owner", *, every: int = 1) -> tuple[int, list[str]]:
    """A foreign row's own words, searched everywhere: the answer is that of a search for words that do not exist.

    With `every` only each so many of the searches is made; how many were there, and the problems.
    """
    problems, count = [], 0
    known = routes()
    for name, parameter in SEARCHES.items():
        if name not in known:
            continue
        for situation in ("other", "other_final"):
            for field in SOUGHT:
                text = walker.world.situations[situation].marks.get(field)
                if text is None:
                    continue
                count += 1
                if count % every:
                    continue
                one, other = (found(walker, name, actor, parameter, sought) for sought in (text, unlike(text)))
                if one != other:
                    what = first_difference(one[1], other[1])
                    problems.append(f"{name} by {actor}: {field} of {situation} is told from nothing: {what}")
    return count, problems


def first_difference(one: str, other: str) -> str:
    """The first lines that differ."""
    for mine, theirs in zip(one.splitlines(), other.splitlines(), strict=False):
        if mine != theirs:
            return f"{mine.strip()[:150]} / {theirs.strip()[:150]}"
    return "one is longer"


def unlike(text: str) -> str:
    """A text of the same length and kind that stands nowhere."""
    return text.replace("mk", "zz") if "mk" in text else text[:4] + "7" * (len(text) - 4)


def found(walker: Walker, name: str, actor: str, parameter: str, text: str) -> tuple[int, str]:
    """Status and body of a search, without the words searched for."""
    url = walker.routes[name].url()
    with RolledBack():
        response = walker.world.browsers[actor].get(url, {parameter: text})
        answer = answer_of(response, Cell(name, "GET", actor, ""))
    walker.forget(actor)
    status, body, _headers = plain(answer, f"{url}?{parameter}={quote(text)}", ABSENT)
    for written in (text, quote(text), quote(quote(text))):
        body = body.replace(written, "SOUGHT")
    return status, body


def marks_of(made: World) -> int:
    """Planted texts in the other team's rows."""
    return sum(len(found.marks) for name, found in made.situations.items() if name.startswith("other"))


def run(full: bool) -> dict[str, Any]:
    """Marks, pairs, searches; the time in full only."""
    tally, walker = walked(full), Walker(the_world(), check_rows=False)
    chosen = list(pairs()) if full else list(pairs())[::7]
    apart = [problem for pair in chosen if (problem := compare(walker, pair))]
    searches, search_found = search_problems(walker)
    timed = [pair for pair in chosen if pair.foreign.method == "GET" and pair.foreign.actor == "owner"] if full else []
    slow, ratios = slow_pairs(walker, timed)
    return {
        "target": f"0 of {LEAST_MARKS} marks in any answer; absent and foreign alike, median time within 20 %",
        "marks": marks_of(the_world()),
        "answers_searched": tally.searched,
        "told": tally.told[:40],
        "pairs": len(chosen),
        "pairs_apart": apart[:40],
        "searches": searches,
        "searches_that_tell": search_found[:40],
        "timed_pairs": len(timed),
        "median_time_ratio": round(statistics.median(ratios), 3) if ratios else None,
        "time_ratios": [round(min(ratios), 3), round(max(ratios), 3)] if ratios else [],
        "times_apart": slow,
        "ok": tally.is_alive
        and marks_of(the_world()) >= LEAST_MARKS
        and not (tally.told or apart or search_found or slow),
    }
