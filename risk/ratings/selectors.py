"""Reads of grades: the list, what waits for a second person, the one in force for a client."""

from django.db.models import QuerySet

from clients.file.models import Client
from crm.kernel.access.errors import NotVisible
from crm.kernel.access.policies import Viewer
from risk.ratings.models import Rating

SHOWN_WITH = ("client__standing", "entered_by", "confirmed_by", "rejected_by")
UNREAD = ("client__grams", "client__identity_number")


def rating_list(*, viewer: Viewer) -> QuerySet[Rating]:
    """Grades of the clients this person may see, newest first, with client and people."""
    return Rating.objects.visible_to(viewer).select_related(*SHOWN_WITH).defer(*UNREAD)


def rating_get(*, viewer: Viewer, pk: int) -> Rating:
    """One visible grade; NotVisible otherwise."""
    found = rating_list(viewer=viewer).filter(pk=pk).first()
    if found is None:
        raise NotVisible
    return found


def waiting_for(*, viewer: Viewer) -> QuerySet[Rating]:
    """Proposals this person may confirm, oldest first: not their own, not of clients they work on."""
    rows = Rating.objects.visible_to(viewer, "confirm").select_related(*SHOWN_WITH).defer(*UNREAD)
    return rows.order_by("entered_at", "id")


def ratings_of(*, viewer: Viewer, client: Client, limit: int = 10) -> list[Rating]:
    """A client's grades, newest first."""
    return list(rating_list(viewer=viewer).filter(client=client)[:limit])
