"""Reads of a client's standing and its history."""

from django.db.models import QuerySet

from clients.file.models import Client
from clients.standing.models import Standing, StandingFact
from crm.kernel.access.policies import Viewer


def standing_of(client: Client) -> Standing:
    """The standing of a client; an empty, unsaved one while nobody has told anything."""
    return Standing.objects.filter(client=client).first() or Standing(client=client)


def standing_history(*, viewer: Viewer, client: Client) -> QuerySet[StandingFact]:
    """What was told about the client, latest first."""
    return StandingFact.objects.visible_to(viewer).filter(client=client)
