"""Contracts that were paid out, with plans and repayments for tests, made by the services themselves."""

import itertools
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from crm.kernel.people.models import Person
from crm.kernel.workdays import clock
from crm.tests.support.people import cast_member
from projects.deals.models import Project
from projects.deals.tests.factories import text_file
from projects.funding.models import Contract
from projects.funding.services import drawdown_pay
from projects.funding.tests.factories import MILLION, ask, in_force, release
from projects.servicing import services
from projects.servicing.models import Repayment, RepaymentPlan

_numbers = itertools.count(1)


def days_on(days: int) -> date:
    """The day so many days from today."""
    return clock.today() + timedelta(days=days)


def paid_out(project: Project, amount: Decimal = 12 * MILLION, **terms: Any) -> Contract:
    """A contract in force with one draw-down that was paid out today."""
    contract = in_force(project, **{"repayment": project.repayment or "equal_principal", **terms})
    draw(contract, amount)
    return Contract.objects.get(pk=contract.pk)


def draw(contract: Contract, amount: Decimal) -> None:
    """Requested, released and paid out today by three."""
    drawdown = release(ask(contract, amount))
    drawdown_pay(
        drawdown=drawdown,
        paid_on=clock.today(),
        voucher=text_file("回单.txt", f"付款回单 {next(_numbers)}"),
        by=cast_member("back_office"),
    )


def lay(contract: Contract, *, first_in: int = 90, by: Person | None = None, **facts: Any) -> RepaymentPlan:
    """A plan of equal principal, its first instalment in so many days, laid by the manager."""
    given = {"kind": "equal_principal", "first_due_on": days_on(first_in), "months": 3, **facts}
    return services.plan_lay(contract=contract, by=by or contract.project.client.owner, **given)


def planned(contract: Contract, **facts: Any) -> RepaymentPlan:
    """The same, confirmed by the risk assessor."""
    return services.plan_confirm(plan=lay(contract, **facts), by=cast_member("risk_assessor"))


def book(contract: Contract, amount: Decimal, *, by: Person | None = None, **facts: Any) -> Repayment:
    """A repayment of today, booked by the back office."""
    given = {"reference": f"HK{next(_numbers):08d}", "value_date": clock.today(), **facts}
    return services.repayment_book(contract=contract, amount=amount, by=by or cast_member("back_office"), **given)


def reload(contract: Contract) -> Contract:
    """As the database has it now."""
    return Contract.objects.get(pk=contract.pk)
