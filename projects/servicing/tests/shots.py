"""Pictures of repayment: the list, a contract on time, one overdue, a plan that waits, booking, a repayment."""

from typing import Any

from projects.servicing.models import Instalment, Repayment, RepaymentPlan
from tools.shots.page import Page

PAGES = (
    Page("19-instalments", "projects:instalment_list", "tangyutong"),
    Page("19-servicing", "projects:servicing_detail", "tangyutong", of="contract_served"),
    Page("19-servicing-overdue", "projects:servicing_detail", "tangyutong", of="contract_overdue"),
    Page("19-plan-check", "projects:plan_detail", "tangyutong", of="plan_waiting"),
    Page("19-plan", "projects:plan_detail", "tangyutong", of="plan_in_force"),
    Page("19-plan-lay", "projects:plan_lay", of="contract_to_plan"),
    Page("19-repayment-book", "projects:repayment_book", "fangjingyi", of="contract_overdue"),
    Page("19-repayment", "projects:repayment_detail", "tangyutong", of="repayment_booked"),
    Page("19-repayment-reverse", "projects:repayment_reverse", "tangyutong", of="repayment_booked"),
    Page("33-admin-plans", "admin:projects_repaymentplan_changelist", "liangyawen"),
    Page("33-admin-repayments", "admin:projects_repayment_changelist", "liangyawen"),
    Page("33-admin-instalments", "admin:projects_instalment_changelist", "liangyawen"),
    Page("33-admin-parts", "admin:projects_repaymentpart_changelist", "liangyawen"),
)


def things() -> dict[str, tuple[Any, ...]]:
    """The demo's plans and repayments by where they stand."""
    plans, rows = RepaymentPlan.objects.order_by("pk"), Repayment.objects.order_by("pk")
    in_force = plans.filter(state="in_force")
    paid = rows.filter(state="booked")
    late = Instalment.objects.filter(is_current=True, paid_on=None, owed_principal__gt=0).order_by("due_on")[0]
    own = in_force.filter(contract__project__client__owner__name="林晓雯").exclude(contract__plans__state="prepared")
    return {
        "contract_served": (paid[0].contract_id,),
        "contract_overdue": (late.plan.contract_id,),
        "contract_to_plan": ((own.first() or in_force[0]).contract_id,),
        "plan_waiting": (plans.filter(state="prepared")[0].pk,),
        "plan_in_force": (in_force[0].pk,),
        "repayment_booked": (paid[0].pk,),
    }
