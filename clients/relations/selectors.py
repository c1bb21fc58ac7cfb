"""Reads of interactions. They start from `visible_to`; what a list or page shows comes with them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch, QuerySet

from clients.file.models import Client
from clients.file.selectors import co_managers
from clients.relations.models import ContactPlan, Interaction, Participant, Promise
from clients.relations.policies import SETTLE, PromisePolicy
from clients.relations.services.duties import NEXT_TODO
from crm.kernel.access.checks import as_answer
from crm.kernel.access.policies import Viewer
from crm.kernel.people.models import Person
from crm.kernel.workdays import clock
from crm.kernel.worklist.models import Todo

SHOWN = 5


def interaction_list(*, viewer: Viewer) -> QuerySet[Interaction]:
    """Interactions with the clients this person may see, the latest first."""
    rows: QuerySet[Interaction] = Interaction.objects.visible_to(viewer)
    return rows.select_related("client", "recorded_by").order_by("-starts_at", "-id")


def with_lines(rows: QuerySet[Interaction], *, settler: Viewer | None = None) -> QuerySet[Interaction]:
    """Interactions with participants and promises: two queries for however many. Each promise says as `may_settle`
    whether the policy lets `settler` settle it.
    """
    promises: QuerySet[Any] = Promise.objects.select_related("owner")
    if settler is not None:
        promises = promises.annotate(may_settle=as_answer(PromisePolicy().filter(settler, SETTLE)))
    return rows.prefetch_related("participants", Prefetch("promises", promises))


def with_parts(rows: QuerySet[Interaction], *, settler: Viewer | None = None) -> QuerySet[Interaction]:
    """Interactions with participants, notes and promises: three queries for however many."""
    return with_lines(rows, settler=settler).prefetch_related("notes")


def participant_list(*, viewer: Viewer) -> QuerySet[Participant]:
    """Who took part in the interactions this person may see."""
    rows: QuerySet[Participant] = Participant.objects.visible_to(viewer)
    return rows.select_related("interaction__client").order_by("-id")


def team_of(client: Client) -> list[Person]:
    """The client's account manager and co-managers: who may have taken part without being searched for."""
    return [client.owner, *co_managers(client)]


@dataclass(frozen=True)
class Contacting:
    """What a client's page says about contact: the last interactions, those planned, the next contact, the plan."""

    last: Sequence[Interaction]
    planned: Sequence[Interaction]
    next: Todo | None
    plan: ContactPlan | None

    @property
    def days(self) -> int | None:
        """Days since the last interaction; None without one."""
        if not self.last:
            return None
        return (clock.today() - self.last[0].starts_at.astimezone(clock.SHANGHAI).date()).days


def contacting_of(client: Client) -> Contacting:
    """The last and the planned interactions of a client already found for its viewer, and its next contact:
    three queries.
    """
    rows = Interaction.objects.filter(client=client).select_related("recorded_by")
    last = rows.filter(state=Interaction.State.HELD).order_by("-starts_at", "-id")[:SHOWN]
    planned = rows.filter(state=Interaction.State.PLANNED).order_by("starts_at", "id")[:SHOWN]
    found = list(last.union(planned, all=True))
    label, open_ones = client._meta.label_lower, Todo.objects.filter(done_at__isnull=True)
    todo = open_ones.filter(kind=NEXT_TODO, object_type=label, object_id=str(client.pk)).first()
    held = [row for row in found if row.state == Interaction.State.HELD]
    return Contacting(
        sorted(held, key=lambda row: (row.starts_at, row.pk), reverse=True),
        sorted((row for row in found if row not in held), key=lambda row: (row.starts_at, row.pk)),
        todo,
        ContactPlan.objects.filter(client=client).first(),
    )
