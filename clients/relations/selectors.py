"""Reads of interactions. They start from `visible_to`; what a list or page shows comes with them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import DateTimeField, F, Prefetch, QuerySet, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from clients.file.models import Client
from clients.file.selectors import co_managers
from clients.relations.models import ContactPlan, Interaction, Participant, Promise
from clients.relations.policies import SETTLE, PromisePolicy
from clients.relations.rules.timing import USUAL
from clients.relations.services.duties import NEXT_TODO
from crm.kernel.access.checks import as_answer
from crm.kernel.access.errors import Text
from crm.kernel.access.policies import Viewer
from crm.kernel.people.models import Cover, Person
from crm.kernel.text import numbers
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


# Why somebody is not here; a standing delegation keeps nobody away.
AWAY = (Cover.Kind.LEAVE, Cover.Kind.TRIP, Cover.Kind.MANDATORY)


def absences_between(people: Sequence[int], first: date, last: date) -> QuerySet[Cover]:
    """The confirmed absences of these people between two days, both included, with who stands in."""
    rows: QuerySet[Cover] = Cover.objects.filter(person__in=people, state=Cover.State.CONFIRMED, kind__in=AWAY)
    return rows.filter(starts_on__lte=last, ends_on__gte=first).select_related("person", "deputy").order_by("starts_on")


def clashes_of(row: Interaction) -> list[Text]:
    """Why our participants of a planned interaction may not come: another appointment at that time, or an absence.

    What the other appointment is about is not told: it may be with a client that the reader does not see. Two queries.
    """
    people = [line.person_id for line in row.participants.all() if line.person_id is not None]
    ends_at = row.ends_at or row.starts_at + USUAL
    others: QuerySet[Any] = Participant.objects.filter(person__in=people, interaction__state=Interaction.State.PLANNED)
    others = others.exclude(interaction=row).filter(interaction__starts_at__lt=ends_at)
    meant = Coalesce("interaction__ends_at", F("interaction__starts_at") + Value(USUAL), output_field=DateTimeField())
    others = others.annotate(until=meant).filter(until__gt=row.starts_at).select_related("interaction")
    found: list[Text] = []
    for line in others.order_by("interaction__starts_at", "id")[:SHOWN]:
        when = numbers.moment_short(line.interaction.starts_at, clock.today())
        found.append(_("%(person)s has another appointment at %(when)s.") % {"person": line.name, "when": when})
    first, last = (moment.astimezone(clock.SHANGHAI).date() for moment in (row.starts_at, ends_at))
    for cover in absences_between(people, first, last):
        told = {"person": cover.person.name, "day": numbers.date_long(cover.ends_on), "deputy": cover.deputy.name}
        found.append(_("%(person)s is away until %(day)s; %(deputy)s stands in.") % told)
    return found


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
