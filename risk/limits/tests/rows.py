"""A limit in the access matrix: 唐雨桐 proposed it to 郑伯远, who sees nothing else of the client."""

from decimal import Decimal
from typing import Any

from crm.kernel.workdays import clock
from crm.tests.assurance.world import World
from crm.tests.support.people import cast_member
from risk.limits.models import CreditLimit
from risk.limits.services import limit_propose
from risk.limits.tests.factories import OPINION, tell_capital

NEED = Decimal("30000000.00")


def _facts(world: World) -> dict[str, Any]:
    return {
        "need": NEED,
        "need_kind": "debt_capacity",
        "source": "现金流模型第 3 版",
        "reason": "近三年经营稳定，限额由偿债能力决定。",
        "asked_of": world.people["second_final_approver"],
    }


def add_rows(world: World) -> None:
    """One that waits in `own`."""
    tell_capital()
    made, by = world.situations["own"], world.people["risk_assessor"]
    facts = _facts(world)
    made.marks["limit"] = f"mk{made.name}cl"
    facts["source"] = f"{made.marks['limit']}{facts['source']}"
    made.rows["creditlimit"] = limit_propose(client=made.client, by=by, **facts)


def _propose(world: World, situation: str) -> dict[str, Any]:
    given = _facts(world)
    return {**given, "need": str(NEED), "asked_of": given["asked_of"].pk}


BODIES = {
    "risk:limit_propose": _propose,
    "api:client-credit-limit-list": _propose,
    "risk:limit_detail": lambda world, situation: {"verdict": "approve", "opinion": OPINION},
    "api:credit-limit-approve": lambda world, situation: {"opinion": OPINION},
    "api:credit-limit-decline": lambda world, situation: {"opinion": "需求测算依据不足，请补充。"},
}


def grow(manager: Any, client: Any) -> None:
    """One more that waits."""
    terms = {"amount": "1000000.00", "binding": "need", "terms": [], "statement": None, "as_of": None}
    CreditLimit.objects.create(
        client=client,
        grade="AA",
        amount=Decimal("1000000.00"),
        computed=Decimal("1000000.00"),
        need_kind="debt_capacity",
        need=Decimal("1000000.00"),
        source="现金流模型",
        reason="试算",
        terms=terms,
        level=2,
        valid_until=clock.today(),
        asked_of=cast_member("final_approver"),
        entered_by=cast_member("risk_assessor"),
    )
