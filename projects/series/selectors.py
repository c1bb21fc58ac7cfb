"""Reads of series: which there are, their periods, and what the next meeting is to speak about."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, F, OuterRef, Prefetch, Q, QuerySet
from django.db.models.functions import TruncDate

from clients.file.models import Client
from clients.relations.models import Interaction, Participant, Promise
from crm.kernel.access.checks import as_answer
from crm.kernel.access.policies import Viewer
from crm.kernel.workdays import clock
from crm.kernel.worklist.models import Todo
from projects.deals.models import Project
from projects.series.models import Series, SeriesMember, SeriesPeriod
from projects.series.workflow import select_periods, select_series

# So many periods are on the page of a series, lines on a panel, points on an agenda.
SHOWN, FEW, MOST = 16, 5, 20


def with_kept(rows: QuerySet[SeriesPeriod]) -> QuerySet[SeriesPeriod]:
    """Periods that say as `kept` whether their meeting was held within them; a dialogue with one of ours who must be
    there besides the account manager. `services.alarms.KEPT` says the same in SQL.
    """
    members = SeriesMember.objects.filter(series=OuterRef(OuterRef("series")), person=OuterRef("person"))
    present: Any = Participant.objects.filter(Exists(members), interaction=OuterRef("appointment"))
    present = present.exclude(person=OuterRef("series__client__owner"))
    held = Q(appointment__state=Interaction.State.HELD, held_on__gte=F("first_on"), held_on__lte=F("last_on"))
    enough = ~Q(series__kind__in=Series.DIALOGUES) | Q(Exists(present))
    found = rows.annotate(held_on=TruncDate("appointment__starts_at", tzinfo=clock.SHANGHAI))
    return found.annotate(kept=as_answer(held & enough))


def series_list(*, viewer: Viewer) -> QuerySet[Series]:
    """Series this person may see, the newest first."""
    rows: QuerySet[Series] = select_series().visible_to(viewer)  # type: ignore[attr-defined]
    return rows.order_by("-started_on", "-id")


def with_now(rows: QuerySet[Series]) -> QuerySet[Series]:
    """Series with their period of today and the last one that alarms as `shown`: one query for however many."""
    today = clock.today()
    asked = Q(first_on__lte=today, last_on__gte=today) | Q(level=SeriesPeriod.Level.RED, explained_at__isnull=True)
    periods = with_kept(SeriesPeriod.objects.filter(asked).select_related("appointment", "series__client"))
    return rows.prefetch_related(Prefetch("periods", periods.order_by("-first_on"), to_attr="shown"))


def with_members(rows: QuerySet[Series]) -> QuerySet[Series]:
    """Series with who must be there: one query."""
    members = SeriesMember.objects.select_related("person", "contact")
    return rows.prefetch_related(Prefetch("members", members))


def period_list(*, viewer: Viewer) -> QuerySet[SeriesPeriod]:
    """Periods of the series this person may see, the newest first."""
    rows: QuerySet[SeriesPeriod] = select_periods().visible_to(viewer)  # type: ignore[attr-defined]
    return with_kept(rows).order_by("-first_on", "-id")


def member_list(*, viewer: Viewer) -> QuerySet[SeriesMember]:
    """Who must be there, of the series this person may see."""
    rows: QuerySet[SeriesMember] = SeriesMember.objects.visible_to(viewer)
    return rows.select_related("series", "person", "contact").order_by("-id")


def periods_of(series: Series) -> list[SeriesPeriod]:
    """The last periods of a series found for its viewer, with who took part in each meeting: two queries."""
    people = Prefetch("appointment__participants", Participant.objects.exclude(person=None, contact=None))
    rows = with_kept(select_periods().filter(series=series)).order_by("-first_on", "-id")
    return list(rows.prefetch_related(people)[:SHOWN])


def list_missing(period: SeriesPeriod, members: Sequence[SeriesMember]) -> list[str]:
    """Who had to be there and was not, of a meeting that was held."""
    meeting = period.appointment
    if meeting is None or meeting.state != Interaction.State.HELD:
        return []
    lines = list(meeting.participants.all())
    people, contacts = {line.person_id for line in lines}, {line.contact_id for line in lines}
    return [
        str(one)
        for one in members
        if (one.person_id is not None and one.person_id not in people)
        or (one.contact_id is not None and one.contact_id not in contacts)
    ]


@dataclass(frozen=True)
class Agenda:
    """What the next meeting speaks about: the standing points, open promises, open to-dos."""

    points: Sequence[str]
    promises: Sequence[Promise]
    todos: Sequence[Todo]


def agenda_of(series: Series, *, viewer: Viewer) -> Agenda:
    """The standing points, what we promised the client, and what is to be done about client and project: two
    queries.
    """
    promises = Promise.objects.visible_to(viewer).filter(interaction__client=series.client_id, state="open")
    about = Q(object_type=Client._meta.label_lower, object_id=str(series.client_id))
    if series.project_id is not None:
        about |= Q(object_type=Project._meta.label_lower, object_id=str(series.project_id))
    todos = Todo.objects.visible_to(viewer).filter(about, done_at__isnull=True).select_related("owner")
    points = [line.strip() for line in series.agenda.splitlines() if line.strip()]
    return Agenda(points, list(promises.select_related("owner")[:MOST]), list(todos.order_by("due_on", "id")[:MOST]))


def panel_of(*, viewer: Viewer, client: Client | None = None, project: Project | None = None) -> list[Series]:
    """The running series of a client or project with their periods of today: two queries."""
    rows = series_list(viewer=viewer).filter(ended_on__isnull=True)
    rows = rows.filter(project=project) if project is not None else rows.filter(client=client)
    return list(with_now(rows)[:FEW])
