"""Pictures of interactions: the list, the short form, one that was held, one planned, its acts."""

from typing import Any

from clients.file.models import Client
from clients.relations.models import Interaction, Promise
from tools.shots.page import Page

PAGES = (
    Page("18-interactions", "clients:interaction_list"),
    Page("18-interaction-new", "clients:interaction_create"),
    Page("18-interaction", "clients:interaction_detail", of="interaction_promised"),
    Page("18-interaction-planned", "clients:interaction_detail", of="interaction_planned"),
    Page("18-interaction-hold", "clients:interaction_hold", of="interaction_planned"),
    Page("18-interaction-minutes", "clients:interaction_minutes", of="interaction_unwritten"),
    Page("18-interaction-promise", "clients:interaction_promise", of="interaction_promised"),
    Page("18-promise-settle", "clients:promise_settle", of="promise_open"),
    Page("33-admin-interactions", "admin:clients_interaction_changelist", "liangyawen"),
    Page("33-admin-participants", "admin:clients_participant_changelist", "liangyawen"),
    Page("33-admin-interaction-notes", "admin:clients_interactionnote_changelist", "liangyawen"),
    Page("33-admin-promises", "admin:clients_promise_changelist", "liangyawen"),
    Page("33-admin-contact-plans", "admin:clients_contactplan_changelist", "liangyawen"),
)


def things() -> dict[str, tuple[Any, ...]]:
    """The demo's interactions of one account manager by where they stand."""
    client = Client.objects.filter(owner__name="林晓雯").earliest("pk")
    own = Interaction.objects.filter(client__owner=client.owner)
    promise = Promise.objects.filter(state="open", interaction__client__owner=client.owner).earliest("pk")
    return {
        "interaction_promised": (own.filter(promises__isnull=False).latest("pk").pk,),
        "interaction_planned": (own.filter(state="planned").earliest("pk").pk,),
        "interaction_unwritten": (own.filter(state="held", words="").earliest("pk").pk,),
        "promise_open": (promise.pk,),
    }
