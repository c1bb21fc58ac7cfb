"""Who sees KPI and who closes a quarter: one's own, the department's head those below, finance and audit all.

Whoever is measured neither closes nor corrects what measures them; the database says so besides.
"""

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.kernel.access.policies import ALLOWED, EVERYTHING, NOBODY, Decision, Policy, Viewer, policy_for, refused
from crm.kernel.people.roles import Role
from staff.kpi.models import KpiCorrection, KpiPeriod, KpiResult, KpiScheme, KpiSchemeRow

READS_ALL = frozenset({Role.FINANCE, Role.AUDITOR})
CLOSERS = frozenset({Role.FINANCE})
APPROVERS = frozenset({Role.FINANCE, Role.FINAL_APPROVER})
NOT_A_CLOSER = _("Only the finance officer can close quarters and enter corrections.")
MEASURED = _("You are measured in this quarter: somebody else must close it.")
OWN_RESULT = _("This is your own result: somebody else must correct it.")
NOT_A_PROPOSER = _("Only the finance officer can propose schemes.")
NOT_AN_APPROVER = _("A scheme must be published by another finance officer or a final approver.")
OWN_PROPOSAL = _("You proposed this scheme: somebody else must publish it.")
OWN_POST = _("This scheme measures your own post: somebody else must publish it.")


def of_people(person: Viewer, department: str) -> Q:
    """Rows of people this person may see; `department` is the path of the lookup to the department's path."""
    if person.pk is None:
        return NOBODY
    if person.roles & READS_ALL:
        return EVERYTHING
    scope = Q(person_id=person.pk)
    if Role.DEPARTMENT_HEAD in person.roles:
        scope |= Q(**{f"{department}__startswith": person.department_path})
    return scope


@policy_for(KpiPeriod)
class KpiPeriodPolicy(Policy):
    """That there are quarters, and their hashes, is no secret."""

    def filter(self, person: Viewer, action: str) -> Q:
        if action == "view":
            return EVERYTHING
        closes = action == "close" and person.roles & CLOSERS
        return Q(closed_at__isnull=True) & ~Q(results__person=person.pk) if closes else NOBODY

    def can(self, person: Viewer, action: str, obj: Any) -> Decision:
        if action == "view":
            return ALLOWED
        if action != "close" or not person.roles & CLOSERS:
            return refused(NOT_A_CLOSER)
        if obj is not None and KpiResult.objects.filter(period=obj.pk, person=person.pk).exists():
            return refused(MEASURED)
        return ALLOWED


@policy_for(KpiResult)
class KpiResultPolicy(Policy):
    """view: oneself, the head of the department it was computed in, finance, audit. correct: finance, not oneself."""

    def filter(self, person: Viewer, action: str) -> Q:
        if action == "view":
            return of_people(person, "department__path")
        return ~Q(person_id=person.pk) if action == "correct" and person.roles & CLOSERS else NOBODY

    def can(self, person: Viewer, action: str, obj: Any) -> Decision:
        if action == "view":
            return ALLOWED
        if action != "correct" or not person.roles & CLOSERS:
            return refused(NOT_A_CLOSER)
        return refused(OWN_RESULT) if obj is not None and obj.person_id == person.pk else ALLOWED


@policy_for(KpiCorrection)
class KpiCorrectionPolicy(Policy):
    """A correction is seen by who sees the person's results today."""

    def filter(self, person: Viewer, action: str) -> Q:
        return of_people(person, "person__department__path") if action == "view" else NOBODY

    def can(self, person: Viewer, action: str, obj: Any) -> Decision:
        return Decision(action == "view")


@policy_for(KpiScheme)
class KpiSchemePolicy(Policy):
    """Whoever is judged by a scheme may read it. One proposes, another publishes, neither by their own post."""

    def filter(self, person: Viewer, action: str) -> Q:
        if action == "view":
            return EVERYTHING
        draft = Q(status=KpiScheme.Status.DRAFT)
        if action == "approve" and person.roles & APPROVERS:
            own_post = getattr(person, "post_id", None)
            return draft & ~Q(proposed_by=person.pk) & (~Q(post=own_post) if own_post else EVERYTHING)
        return draft if action == "withdraw" and person.roles & APPROVERS else NOBODY

    def can(self, person: Viewer, action: str, obj: Any) -> Decision:
        if action == "view":
            return ALLOWED
        if action == "create":
            return ALLOWED if person.roles & CLOSERS else refused(NOT_A_PROPOSER)
        if action not in ("approve", "withdraw") or not person.roles & APPROVERS:
            return refused(NOT_AN_APPROVER)
        if action == "approve" and obj is not None:
            if obj.proposed_by_id == person.pk:
                return refused(OWN_PROPOSAL)
            if obj.post_id == getattr(person, "post_id", None):
                return refused(OWN_POST)
        return ALLOWED


@policy_for(KpiSchemeRow)
class KpiSchemeRowPolicy(Policy):
    """A row is read with its scheme."""

    def filter(self, person: Viewer, action: str) -> Q:
        return EVERYTHING if action == "view" else NOBODY

    def can(self, person: Viewer, action: str, obj: Any) -> Decision:
        return Decision(action == "view")
