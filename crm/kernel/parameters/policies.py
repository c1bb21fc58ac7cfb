"""Who may do what with parameters: everyone who works here reads them; two administrators change them."""

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.kernel.access.policies import ALLOWED, EVERYTHING, NOBODY, Decision, Policy, Viewer, policy_for, refused
from crm.kernel.parameters.models import Parameter, ParameterVersion
from crm.kernel.people.roles import Role

PROPOSERS = frozenset({Role.SYSTEM_ADMIN})
APPROVERS = frozenset({Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN})


@policy_for(Parameter)
class ParameterPolicy(Policy):
    """Thresholds are no secret: whoever is judged by one may read it. A system administrator proposes a value."""

    def filter(self, person: Viewer, action: str) -> Q:
        if action == "view" or (action == "propose" and _holds(person, PROPOSERS)):
            return EVERYTHING
        return NOBODY

    def can(self, person: Viewer, action: str, obj: Any) -> Decision:
        if action == "view":
            return ALLOWED
        if action == "propose":
            allowed = _holds(person, PROPOSERS)
            return ALLOWED if allowed else refused(_("New values are proposed by a system administrator."))
        return Decision(False)


@policy_for(ParameterVersion)
class ParameterVersionPolicy(Policy):
    """A second administrator approves; the one who proposed may only withdraw."""

    def filter(self, person: Viewer, action: str) -> Q:
        if action == "view":
            return EVERYTHING
        if action == "approve" and _holds(person, APPROVERS):
            return Q(status=ParameterVersion.Status.DRAFT) & ~Q(proposed_by=person.pk)
        if action == "withdraw" and _holds(person, APPROVERS):
            return Q(status=ParameterVersion.Status.DRAFT)
        return NOBODY

    def can(self, person: Viewer, action: str, obj: Any) -> Decision:
        if action == "view":
            return ALLOWED
        if action not in ("approve", "withdraw") or not _holds(person, APPROVERS):
            return refused(_("A second administrator must approve a proposed value."))
        if action == "approve" and obj is not None and obj.proposed_by_id == person.pk:
            return refused(_("You proposed this value: somebody else must approve it."))
        return ALLOWED


def _holds(person: Viewer, roles: frozenset[Role]) -> bool:
    return not person.roles.isdisjoint(roles)
