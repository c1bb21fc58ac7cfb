"""A requested change and the terms it led to are seen by who sees the case, respectively the project."""

from django.db.models import Q

from crm.kernel.access.policies import ALLOWED, NOBODY, Decision, Policy, Viewer, policy_for, refused
from crm.kernel.access.querysets import visible_at
from projects.deals.models import Project
from projects.deals.policies import NOT_YOURS
from risk.amendments.models import Amendment, TermsVersion
from risk.reviews.models import ReviewCase


@policy_for(Amendment)
class AmendmentPolicy(Policy):
    """view: who sees the case. It is asked for by who works on the project, whose own policy says so."""

    def filter(self, person: Viewer, action: str) -> Q:
        if action != "view":
            return NOBODY
        return Q(case__in=ReviewCase.objects.visible_to(person).order_by().values("pk"))

    def can(self, person: Viewer, action: str, obj: object) -> Decision:
        return ALLOWED if action == "view" else refused(NOT_YOURS)


@policy_for(TermsVersion)
class TermsVersionPolicy(Policy):
    """view: who sees the project."""

    def filter(self, person: Viewer, action: str) -> Q:
        return visible_at("project", Project, person) if action == "view" else NOBODY

    def can(self, person: Viewer, action: str, obj: object) -> Decision:
        return ALLOWED if action == "view" else refused(NOT_YOURS)
