"""Rows and bodies of this module for the access matrix and the budgets."""

from decimal import Decimal
from typing import Any

from crm.kernel.people.roles import Role
from crm.kernel.workdays import clock
from crm.tests.assurance.world import World
from crm.tests.support.people import make_person
from projects.funding.models import Contract
from projects.funding.tests.factories import MILLION
from projects.servicing.models import Instalment, RepaymentPlan
from projects.servicing.rules.terms import kinds_for
from projects.servicing.tests.factories import book, days_on, draw, lay, planned

NOTE = "第二笔提款后重排还款计划"


def add_rows(world: World) -> None:
    """The contract of the approved project is paid out in part, has a plan, a repayment, and a version that waits."""
    found = world.situations["approved"]
    contract = found.rows["contract"]
    draw(contract, 10 * MILLION)
    kind = kinds_for(contract.repayment)[-1]
    planned(contract, kind=kind)
    row = book(
        contract, MILLION, is_prepayment=True, by=make_person("钱思远", Role.BACK_OFFICE), reference="HK-approved"
    )
    found.rows["repayment"] = row
    found.rows["repaymentplan"] = lay(contract, kind=kind, note=NOTE)
    found.rows["instalment"] = Instalment.objects.filter(plan__contract=contract, is_current=True)[0]
    found.marks["instalment"] = contract.number


def _kind(world: World, situation: str) -> str:
    row = world.row("contract", situation) if situation in world.situations else None
    return kinds_for(row.repayment)[-1] if row else "equal_principal"


def _lay(world: World, situation: str) -> dict[str, Any]:
    given = {"kind": _kind(world, situation), "first_due_on": str(days_on(90)), "months": 3, "grace": 0}
    return {**given, "note": NOTE}


def _book(world: World, situation: str) -> dict[str, Any]:
    return {"reference": "HK-4711", "amount": "1000.00", "value_date": str(clock.today()), "is_prepayment": "true"}


REASON = {"reason": "款项不属于本合同，请更正"}
BODIES = {
    "projects:plan_lay": _lay,
    "projects:plan_detail": lambda world, situation: {"verdict": "confirm"},
    "projects:repayment_book": lambda world, situation: {**_book(world, situation), "is_prepayment": "on"},
    "projects:repayment_reverse": lambda world, situation: REASON,
    "api:contract-plan-list": _lay,
    "api:contract-repayment-list": lambda world, situation: {**_book(world, situation), "is_prepayment": True},
    "api:plan-confirm": lambda world, situation: {},
    "api:plan-refuse": lambda world, situation: REASON,
    "api:repayment-reverse": lambda world, situation: REASON,
    "admin:projects_repaymentplan_change": lambda world, situation: {"verdict": "confirm"},
    "admin:projects_repayment_change": lambda world, situation: REASON,
}


def grow(manager: Any, client: Any) -> None:
    """A repayment under the client's contract, as far as one is in force and drawn."""
    contract = Contract.objects.filter(project__client=client, state=Contract.State.IN_FORCE).last()
    if contract is None:
        return
    if not RepaymentPlan.objects.filter(contract=contract).exists():
        draw(contract, MILLION)
        planned(contract, kind=kinds_for(contract.repayment)[-1])
    book(contract, Decimal(1), is_prepayment=True)
