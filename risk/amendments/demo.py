"""Two requested changes of the demo: one approved, so that the project has a second version of its terms, one open."""

from decimal import Decimal
from typing import Any

from django.core.files.base import ContentFile

from crm.kernel.declarations import demo
from crm.kernel.workdays.stage import Stage
from projects.deals.models import Project
from projects.deals.services import document_add
from risk.amendments.services import amendment_ask
from risk.reviews.models import ReviewCase
from risk.reviews.selectors import waiting_for
from risk.reviews.services import conflict_declare, decision_make

DECIDED: dict[str, Any] = {
    "changes": {"amount": Decimal("46000000.00"), "draw_months": 18},
    "reason": "发酵车间改为分期建设，设备采购推后，申请调减贷款金额并延长提款期。",
    "effect": "贷款金额调减 400 万元，资本金比例相应提高，还款来源与担保不变。",
}
OPEN: dict[str, Any] = {
    "changes": {"rate_spread_bp": 15, "repayment": "equal_principal"},
    "reason": "港口装卸费率调整后现金流前高后低，客户申请改为等额本金还款。",
    "effect": "前三年还本额增加，利息总额下降，各年偿债覆盖率不低于 1.20，担保不变。",
}
OPINION = "变更理由属实，测算与担保核对无误，同意变更。"


def change_terms(stage: Stage) -> None:
    """One change that passed all stages, one that waits at the re-check."""
    approved = [project for project, state in stage.made["projects"] if state == "approved"]
    _tell(stage, approved[0], DECIDED, asked=9, decided=(8, 6, 4))
    _tell(stage, approved[1], OPEN, asked=4, decided=(2,))


def _tell(stage: Stage, project: Project, given: dict[str, Any], *, asked: int, decided: tuple[int, ...]) -> None:
    """File the paper, ask, and let the stages approve, each so many working days ago."""
    with stage.days_ago(stage.back(asked), hour=10):
        project = Project.objects.select_related("client__owner").get(pk=project.pk)
        owner = project.client.owner
        paper = ContentFile(f"{project.name} 变更申请书\n本文件为演示数据。\n".encode(), name="变更申请书.txt")
        document_add(project=project, upload=paper, kind="amendment", title="变更申请书", by=owner)
        project = Project.objects.get(pk=project.pk)
        case = amendment_ask(project=project, expected_version=project.version, by=owner, **given)
    for days in decided:
        with stage.days_ago(stage.back(days), hour=11):
            _approve(case)


def _approve(case: ReviewCase) -> None:
    """The first who may decide declares no conflict and approves."""
    case = ReviewCase.objects.get(pk=case.pk)
    decider = waiting_for(case)[0]
    conflict_declare(case=case, has_conflict=False, text="", expected_version=case.version, by=decider)
    case = ReviewCase.objects.get(pk=case.pk)
    decision_make(case=case, verb="approve", opinion=OPINION, expected_version=case.version, by=decider)


demo.register(change_terms, order=74)
