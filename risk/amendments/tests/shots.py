"""Pictures of requested changes: asked for, in review, in the admin site."""

from typing import Any

from risk.reviews.models import ReviewCase
from tools.shots.page import Page

PAGES = (
    Page("23-change-ask", "risk:amendment_ask", of="changed_project"),
    Page("23-change-case", "risk:review_detail", "hanzhiyuan", of="change_decided"),
    Page("23-change-project", "projects:project_detail", of="changed_project"),
    Page("33-admin-changes", "admin:risk_amendment_changelist", "liangyawen"),
    Page("33-admin-terms", "admin:risk_termsversion_changelist", "liangyawen"),
)


def things() -> dict[str, tuple[Any, ...]]:
    """The demo's first approved change, and its project."""
    decided = ReviewCase.objects.filter(kind="amendment", status="approved").earliest("pk")
    return {"changed_project": (decided.project_id,), "change_decided": (decided.pk,)}
