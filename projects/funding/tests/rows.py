"""Rows and bodies of this module for the access matrix and the budgets."""

from decimal import Decimal
from typing import Any

from crm.kernel.workdays import clock
from crm.tests.assurance.world import World
from projects.deals.models import Project
from projects.deals.tests.factories import text_file
from projects.funding import services
from projects.funding.models import Contract
from projects.funding.tests.factories import MILLION, ask, enter, in_force, payee, terms_of
from risk.reviews.tests.factories import approve_all, make_project, submit


def add_rows(world: World) -> None:
    """An approved project of another client with the same ties, its contract in force with all its capital; a payment
    and a draw-down wait. The first one's approval stays without a contract, so that it can be prolonged.
    """
    found = world.situations["approved"]
    case = approve_all(submit(make_project()))
    project = Project.objects.get(pk=case.project_id)
    contract = in_force(project, number="2026-固贷-approved")
    found.rows["contract"] = contract
    found.rows["capitalpayment"] = services.capital_enter(
        contract=contract,
        amount=Decimal(1),
        paid_on=clock.today(),
        paper=text_file("进账单.txt", "尾款"),
        by=found.client.owner,
    )
    found.rows["drawdown"] = ask(contract, MILLION)
    found.marks["contract"] = contract.number


def _enter(world: World, situation: str) -> dict[str, Any]:
    row = world.row("project", situation) if situation in world.situations else None
    project = row or Project(amount=MILLION, term_months=60)
    given = {name: str(value) for name, value in terms_of(project, repayment="schedule").items()}
    return {**given, "number": "2026-固贷-4711", "paper": text_file("借款合同.txt", "固定资产借款合同")}


def _capital(world: World, situation: str) -> dict[str, Any]:
    return {"amount": "1000.00", "paid_on": str(clock.today()), "paper": text_file("进账单.txt", "进账单 1000")}


def _draw(world: World, situation: str) -> dict[str, Any]:
    one = {f"{name}_1": str(value) for name, value in payee(MILLION, invoice_no="FP-4711").items()}
    return {"purpose": "组件采购", **one, "is_entrusted_1": "on"}


def _draw_api(world: World, situation: str) -> dict[str, Any]:
    return {"purpose": "组件采购", "payees": [{**payee(MILLION, invoice_no="FP-4711"), "amount": "1000000.00"}]}


def _pay(world: World, situation: str) -> dict[str, Any]:
    return {"paid_on": str(clock.today()), "voucher": text_file("回单.txt", "付款回单")}


REASON = {"reason": "资料与批复不一致，请核对"}
BODIES = {
    "projects:contract_enter": _enter,
    "projects:contract_detail": lambda world, situation: {"verdict": "confirm"},
    "projects:capital_enter": _capital,
    "projects:capital_confirm": lambda world, situation: {},
    "projects:drawdown_request": _draw,
    "projects:drawdown_detail": lambda world, situation: {"verdict": "confirm"},
    "projects:drawdown_pay": _pay,
    "api:project-contract-list": _enter,
    "api:contract-confirm": lambda world, situation: {},
    "api:contract-refuse": lambda world, situation: REASON,
    "api:contract-capital-list": _capital,
    "api:contract-drawdown-list": _draw_api,
    "api:capital-confirm": lambda world, situation: {},
    "api:drawdown-release": lambda world, situation: {},
    "api:drawdown-refuse": lambda world, situation: REASON,
    "api:drawdown-pay": _pay,
    "admin:projects_contract_change": lambda world, situation: {"verdict": "confirm"},
    "admin:projects_drawdown_change": lambda world, situation: {"verdict": "confirm"},
}


def grow(manager: Any, client: Any) -> None:
    """A contract of the client's latest project, as far as it is approved, and more under it."""
    project = Project.objects.filter(client=client, status=Project.Status.APPROVED).last()
    if project is None:
        return
    contract = Contract.objects.filter(project=project).first() or enter(project)
    if contract.state == Contract.State.IN_FORCE:
        ask(contract, Decimal(1))
