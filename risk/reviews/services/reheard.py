"""The result of a re-hearing stays final for a while (rules-2 7.5)."""

from django.utils.translation import gettext as _

from crm.kernel.access.errors import Conflict
from crm.kernel.parameters import selectors as parameters
from crm.kernel.workdays import clock
from projects.deals.models import Project
from projects.deals.services.twins import is_similar
from risk.ratings.rules.validity import add_months
from risk.reviews import parameter_codes as codes
from risk.reviews.models import CaseStatus, ReviewCase
from risk.reviews.workflow import DEAL


def refuse_reheard_project(project: Project) -> None:
    """The result of a re-hearing is final for some months: the same project filed anew is refused (409)."""
    months = int(parameters.value(codes.REHEARING).value["final_months"])
    since = add_months(clock.today(), -months)
    rejected = ReviewCase.objects.filter(
        project__client_id=project.client_id,
        kind=DEAL,
        status=CaseStatus.REJECTED,
        rehearing__isnull=False,
        project__decided_on__gt=since,
    ).exclude(project=project)
    for case in rejected.select_related("project"):
        if is_similar(project, case.project):
            raise Conflict(
                _("Review %(case)s rejected the same project after a re-hearing; that is final until %(day)s.")
                % {"case": case.number, "day": add_months(case.project.decided_on or since, months)},
                code="reheard",
            )
