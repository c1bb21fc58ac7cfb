"""Trust rows 2 and 3, and the marks of row 4: the whole matrix in one walk; then each policy taken away in turn."""

import multiprocessing
from functools import lru_cache
from typing import Any

from django.db import connections

from crm.tests.assurance import oracle
from crm.tests.assurance.cells import Cell, routes
from crm.tests.assurance.matrix import Tally, Walker, judge_list, list_cells
from crm.tests.assurance.policy_removal import Removal, remove_each
from crm.tests.assurance.prepared_acts import walk_later
from crm.tests.assurance.rules import walk_rules
from crm.tests.assurance.sample import full_cells, short_cells
from crm.tests.assurance.world import the_world

ROW = 2
TITLE = "every route × role × ownership × method as the oracle says"
LEAST_CELLS = 5_000
PROCESSES = 2


def _share(number: int, cells: list[Cell], answers: Any) -> None:
    """One process's part of the cells."""
    connections.close_all()
    tally = Walker(the_world()).walk(cells)
    answers.put((number, tally))


def together(parts: list[Tally]) -> Tally:
    """The tallies of all processes as one."""
    total = Tally()
    for part in parts:
        for name in ("cells", "leaks", "false_refusals", "errors", "refused_writes", "searched"):
            setattr(total, name, getattr(total, name) + getattr(part, name))
        total.wrong += part.wrong
        total.changed_rows += part.changed_rows
        total.told += part.told
        total.outcomes += part.outcomes
        total.seconds = max(total.seconds, part.seconds)
        for name, count in part.succeeded.items():
            total.succeeded[name] += count
    return total


@lru_cache(maxsize=2)
def walked(full: bool) -> Tally:
    """The walk, once for the three rows that read it."""
    cells = full_cells() if full else short_cells()
    the_world()
    if not full:
        return Walker(the_world()).walk(cells)
    context = multiprocessing.get_context("fork")
    answers: Any = context.Queue()
    connections.close_all()
    children = [
        context.Process(target=_share, args=(number, cells[number::PROCESSES], answers)) for number in range(PROCESSES)
    ]
    for child in children:
        child.start()
    parts = [answers.get(timeout=3 * 3600)[1] for _child in children]
    for child in children:
        child.join()
    return together(parts)


def never_succeeded(tally: Tally) -> list[str]:
    """Writes that the oracle allows to somebody and that nobody could do: the matrix would not notice a shut door."""
    known = routes()
    wanted = [
        f"{method} {name}"
        for name, spec in oracle.specs().items()
        for method in spec.methods
        if method != "GET" and name in known
    ]
    return [name for name in wanted if not tally.succeeded.get(name)]


def by_name(removals: list[Removal], word: str) -> list[str]:
    """The models whose policy could be removed unseen by the rules, or by the doors."""
    return [f"{removal.model} {removal.by}" for removal in removals if not getattr(removal, word)]


def run(full: bool) -> dict[str, Any]:
    """All cells (short: a sample), the exact rows of lists, the policies themselves, and what removing each shows."""
    tally = walked(full)
    walker = Walker(the_world())
    if full:
        walk_later(walker, tally)
    lists = list(list_cells(None if full else ("owner", "stranger", "initial_reviewer", "auditor", "system_admin")))
    list_problems = [problem for cell in lists for problem in judge_list(walker, cell)]
    asked, rule_problems = walk_rules(the_world())
    removals = remove_each(walker, doors=full)
    unseen = by_name(removals, "seen")
    shut = never_succeeded(tally) if full else []
    least = LEAST_CELLS if full else 300
    return {
        "target": f"at least {LEAST_CELLS} cells, 0 leaks, 0 false refusals; no policy can be removed unseen",
        "cells": tally.cells,
        "leaks": tally.leaks,
        "false_refusals": tally.false_refusals,
        "errors": tally.errors,
        "outcomes": dict(tally.outcomes),
        "lists": len(lists),
        "list_problems": list_problems[:40],
        "rule_cells": asked,
        "rule_problems": rule_problems[:40],
        "writes_that_succeeded": sum(tally.succeeded.values()),
        "writes_nobody_could_do": shut,
        "policies_removed": len(removals),
        "removals_unseen": unseen,
        "removals_unseen_by_a_door": by_name(removals, "by_door") if full else "not tried",
        "findings": [f"{cell}: {got}, expected {wanted}" for cell, got, wanted in tally.wrong[:60]],
        "ok": tally.cells >= least and not (tally.wrong or list_problems or rule_problems or unseen or shut),
    }
