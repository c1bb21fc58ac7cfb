"""Who sees grades and who gives them: risk assessors, two of them, neither of whom works on the client."""

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clients.file.models import Client, ClientGrant
from clients.file.policies import CHANGE
from crm.kernel.access.grants import granted
from crm.kernel.access.policies import ALLOWED, NOBODY, Decision, Policy, Viewer, policy_for, refused, stands_for
from crm.kernel.access.querysets import visible_at
from crm.kernel.people.roles import Role
from projects.deals.models import Investigator
from risk.ratings.models import Rating

NOT_AN_ASSESSOR = _("Ratings are entered and confirmed by risk assessors.")
OWN_CLIENT = _("You work on this client or on one of its projects: somebody else must rate it.")
OWN_ENTRY = _("You entered this rating: a second risk assessor must confirm it.")


def worked_on(person: Viewer) -> Q:
    """Clients the person owns (or covers the owner of), co-manages or investigates a deal of, whatever their roles.

    The role that let them do so may have ended; the tie to the client has not.
    """
    investigated = Investigator.objects.filter(person_id=person.pk).values("project__client_id")
    return Q(owner_id__in=stands_for(person)) | granted(ClientGrant, person, CHANGE) | Q(pk__in=investigated)


def works_on(person: Viewer, client_id: int) -> bool:
    """Whether this client is one of those."""
    return Client.objects.filter(worked_on(person), pk=client_id).exists()


@policy_for(Rating)
class RatingPolicy(Policy):
    """A grade is seen by who sees the client; who works on the client neither enters nor judges one.

    `create` is asked without an object: the service knows the client (`may_enter`).
    """

    def filter(self, person: Viewer, action: str) -> Q:
        if action == "view":
            return visible_at("client", Client, person)
        if Role.RISK_ASSESSOR not in person.roles or action not in ("confirm", "reject"):
            return NOBODY
        waiting = Q(status=Rating.Status.PROPOSED) & visible_at("client", Client, person)
        return waiting & ~Q(entered_by_id=person.pk) & ~Q(client__in=Client.objects.filter(worked_on(person)))

    def can(self, person: Viewer, action: str, obj: Any) -> Decision:
        if action == "view":
            return ALLOWED
        if Role.RISK_ASSESSOR not in person.roles:
            return refused(NOT_AN_ASSESSOR)
        if action not in ("create", "confirm", "reject"):
            return Decision(False)
        if obj is not None and works_on(person, obj.client_id):
            return refused(OWN_CLIENT)
        if obj is not None and action != "create" and obj.entered_by_id == person.pk:
            return refused(OWN_ENTRY)
        return ALLOWED
