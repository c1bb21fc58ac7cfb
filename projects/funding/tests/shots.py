"""Pictures of contracts and draw-downs: the list, entering one, one in force, a draw-down that waits."""

from typing import Any

from projects.deals.models import Project
from projects.funding.models import Contract, Drawdown
from tools.shots.page import Page

PAGES = (
    Page("18-contracts", "projects:contract_list", "tangyutong"),
    Page("18-contract-enter", "projects:contract_enter", of="funding_project"),
    Page("18-contract-check", "projects:contract_detail", "tangyutong", of="contract_waiting"),
    Page("18-contract", "projects:contract_detail", "tangyutong", of="contract_in_force"),
    Page("18-drawdown-waiting", "projects:drawdown_detail", "tangyutong", of="drawdown_waiting"),
    Page("18-drawdown-paid", "projects:drawdown_detail", "tangyutong", of="drawdown_paid"),
    Page("18-drawdown-request", "projects:drawdown_request", of="contract_own"),
    Page("18-capital-enter", "projects:capital_enter", of="contract_own"),
    Page("18-project-funded", "projects:project_detail", "liangyawen", of="project_funded"),
    Page("33-admin-contracts", "admin:projects_contract_changelist", "liangyawen"),
    Page("33-admin-drawdowns", "admin:projects_drawdown_changelist", "liangyawen"),
    Page("33-admin-capital", "admin:projects_capitalpayment_changelist", "liangyawen"),
    Page("33-admin-payees", "admin:projects_payee_changelist", "liangyawen"),
)


def things() -> dict[str, tuple[Any, ...]]:
    """The demo's contracts and draw-downs by where they stand."""
    contracts, draws = Contract.objects.order_by("pk"), Drawdown.objects.order_by("pk")
    in_force = contracts.filter(state="in_force")
    paid = draws.filter(state="paid")[0]
    own = in_force.filter(project__client__owner__name="林晓雯").first() or in_force[0]
    mine = Project.objects.filter(client__owner__name="林晓雯", status="approved", contracts__isnull=True)
    return {
        "contract_waiting": (contracts.filter(state="prepared")[0].pk,),
        "contract_in_force": (paid.contract_id,),
        "contract_own": (own.pk,),
        "drawdown_waiting": (draws.filter(state="requested")[0].pk,),
        "drawdown_paid": (paid.pk,),
        "project_funded": (paid.contract.project_id,),
        "funding_project": ((mine.first() or own.project).pk,),
    }
