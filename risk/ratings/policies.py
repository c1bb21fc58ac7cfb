"""Who sees grades and who gives them: risk assessors, two of them, neither the client's own account manager."""

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clients.file.models import Client
from crm.kernel.access.policies import ALLOWED, NOBODY, Decision, Policy, Viewer, policy_for, refused
from crm.kernel.people.roles import Role
from risk.ratings.models import Rating

NOT_AN_ASSESSOR = _("A risk assessor enters and confirms grades.")
OWN_CLIENT = _("You keep this client: somebody else must rate it.")
OWN_ENTRY = _("You entered this grade: a second risk assessor must confirm it.")


@policy_for(Rating)
class RatingPolicy(Policy):
    """A grade is seen by who sees the client. `create` takes the client as object when it is known."""

    def filter(self, person: Viewer, action: str) -> Q:
        if action == "view":
            return Q(client__in=Client.objects.visible_to(person))
        if Role.RISK_ASSESSOR not in person.roles or action not in ("confirm", "reject"):
            return NOBODY
        waiting = Q(status=Rating.Status.PROPOSED) & Q(client__in=Client.objects.visible_to(person))
        return waiting & ~Q(entered_by_id=person.pk) & ~Q(client__owner_id=person.pk)

    def can(self, person: Viewer, action: str, obj: Any) -> Decision:
        if action == "view":
            return ALLOWED
        if Role.RISK_ASSESSOR not in person.roles:
            return refused(NOT_AN_ASSESSOR)
        if action not in ("create", "confirm", "reject"):
            return Decision(False)
        if obj is not None and obj.client.owner_id == person.pk:
            return refused(OWN_CLIENT)
        if obj is not None and action != "create" and obj.entered_by_id == person.pk:
            return refused(OWN_ENTRY)
        return ALLOWED
