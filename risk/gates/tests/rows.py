"""A request for a waiver in the access matrix: asked of nobody who sees the deal otherwise.

The approver who was asked sees the deal of `own` for as long as it waits; so the request hangs on a deal of its own.
"""

from typing import Any

from crm.kernel.workdays import clock
from crm.tests.assurance.world import World
from crm.tests.support.people import cast_member
from projects.deals.services import project_create
from risk.gates.models import GateWaiver
from risk.gates.services import waiver_ask
from risk.reviews.tests.factories import FACTS

ASKED = "备案已受理，预计两周内出具备案证明。"
GIVEN = "同意先行送审，备案证明须于放款前补齐。"


def add_rows(world: World) -> None:
    """郑伯远 is asked to let the approval of `own`'s further deal come later."""
    owner, client = world.people["owner"], world.situations["own"].client
    seats = {"lead": owner, "assistant": world.people["assistant"]}
    facts = {**FACTS, "name": "待豁免项目", "approval_date": None}
    project = project_create(client=client, by=owner, confirm_same_project=True, **seats, **facts)
    made, asked_of = world.situations["own"], world.people["second_final_approver"]
    made.marks["waiver"] = f"mk{made.name}gw"
    reason = made.marks["waiver"] + ASKED
    waiver = waiver_ask(project=project, gate="project_approval", asked_of=asked_of, reason=reason, by=owner)
    made.rows["gatewaiver"] = waiver


def _ask(world: World, situation: str) -> dict[str, Any]:
    asked = {"gate": "project_approval", "asked_of": world.people["final_approver"].pk}
    return {**asked, "asked_reason": ASKED}


def _renamed(asked: dict[str, Any]) -> dict[str, Any]:
    return {"gate": asked["gate"], "asked_of": asked["asked_of"], "reason": asked["asked_reason"]}


def _today() -> str:
    return clock.today().isoformat()


BODIES = {
    "risk:gate_waiver_ask": _ask,
    "risk:gate_waiver": lambda world, situation: {"verdict": "grant", "reason": GIVEN, "expires_on": _today()},
    "api:project-gate-waiver-list": lambda world, situation: _renamed(_ask(world, situation)),
    "api:gate-waiver-grant": lambda world, situation: {"reason": GIVEN, "expires_on": _today()},
    "api:gate-waiver-decline": lambda world, situation: {"reason": "备案未完成，不得先行送审。"},
    "admin:risk_gatewaiver_change": lambda world, situation: {"verdict": "grant", "why": GIVEN, "last_day": _today()},
}


def grow(manager: Any, client: Any) -> None:
    """One more request."""
    GateWaiver.objects.create(
        project=client.projects.first(),
        gate="project_approval",
        level=2,
        asked_of=cast_member("final_approver"),
        asked_by=manager,
        asked_by_name=manager.name,
        asked_reason=ASKED,
    )
