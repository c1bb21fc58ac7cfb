"""Two releases at one moment for the last free amount: one is done, the other is refused, every time."""

import threading
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from django.db import IntegrityError, connection

from crm.kernel.access.errors import Conflict, RuleRefused
from crm.kernel.workdays import clock
from crm.tests.support.people import cast_member
from projects.funding.models import Drawdown
from projects.funding.tests.factories import MILLION, ask, in_force, release
from risk.amendments.tests.factories import approved_project

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 5
FEN = Decimal("0.01")


def at_once(*acts: Any) -> list[str]:
    """Run each in a thread of its own at one moment; what became of it."""
    gate = threading.Barrier(len(acts))

    def run(act: Any) -> str:
        try:
            gate.wait(timeout=20)
            act()
        except (Conflict, RuleRefused, IntegrityError) as refusal:
            return type(refusal).__name__
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(len(acts)) as pool:
        return sorted(pool.map(run, acts))


def raw(drawdown: Drawdown, by: Any) -> None:
    """As one statement past the service."""
    Drawdown.objects.filter(pk=drawdown.pk).update(state="released", decided_by=by, decided_at=clock.now())


@pytest.mark.parametrize("kind", ["two people", "one past the service", "both past the service"])
def test_of_two_at_one_moment_for_the_last_free_amount_one_is_released(kind: str) -> None:
    contract = in_force(approved_project())
    assessor, second = (cast_member(part) for part in ("risk_assessor", "second_assessor"))
    free = contract.amount
    for _round in range(ROUNDS):
        half = (free / 2).quantize(FEN) + FEN
        one, two = ask(contract, half), ask(contract, half)
        first = partial(raw if kind.startswith("both") else release, one, assessor)
        other = partial(release if kind.startswith("two") else raw, two, second)
        found = at_once(first, other)
        assert found.count("done") == 1, found
        released = Drawdown.objects.filter(contract=contract, state="released")
        left = contract.amount - sum(row.amount for row in released)
        assert left == free - half >= 0
        free = left


def test_one_draw_down_is_released_once() -> None:
    contract = in_force(approved_project())
    people = [cast_member(part) for part in ("risk_assessor", "second_assessor")]
    for _round in range(ROUNDS):
        drawdown = ask(contract, MILLION)
        assert at_once(*(partial(release, drawdown, by) for by in people)) == ["Conflict", "done"]
