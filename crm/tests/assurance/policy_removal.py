"""Taking each policy away in turn: left wide open, or shut for all. The matrix must turn red either way."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from crm.kernel.access.policies import Policy
from crm.tests.assurance import oracle
from crm.tests.assurance.cells import Cell, cells, routes
from crm.tests.assurance.matrix import Tally, Walker, judge_list, list_cells
from crm.tests.assurance.rules import AllowAll, DenyAll, model_of, replaced, walk_rules

MOST_DOOR_CELLS = 60


@dataclass(frozen=True)
class Removal:
    """One policy taken away: `by` says how, `by_rule` and `by_door` whether the matrix turned red."""

    model: str
    by: str
    by_rule: bool
    by_door: bool

    @property
    def seen(self) -> bool:
        return self.by_rule or self.by_door


def remove_each(walker: Walker, *, models: Iterable[str] | None = None, doors: bool = True) -> list[Removal]:
    """Every policy (or those of `models`), each replaced twice. With `doors` the routes are asked as well."""
    return [
        remove(walker, word, policy, doors=doors)
        for word in (models or oracle.models())
        for policy in (AllowAll(), DenyAll())
    ]


def remove(walker: Walker, word: str, policy: Policy, *, doors: bool) -> Removal:
    """The model's policy replaced by `policy` while its rules, and its doors, are asked."""
    with replaced(model_of(word), policy):
        _asked, wrong = walk_rules(walker.world, [word])
        by_door = doors and _is_red(walker, word)
    return Removal(word, "open" if isinstance(policy, AllowAll) else "shut", bool(wrong), by_door)


def _is_red(walker: Walker, word: str) -> bool:
    """Whether a route about the model answers otherwise than the oracle expects."""
    tally = Tally()
    for cell in _telling_cells(word):
        walker.one(cell, tally)
        if not tally.ok:
            return True
    for listed in list_cells(("owner", "stranger", "system_admin")):
        if oracle.specs()[listed.route].shows == word and judge_list(walker, listed):
            return True
    return False


def _telling_cells(word: str) -> Iterator[Cell]:
    """A few reads and writes of the model's routes that somebody may and somebody may not."""
    known, count = routes(), 0
    for name, spec in oracle.specs().items():
        if spec.model != word or name not in known or spec.admin in ("add", "delete", "redirect"):
            continue
        for cell in _extremes(name):
            yield cell
            count += 1
            if count >= MOST_DOOR_CELLS:
                return


def _extremes(name: str) -> Iterator[Cell]:
    """For each method of a route one cell that is allowed and one that is not."""
    spec = oracle.specs()[name]
    methods = spec.methods or ({"GET": "view"} if spec.admin else {})
    for method in methods:
        seen: set[bool] = set()
        for cell in cells(names=[name], actors=("owner", "stranger", "risk_assessor", "system_admin", "auditor")):
            if cell.method != method or cell.situation == "absent":
                continue
            wanted = oracle.expected(name, method, cell.actor, cell.situation)
            if bool(wanted & oracle.ALLOWED - {"conflict"}) not in seen:
                seen.add(bool(wanted & oracle.ALLOWED - {"conflict"}))
                yield cell
