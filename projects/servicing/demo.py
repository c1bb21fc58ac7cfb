"""Repayment of the demo's contracts: one paid on time, one overdue, a plan that waits; a small loan that is settled."""

from datetime import timedelta

from crm.kernel.declarations import demo
from crm.kernel.people.models import Person
from crm.kernel.workdays import clock
from crm.kernel.workdays.stage import Stage
from projects.funding.models import Contract, Drawdown
from projects.servicing import selectors, services
from projects.servicing.models import Instalment
from projects.servicing.rules.terms import kinds_for

ON_TIME, OVERDUE, WAITING, SETTLED = "on_time", "overdue", "waiting", "settled"
# What becomes of the contracts with a paid draw-down, in the order of their numbers.
STORIES = (ON_TIME, OVERDUE, WAITING, SETTLED)


def make_repayments(stage: Stage) -> None:
    """Plans and repayments of every contract that was paid out."""
    paid = Drawdown.objects.filter(state=Drawdown.State.PAID).values("contract")
    contracts = Contract.objects.filter(pk__in=paid).select_related("project__client__owner").order_by("number")
    for number, (contract, story) in enumerate(zip(contracts, STORIES, strict=False)):
        _tell(stage, contract, number, story)


def _tell(stage: Stage, contract: Contract, number: int, story: str) -> None:
    """Laid when the first draw-down is paid; due a few days later, so that something has happened by today."""
    assessor, office = stage.people["tangyutong"], stage.people["fangjingyi"]
    first = contract.drawdowns.filter(state=Drawdown.State.PAID).order_by("paid_on")[0].paid_on
    assert first is not None
    ago = (clock.today() - first).days
    kinds = kinds_for(contract.repayment)
    kind = next((one for one in ("equal_principal", "equal_payment") if one in kinds), kinds[-1])
    due_in = max(2, ago // 2)
    with stage.days_ago(0 if story == WAITING else ago, hour=16):
        plan = services.plan_lay(
            contract=contract,
            kind=kind,
            first_due_on=clock.today() + timedelta(days=due_in if story != WAITING else 30),
            months=3,
            by=contract.project.client.owner,
        )
    if story == WAITING:
        return
    with stage.days_ago(ago, hour=17):
        services.plan_confirm(plan=plan, by=assessor)
    row = Instalment.objects.filter(plan=plan).order_by("due_on")[0]
    if story == OVERDUE:
        return
    with stage.days_ago((clock.today() - row.due_on).days, hour=11):
        row.refresh_from_db()
        services.repayment_book(
            contract=contract,
            reference=f"{clock.today():%Y%m%d}{number:04d}01",
            amount=row.owed_principal + row.owed_interest,
            value_date=clock.today(),
            by=office,
        )
    if story == SETTLED:
        with stage.days_ago(0, hour=9):
            _settle(contract, number, office)


def _settle(contract: Contract, number: int, office: Person) -> None:
    """Everything that is left, at once, with its interest until today."""
    left = selectors.payoff_of(contract)
    services.repayment_book(
        contract=contract,
        reference=f"{clock.today():%Y%m%d}{number:04d}02",
        amount=left,
        value_date=clock.today(),
        is_prepayment=True,
        by=office,
    )


demo.register(make_repayments, order=99)
