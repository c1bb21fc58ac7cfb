"""Moves of plans and repayments as tables. Lock order: project and client, contract, then these."""

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from crm.kernel.access.errors import Conflict
from crm.kernel.access.workflow import Move, Workflow
from projects.funding.workflow import hold_contract
from projects.servicing.models import Repayment, RepaymentPlan
from projects.servicing.policies import CONFIRM, REVERSE

# What the policies and pages ask about, and what they do not need of it.
OF_CONTRACT = ("contract__project__client__owner", "contract__project__client__department", "contract__facility")
HIDDEN = ("project__grams", "project__sounds", "project__client__grams", "project__client__sounds")


def select_plans() -> QuerySet[RepaymentPlan]:
    """Plans with their contract and project."""
    rows = RepaymentPlan.objects.select_related(*OF_CONTRACT)
    return rows.defer(*(f"contract__{name}" for name in HIDDEN))


def select_repayments() -> QuerySet[Repayment]:
    """Repayments with their contract and project."""
    rows = Repayment.objects.select_related(*OF_CONTRACT)
    return rows.defer(*(f"contract__{name}" for name in HIDDEN))


def _refuse(row: RepaymentPlan | Repayment, move: Move) -> Conflict:
    status = {"status": row.get_state_display()}
    return Conflict(_("This is no longer open: it is %(status)s.") % status, code="moved")


PLAN = Workflow(
    model=RepaymentPlan,
    moves=(
        Move(
            "confirm",
            (RepaymentPlan.State.PREPARED,),
            RepaymentPlan.State.IN_FORCE,
            action=CONFIRM,
            audit="plan.checked",
        ),
        Move(
            "refuse",
            (RepaymentPlan.State.PREPARED,),
            RepaymentPlan.State.DECLINED,
            action=CONFIRM,
            audit="plan.declined",
        ),
    ),
    refuse_state=_refuse,
    state="state",
    lock_first=lambda row: hold_contract(row.contract_id),
    rows=select_plans,
)
REPAYMENT = Workflow(
    model=Repayment,
    moves=(
        Move(
            "reverse", (Repayment.State.BOOKED,), Repayment.State.REVERSED, action=REVERSE, audit="repayment.reversed"
        ),
    ),
    refuse_state=_refuse,
    state="state",
    lock_first=lambda row: hold_contract(row.contract_id),
    rows=select_repayments,
)
