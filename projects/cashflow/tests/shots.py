"""Pictures of cash-flow models: list, one confirmed, one below its level, entry page, the second person's word."""

from typing import Any

from projects.cashflow.models import CashflowModel
from projects.deals.models import Project
from tools.shots.page import Page

PAGES = (
    Page("18-cashflow-list", "projects:cashflow_list", "tangyutong"),
    Page("18-cashflow", "projects:cashflow_detail", of="cashflow_confirmed"),
    Page("18-cashflow-low", "projects:cashflow_detail", "tangyutong", of="cashflow_low"),
    Page("18-cashflow-confirm", "projects:cashflow_detail", "tangyutong", of="cashflow_waiting"),
    Page("18-cashflow-figures", "projects:cashflow_edit", of="cashflow_faulty"),
    Page("18-cashflow-check", "projects:cashflow_check", of="cashflow_faulty"),
    Page("18-cashflow-discard", "projects:cashflow_discard", of="cashflow_faulty"),
    Page("18-cashflow-new", "projects:cashflow_create", of="cashflow_new"),
    Page("18-cashflow-copy", "projects:cashflow_copy", "songyuhang", of="cashflow_copied"),
    Page("18-project-cashflow", "projects:project_detail", of="cashflow_project"),
    Page("33-admin-cashflow", "admin:projects_cashflowmodel_changelist", "liangyawen"),
)


def things() -> dict[str, tuple[Any, ...]]:
    """The demo's versions by where they stand."""
    rows = CashflowModel.objects.order_by("pk")
    own = rows.filter(project__client__owner__name="林晓雯")
    shown = own.filter(state="confirmed").latest("pk")
    empty = Project.objects.filter(client__owner__name="林晓雯", status__in=["draft", "returned"])
    return {
        "cashflow_confirmed": (shown.pk,),
        "cashflow_low": (rows.filter(verdict="red", state="confirmed").latest("pk").pk,),
        "cashflow_waiting": (rows.filter(state="checked")[0].pk,),
        "cashflow_faulty": (own.filter(state="draft").latest("pk").pk,),
        "cashflow_new": (empty[0].pk,),
        "cashflow_copied": (rows.filter(state="confirmed", project__status="approved")[0].pk,),
        "cashflow_project": (shown.project_id,),
    }
