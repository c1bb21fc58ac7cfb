"""Who decides on a change of a client's identity: a role of the parameter, by somebody who does not work on it."""

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clients.file.models import Client
from clients.file.policies import headed_path, of_department
from crm.kernel.access.policies import ALLOWED, NOBODY, Decision, Policy, Viewer, policy_for, refused
from crm.kernel.access.querysets import visible_at
from crm.kernel.parameters import selectors as parameters
from crm.kernel.people.roles import Role
from crm.kernel.text.sentences import listed
from risk.identity.models import IdentityChange
from risk.ratings.policies import worked_on, works_on

DECIDE, WITHDRAW = "decide", "withdraw"
CONFIRMATION = "identity.confirmation"
# The roles that the parameter may choose from. A head decides about the clients of the department.
CONFIRMERS = (Role.DEPARTMENT_HEAD, Role.RISK_ASSESSOR, Role.DATA_STEWARD)
NOT_A_DECIDER = _("This is decided by: %(roles)s. A head decides on the clients of the department.")
OWN_CLIENT = _("You work on this client or on one of its projects: somebody else must decide.")
OWN_PROPOSAL = _("You proposed this change: somebody else must decide.")
NOT_YOURS = _("Only the person who proposed the change can withdraw it.")


def confirming_roles() -> list[str]:
    """The roles that decide, as the parameter in force names them. One query."""
    return list(parameters.value(CONFIRMATION).value["roles"])


def may_judge(person: Viewer) -> Q:
    """Changes on which the person may decide, as far as the role goes. One query, none for most people."""
    held = person.roles & set(CONFIRMERS)
    held = held & set(confirming_roles()) if held else held
    if held - {Role.DEPARTMENT_HEAD}:
        return visible_at("client", Client, person)
    return of_department(person, "client__") if held else NOBODY


@policy_for(IdentityChange)
class IdentityChangePolicy(Policy):
    """Seen by who sees the client. Who proposed it or works on the client does not decide; who proposed withdraws."""

    def filter(self, person: Viewer, action: str) -> Q:
        if action == "view":
            return visible_at("client", Client, person)
        waiting = Q(status=IdentityChange.Status.PROPOSED)
        if action == WITHDRAW:
            return waiting & Q(proposed_by_id=person.pk)
        if action != DECIDE:
            return NOBODY
        apart = ~Q(proposed_by_id=person.pk) & ~Q(client__in=Client.objects.filter(worked_on(person)))
        return waiting & may_judge(person) & apart

    def can(self, person: Viewer, action: str, obj: Any) -> Decision:
        if action == "view":
            return ALLOWED
        if obj is None or action not in (DECIDE, WITHDRAW):
            return Decision(False)
        if action == WITHDRAW:
            return ALLOWED if obj.proposed_by_id == person.pk else refused(NOT_YOURS)
        roles = confirming_roles()
        held = person.roles & set(roles)
        heads = Role.DEPARTMENT_HEAD in held and obj.client.department.path.startswith(headed_path(person))
        if not heads and not held - {Role.DEPARTMENT_HEAD}:
            return refused(NOT_A_DECIDER % {"roles": _listed(roles)})
        if obj.proposed_by_id == person.pk:
            return refused(OWN_PROPOSAL)
        return refused(OWN_CLIENT) if works_on(person, obj.client_id) else ALLOWED


def _listed(roles: list[str]) -> str:
    return listed([str(Role(role).label) for role in roles])
