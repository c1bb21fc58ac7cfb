"""What a re-hearing rests on: documents that came after the rejection."""

from typing import Any

from django.db.models import Max, QuerySet

from projects.deals.models import Project, ProjectDocument
from risk.reviews.hearings import Rehearing
from risk.reviews.models import Decision, ReviewCase
from risk.reviews.workflow import DEAL, REJECTIONS


def list_new_documents(project: Project) -> QuerySet[ProjectDocument]:
    """Documents of the deal, still present, that were added after it was rejected. One query."""
    rejected: Any = Decision.objects.filter(case__project=project, case__kind=DEAL, verb__in=REJECTIONS)
    last = rejected.aggregate(last=Max("decided_at"))["last"]
    rows = ProjectDocument.objects.filter(project=project, removed_at__isnull=True).order_by("pk")
    return rows.filter(added_at__gt=last) if last is not None else rows.none()


def find_rehearing(case: ReviewCase) -> Rehearing | None:
    """The re-hearing of a case with its documents, if there is one. Two queries at most."""
    rows = Rehearing.objects.prefetch_related("documents__document").select_related("asked_by")
    return rows.filter(case=case).first()
