"""Who decides on a change of a client's identity: the department head or a risk assessor who does not work on it."""

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clients.file.models import Client
from clients.file.policies import headed_path, of_department
from crm.kernel.access.policies import ALLOWED, NOBODY, Decision, Policy, Viewer, policy_for, refused
from crm.kernel.access.querysets import visible_at
from crm.kernel.people.roles import Role
from risk.identity.models import IdentityChange
from risk.ratings.policies import worked_on, works_on

DECIDE = "decide"
NOT_A_DECIDER = _("The head of the client's department or a risk assessor decides on this change.")
OWN_CLIENT = _("You work on this client or on one of its projects: somebody else must decide.")
OWN_PROPOSAL = _("You proposed this change: somebody else must decide.")


def may_judge(person: Viewer) -> Q:
    """Clients over whose identity the person may decide, as far as the role goes."""
    if Role.RISK_ASSESSOR in person.roles:
        return visible_at("client", Client, person)
    return of_department(person, "client__")


@policy_for(IdentityChange)
class IdentityChangePolicy(Policy):
    """Seen by who sees the client. Who proposed it or works on the client does not decide."""

    def filter(self, person: Viewer, action: str) -> Q:
        if action == "view":
            return visible_at("client", Client, person)
        if action != DECIDE or not person.roles & {Role.RISK_ASSESSOR, Role.DEPARTMENT_HEAD}:
            return NOBODY
        waiting = Q(status=IdentityChange.Status.PROPOSED) & may_judge(person)
        return waiting & ~Q(proposed_by_id=person.pk) & ~Q(client__in=Client.objects.filter(worked_on(person)))

    def can(self, person: Viewer, action: str, obj: Any) -> Decision:
        if action == "view":
            return ALLOWED
        if action != DECIDE or obj is None:
            return Decision(False)
        heads = obj.client.department.path.startswith(headed_path(person))
        if Role.RISK_ASSESSOR not in person.roles and not heads:
            return refused(NOT_A_DECIDER)
        if obj.proposed_by_id == person.pk:
            return refused(OWN_PROPOSAL)
        return refused(OWN_CLIENT) if works_on(person, obj.client_id) else ALLOWED
