"""The policies asked without a door: each model, action, person and row of the oracle. And what happens without one."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db.models import Model, Q

from crm.kernel.access.checks import may
from crm.kernel.access.policies import ALLOWED, EVERYTHING, Decision, Policy, Viewer, _registry, policy_of
from crm.tests.assurance import oracle
from crm.tests.assurance.world import World

# `model` and `rows` are no actions; `list` is a matter of the page; `file` is `create` with a client in the body, which
# the client's policy judges.
NOT_ASKED = frozenset({"model", "rows", "list", "file"})
# Asked of the model, before there is a row.
WITHOUT_ROW = frozenset({"create"})


def model_of(word: str) -> type[Model]:
    """The model behind the oracle's word."""
    return apps.get_model(oracle.models()[word])


@dataclass(frozen=True)
class RuleCell:
    """One question to a policy: does the row exist for the person, may the person do this to it."""

    model: str
    action: str
    actor: str
    situation: str

    def __str__(self) -> str:
        return f"{self.model}.{self.action} · {self.actor} · {self.situation or '-'}"


def rule_cells(models: Iterable[str] | None = None) -> Iterator[RuleCell]:
    """Model × action × person × row, for everybody who is a person of their own."""
    for model in models or oracle.book()["models"]:
        rules: dict[str, Any] = oracle.book()["models"][model]
        for action in [name for name in rules if name not in NOT_ASKED]:
            for situation in [""] if action in WITHOUT_ROW else rules["rows"]:
                for actor in oracle.actors():
                    if actor not in oracle.NOT_IN and actor not in oracle.STANDS_FOR and situation != "absent":
                        yield RuleCell(model, action, actor, situation)


Seen = dict[tuple[str, str, str], bool]


def judge_rule(world: World, cell: RuleCell, seen: Seen) -> str:
    """What is wrong with the policy's answer; empty if nothing is. `seen`: for whom a row was found to exist."""
    person, model = world.people[cell.actor], model_of(cell.model)
    ought = oracle.allows(cell.model, cell.action, cell.actor, cell.situation)
    if not cell.situation:
        found = bool(may(person, cell.action, model))
        return "" if found == ought else f"{cell}: {_word(found)}, expected {_word(ought)}"
    row = world.row(cell.model, cell.situation)
    if row is None:
        return f"{cell}: the world has no such row"
    key = (cell.model, cell.situation, cell.actor)
    if key not in seen:
        # Asked by the policy's own filter: the audit trail lies below `visible_to`.
        seen[key] = model._default_manager.filter(policy_of(model).filter(person, "view"), pk=row.pk).exists()
    found = seen[key]
    if cell.action != "view":
        found = found and bool(may(person, cell.action, row))
    return "" if found == ought else f"{cell}: {_word(found)}, expected {_word(ought)}"


def _word(allowed: bool) -> str:
    return "allowed" if allowed else "refused"


def walk_rules(world: World, models: Iterable[str] | None = None) -> tuple[int, list[str]]:
    """How many questions were asked, and the wrong answers."""
    asked, wrong, seen = 0, [], Seen()
    for cell in rule_cells(models):
        asked += 1
        problem = judge_rule(world, cell, seen)
        if problem:
            wrong.append(problem)
    return asked, wrong


class AllowAll(Policy):
    """A policy that was taken away and left the door open."""

    def filter(self, person: Viewer, action: str) -> Q:
        return EVERYTHING

    def can(self, person: Viewer, action: str, obj: Any) -> Decision:
        return ALLOWED


class DenyAll(Policy):
    """A policy that lost its rule: the base's own answer."""


@contextmanager
def replaced(model: type[Model], policy: Policy) -> Iterator[None]:
    """`model` under another policy, for a while."""
    kept = _registry[model]
    _registry[model] = policy
    try:
        yield
    finally:
        _registry[model] = kept
