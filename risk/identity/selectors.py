"""Reads of changes of identity."""

from django.db.models import QuerySet

from clients.file.models import Client
from crm.kernel.access.policies import Viewer
from risk.identity.models import IdentityChange
from risk.identity.policies import DECIDE

SHOWN_WITH = ("client__owner", "client__department", "proposed_by", "decided_by", "paper")


def shown_changes() -> QuerySet[IdentityChange]:
    """Changes with all that the page of one needs."""
    return IdentityChange.objects.select_related(*SHOWN_WITH).defer(
        "client__grams", "client__sounds", "client__identity_number"
    )


def waiting_for(*, viewer: Viewer) -> QuerySet[IdentityChange]:
    """Proposals this person may decide, oldest first."""
    rows = IdentityChange.objects.visible_to(viewer, DECIDE).select_related("client").order_by("proposed_at", "id")
    return rows.defer("client__grams", "client__sounds", "client__identity_number")


def waiting_of(*, viewer: Viewer, client: Client) -> IdentityChange | None:
    """The change of this client that waits, if this person may see it."""
    rows = IdentityChange.objects.visible_to(viewer).filter(client=client, status=IdentityChange.Status.PROPOSED)
    return rows.select_related("proposed_by").first()


def change_list(*, viewer: Viewer) -> QuerySet[IdentityChange]:
    """Changes of the clients this person may see, newest first."""
    rows = IdentityChange.objects.visible_to(viewer).select_related(*SHOWN_WITH)
    return rows.defer("client__grams", "client__sounds", "client__identity_number").order_by("-proposed_at", "-id")
