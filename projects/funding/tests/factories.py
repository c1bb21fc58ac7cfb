"""Approved projects with contracts and draw-downs for tests, made by the services themselves."""

import itertools
from datetime import timedelta
from decimal import Decimal
from typing import Any

from crm.kernel.people.models import Person
from crm.kernel.workdays import clock
from crm.tests.support.people import cast_member
from projects.deals.models import Project
from projects.deals.rules.months import add_months
from projects.deals.tests.factories import text_file
from projects.funding import services
from projects.funding.models import CapitalPayment, Contract, Drawdown

_numbers = itertools.count(1)
MILLION = Decimal(1_000_000)


def terms_of(project: Project, **terms: Any) -> dict[str, Any]:
    """The terms of a contract as approved, signed today."""
    today = clock.today()
    return {
        "number": f"2026-固贷-{next(_numbers):04d}",
        "amount": project.approved_amount or project.amount,
        "signed_on": today,
        "available_until": today + timedelta(days=200),
        "matures_on": add_months(today, project.approved_term_months or project.term_months),
        "rate": Decimal("3.85"),
        "repayment": project.repayment,
        **terms,
    }


def enter(project: Project, *, by: Person | None = None, **terms: Any) -> Contract:
    """The contract of an approved project, entered by its manager."""
    given = terms_of(project, **terms)
    paper = given.pop("paper", None) or text_file("固定资产借款合同.txt", f"借款合同 {given['number']}")
    return services.contract_enter(project=project, paper=paper, by=by or project.client.owner, **given)


def in_force(project: Project, *, capital: Decimal | None = None, **terms: Any) -> Contract:
    """The same, confirmed by the risk assessor, with all capital (or `capital`) paid in."""
    contract = services.contract_confirm(contract=enter(project, **terms), by=cast_member("risk_assessor"))
    paid = project.capital if capital is None else capital
    if paid:
        pay_in(contract, paid)
    return Contract.objects.get(pk=contract.pk)


def pay_in(contract: Contract, amount: Decimal) -> CapitalPayment:
    """Capital paid in today, entered by one and confirmed by another."""
    paper = text_file("进账单.txt", f"进账单 {amount} {next(_numbers)}")
    owner = contract.project.client.owner
    payment = services.capital_enter(contract=contract, amount=amount, paid_on=clock.today(), paper=paper, by=owner)
    return services.capital_confirm(payment=payment, by=cast_member("risk_assessor"))


def payee(amount: Decimal, *, name: str = "苏州阳晟光伏科技有限公司", **facts: Any) -> dict[str, Any]:
    """A payee with an invoice of its own."""
    given = {"account_no": "3250198836000000123", "bank": "建设银行苏州分行", "is_entrusted": True}
    return {"name": name, "amount": amount, "invoice_no": f"FP-{next(_numbers):06d}", **given, **facts}


def ask(contract: Contract, *amounts: Decimal, by: Person | None = None, **facts: Any) -> Drawdown:
    """A draw-down to one payee for each amount."""
    return services.drawdown_request(
        contract=contract,
        purpose="光伏组件采购货款",
        payees=[payee(amount, **facts) for amount in amounts],
        by=by or contract.project.client.owner,
    )


def release(drawdown: Drawdown, by: Person | None = None) -> Drawdown:
    """Released by the risk assessor."""
    return services.drawdown_release(drawdown=drawdown, by=by or cast_member("risk_assessor"))
