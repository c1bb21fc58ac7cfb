"""Moves of contracts and draw-downs as tables. Lock order: project and client, contract, draw-down."""

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from crm.kernel.access.errors import Conflict
from crm.kernel.access.workflow import Move, Workflow
from projects.deals.models import Project
from projects.funding.models import CapitalPayment, Contract, Drawdown
from projects.funding.policies import BOOK, CONFIRM, DRAW, PAY, PLAN, RELEASE


def hold_project(pk: int) -> Project:
    """Project and client, locked: exposure is counted under the client."""
    rows = Project.objects.select_for_update(of=("self", "client"))
    return rows.select_related("client__owner", "client__department", "client__standing").get(pk=pk)


def hold_contract(pk: int) -> Contract:
    """The contract of a draw-down or payment, locked after its project."""
    project = hold_project(Contract.objects.values_list("project_id", flat=True).get(pk=pk))
    contract = Contract.objects.select_for_update(of=("self",)).select_related("facility").get(pk=pk)
    contract.project = project
    return contract


def select_contracts() -> QuerySet[Contract]:
    """Contracts with what the policies and pages ask about."""
    names = ("project__client__owner", "project__client__department", "paper", "facility")
    rows = Contract.objects.select_related(*names)
    return rows.defer("project__grams", "project__sounds", "project__client__grams", "project__client__sounds")


def select_drawdowns() -> QuerySet[Drawdown]:
    """Draw-downs with their contract and project."""
    names = ("contract__project__client__owner", "contract__project__client__department", "contract__facility")
    rows = Drawdown.objects.select_related(*names, "voucher")
    hidden = ("project__grams", "project__sounds", "project__client__grams", "project__client__sounds")
    return rows.defer(*(f"contract__{name}" for name in hidden))


def _refuse(row: Contract | Drawdown, move: Move) -> Conflict:
    status = {"status": row.get_state_display()}
    return Conflict(_("This is no longer open: it is %(status)s.") % status, code="moved")


def _refuse_capital(row: CapitalPayment, move: Move) -> Conflict:
    return Conflict(_("This payment has been confirmed already."), code="moved")


CONTRACT = Workflow(
    model=Contract,
    moves=(
        Move("confirm", (Contract.State.PREPARED,), Contract.State.IN_FORCE, action=CONFIRM, audit="contract.checked"),
        Move("refuse", (Contract.State.PREPARED,), Contract.State.DECLINED, action=CONFIRM, audit="contract.declined"),
        Move("draw", (Contract.State.IN_FORCE,), action=DRAW),
        Move("plan", (Contract.State.IN_FORCE,), action=PLAN),
        Move("book", (Contract.State.IN_FORCE,), action=BOOK),
    ),
    refuse_state=_refuse,
    state="state",
    lock_first=lambda row: hold_project(row.project_id),
    rows=select_contracts,
)
CAPITAL = Workflow(
    model=CapitalPayment,
    moves=(Move("confirm_capital", ("entered",), action=CONFIRM, audit="capital.confirmed"),),
    refuse_state=_refuse_capital,
    state="state",
    lock_first=lambda row: hold_contract(row.contract_id),
)
DRAWDOWN = Workflow(
    model=Drawdown,
    moves=(
        Move(
            "release", (Drawdown.State.REQUESTED,), Drawdown.State.RELEASED, action=RELEASE, audit="drawdown.released"
        ),
        Move(
            "decline", (Drawdown.State.REQUESTED,), Drawdown.State.DECLINED, action=RELEASE, audit="drawdown.declined"
        ),
        Move("pay", (Drawdown.State.RELEASED,), Drawdown.State.PAID, action=PAY, audit="drawdown.paid"),
    ),
    refuse_state=_refuse,
    state="state",
    lock_first=lambda row: hold_contract(row.contract_id),
    rows=select_drawdowns,
)
