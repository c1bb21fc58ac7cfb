"""Open blocking conditions of a project's approvals stand against a draw-down (rules-2 8.2)."""

from projects.deals.models import Project
from projects.funding.blocks import register
from risk.reviews.models import CaseStatus, Condition


def list_open_conditions(project: Project) -> list[str]:
    """The texts of the blocking conditions that nobody has settled yet. One query."""
    rows = Condition.objects.filter(
        case__project=project, case__status=CaseStatus.APPROVED, blocking=True, status__in=Condition.UNSETTLED
    )
    return list(rows.order_by("pk").values_list("text", flat=True))


register("conditions", list_open_conditions)
