"""Who proposes a limit: a risk assessor who does not work on the client. Who decides it: the approver it names."""

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clients.file.models import Client
from crm.kernel.access.policies import ALLOWED, NOBODY, Decision, Policy, Viewer, policy_for, refused
from crm.kernel.access.querysets import visible_at
from crm.kernel.people.roles import Role
from risk.limits.models import CreditLimit
from risk.ratings.policies import worked_on, works_on

DECIDE = "decide"
NOT_AN_ASSESSOR = _("Limits are proposed by risk assessors.")
NOT_ASKED = _("This limit is decided by %(name)s.")
TOO_LOW = _("Your authority does not reach this limit.")
OWN_CLIENT = _("You work on this client or on one of its projects: somebody else must do it.")
OWN_ENTRY = _("You proposed this limit: somebody else must decide it.")


@policy_for(CreditLimit)
class CreditLimitPolicy(Policy):
    """Seen by who sees the client and by who was asked. `create` is asked without an object (`require_propose`)."""

    def filter(self, person: Viewer, action: str) -> Q:
        if action == "view":
            return visible_at("client", Client, person) | Q(asked_of_id=person.pk)
        if action != DECIDE or Role.FINAL_APPROVER not in person.roles:
            return NOBODY
        mine = Q(status=CreditLimit.Status.PROPOSED, asked_of_id=person.pk, level__lte=_level_of(person))
        return mine & ~Q(entered_by_id=person.pk) & ~Q(client__in=Client.objects.filter(worked_on(person)))

    def can(self, person: Viewer, action: str, obj: Any) -> Decision:
        if action == "view":
            return ALLOWED
        if action == "create":
            return ALLOWED if Role.RISK_ASSESSOR in person.roles else refused(NOT_AN_ASSESSOR)
        if action != DECIDE or obj is None:
            return Decision(False)
        if obj.asked_of_id != person.pk:
            return refused(NOT_ASKED % {"name": obj.asked_of.name})
        if Role.FINAL_APPROVER not in person.roles or _level_of(person) < obj.level:
            return refused(TOO_LOW)
        if obj.entered_by_id == person.pk:
            return refused(OWN_ENTRY)
        return refused(OWN_CLIENT) if works_on(person, obj.client_id) else ALLOWED


def _level_of(person: Viewer) -> int:
    """The final authority as granted today; none for whoever is no person."""
    return int(getattr(person, "authority_level", 0))
