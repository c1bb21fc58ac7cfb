"""The subject that the engine brings itself: the application of a project, which its review locks and decides."""

from dataclasses import asdict
from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.kernel.access.policies import Viewer
from projects.deals.models import Project
from projects.deals.services import project_lock, project_record_decision, project_review_progress
from risk.reviews.models import CaseStatus, ReviewCase
from risk.reviews.services import returned
from risk.reviews.subjects import Ending, Subject, register
from risk.reviews.workflow import DEAL


class DealSubject(Subject):
    """The project itself: locked while a round is open, then approved, rejected, returned or withdrawn."""

    kind = DEAL
    label = _("Project application")
    document = _("%(product)s approval sheet")

    def hold(self, project: Project, case: ReviewCase, *, by: Any) -> None:
        project_lock(project=project, case_number=case.number, by=by, is_locked=True)
        if case.round > 1:
            returned.close_completion(project, outcome="submitted", by=by)

    def show_progress(self, project: Project, case: ReviewCase, *, by: Viewer) -> None:
        project_review_progress(
            project=project,
            stage=case.stage,
            due_on=case.due_on,
            waiting_for=case.waiting_for,
            waiting_since=case.stage_since,
            by=by,
            is_locked=True,
        )

    def conclude(self, project: Project, case: ReviewCase, ending: Ending, *, by: Any) -> None:
        if ending.outcome == CaseStatus.WITHDRAWN and project.status == Project.Status.RETURNED:
            returned.close_completion(project, outcome="withdrawn", by=by)
        approved: dict[str, Any] = {}
        if ending.terms is not None:
            approved = {f"approved_{name}": value for name, value in asdict(ending.terms).items()}
            approved["valid_until"] = ending.valid_until
        project = project_record_decision(
            project=project,
            outcome=ending.outcome,
            by=by,
            due_on=ending.due_on,
            approved=approved,
            case_number=case.number,
            is_locked=True,
        )
        if ending.outcome == CaseStatus.RETURNED:
            returned.ask_for_completion(project, by=by)


register(DealSubject())
