"""What the pages of deals and clients show of the review: submission with its checks, and where a case stands."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from clients.file.models import Client
from crm.kernel.access.checks import may
from crm.kernel.access.errors import DomainError, NotPermitted, NotVisible
from crm.kernel.text import numbers
from crm.kernel.text.sentences import listed
from crm.kernel.web.form_errors import version_of
from crm.kernel.web.fragments import KernelPanelView
from crm.kernel.web.middleware import note_refusal
from crm.kernel.web.views import ObjectMixin
from crm.kernel.workdays import clock
from projects.deals.models import Project
from risk.reviews import selectors
from risk.reviews.services import review_submit
from risk.reviews.subjects import label_of, list_offers
from risk.reviews.tables import stage_badge


class ReviewSubmit(ObjectMixin):
    """POST from the project page: opens the review or its next round. Refusals are drawn in the same panel."""

    model = Project
    http_method_names = ["post", "options"]
    template_name = "risk/reviews/project_panel.html"
    menu = "projects"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            case = review_submit(
                project=self.object,
                expected_version=version_of(request),
                urgent_reason=request.POST.get("urgent_reason", ""),
                by=self.person,
            )
        except (NotPermitted, NotVisible):
            raise
        except DomainError as error:
            note_refusal(request, error)
            self.object = self.get_object()
            typed = request.POST.get("urgent_reason", "")
            context = self.get_context_data(**project_panel(self.object, self.person, error), urgent_reason=typed)
            return self.render_to_response(context, status=error.status)
        return HttpResponseRedirect(case.get_absolute_url())


class ProjectPanel(KernelPanelView):
    """Fragment of the project page: where its review stands, or what is still missing before it can be submitted."""

    model = Project
    template_name = "risk/reviews/project_panel.html"
    menu = "projects"

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        return super().get_context_data(**project_panel(self.object, self.person), **extra)


def project_panel(project: Project, person: Any, error: DomainError | None = None) -> Mapping[str, Any]:
    """What the panel draws: the case if there is one, what its return asks for, the checks and the button."""
    case = selectors.find_case_of_project(viewer=person, project_id=project.pk)
    checks = [] if case is not None and not project.is_open_for_change else selectors.list_submission_checks(project)
    further = selectors.list_further_cases(viewer=person, project_id=project.pk) if project.decided_on else []
    return {
        "project": project,
        "further_rows": case_rows(further),
        "offers": list_offers(project, further, viewer=person),
        "case": case,
        "case_rows": case_rows([case]) if case is not None else [],
        "to_bring": selectors.to_bring(case) if case is not None else [],
        "checks": checks,
        "missing": [check for check in checks if not check.passed],
        "waiver_url": reverse("risk:gate_waiver_ask", args=[project.pk]) if may(person, "change", project) else "",
        "may_submit": bool(checks) and bool(may(person, "submit", project)),
        "error": error,
        "submit_url": reverse("risk:review_submit", args=[project.pk]),
    }


class ClientPanel(KernelPanelView):
    """Fragment of the client page: the client's reviews, latest first."""

    model = Client
    template_name = "risk/reviews/client_panel.html"
    menu = "clients"

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        cases = list(selectors.list_cases_of_client(viewer=self.person, client_id=self.object.pk)[:6])
        return super().get_context_data(case_rows=case_rows(cases), **extra)


def case_rows(cases: list[Any]) -> list[dict[str, Any]]:
    """Cases, read with `mine` and `left`, as short rows: address, words, badge, whose move, days left."""
    today = clock.today()
    return [
        {
            "case": case,
            "kind": label_of(case),
            "url": case.get_absolute_url(),
            "badge": stage_badge(case, mine=case.mine),
            "waiting": listed(case.waiting_for) if case.is_open else "",
            "since": numbers.moment_short(case.stage_since, today) if case.is_open else "",
            "left": case.left if case.is_open else None,
        }
        for case in cases
    ]
