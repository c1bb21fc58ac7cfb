"""Reads of warnings: the list, one with its history, what waits for a person, the figures of the head."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Count, F, Q, QuerySet

from clients.file.models import Client
from crm.kernel.access.errors import NotVisible
from crm.kernel.access.policies import Viewer
from crm.kernel.parameters.models import ParameterVersion
from crm.kernel.workdays import clock
from crm.kernel.workdays.selectors import calendar_between
from crm.kernel.workdays.services import workdays_left
from risk.indicators.models import NightRun, WarningEpisode, WarningObservation

SHOWN_WITH = ("client", "owner", "responded_by", "escalated_to", "closed_by")
UNREAD = ("client__grams", "client__sounds", "client__identity_number")


def warning_list(*, viewer: Viewer) -> QuerySet[WarningEpisode]:
    """Warnings of the clients this person may see, open ones first, red before amber, the nearest deadline on top."""
    return WarningEpisode.objects.visible_to(viewer).select_related(*SHOWN_WITH).defer(*UNREAD)


def warning_get(*, viewer: Viewer, pk: int) -> WarningEpisode:
    """One visible warning; NotVisible otherwise."""
    found = warning_list(viewer=viewer).filter(pk=pk).first()
    if found is None:
        raise NotVisible
    return found


def open_of(*, viewer: Viewer, client: Client) -> QuerySet[WarningEpisode]:
    """A client's open warnings, most urgent first."""
    return warning_list(viewer=viewer).filter(client=client, closed_on__isnull=True)


def waiting_for(*, viewer: Viewer) -> QuerySet[WarningEpisode]:
    """What waits for this person: an answer about an own client, or a second person's closing."""
    mine = WarningEpisode.objects.visible_to(viewer, "respond")
    mine = mine.filter(client__owner_id=viewer.pk, recovered_on__isnull=True)
    second = WarningEpisode.objects.visible_to(viewer, "close")
    return WarningEpisode.objects.filter(Q(pk__in=mine.values("pk")) | Q(pk__in=second.values("pk")))


def history_of(warning: WarningEpisode) -> list[WarningObservation]:
    """What happened to a warning already found for its viewer, oldest first."""
    return list(warning.observations.select_related("by"))


def late(day: date) -> Q:
    """Unanswered past the deadline on that day."""
    return Q(closed_on__isnull=True, responded_at__isnull=True, recovered_on__isnull=True, due_on__lt=day)


def figures(*, viewer: Viewer) -> dict[str, int]:
    """Open warnings this person may see: `red`, `amber`, `today` opened, `late`. One query."""
    is_open = Q(closed_on__isnull=True)
    return (
        WarningEpisode.objects.visible_to(viewer)
        .filter(is_open)
        .aggregate(
            red=Count("pk", filter=Q(level="red")),
            amber=Count("pk", filter=Q(level="amber")),
            today=Count("pk", filter=Q(opened_on=clock.today())),
            late=Count("pk", filter=late(clock.today())),
        )
    )


def last_night() -> NightRun | None:
    """The last finished night: that it ran, and over how many clients, is no secret."""
    return NightRun.objects.filter(state=NightRun.State.DONE).order_by(F("finished_at").desc()).first()


def versions_used(warning: WarningEpisode) -> dict[str, ParameterVersion]:
    """The parameter versions a verdict rests on, by code, with the people behind them. One query."""
    wanted = Q(pk__in=[])
    for stamp in warning.rules:
        wanted |= Q(parameter__code=stamp["code"], version=stamp["version"])
    rows = ParameterVersion.objects.filter(wanted).select_related("parameter", "proposed_by", "approved_by")
    return {row.parameter.code: row for row in rows}


def days_left(warnings: Iterable[WarningEpisode], today: date) -> dict[int, int]:
    """Working days left of each warning that awaits an answer, by id, negative when late; one query for all."""
    due = {warning.pk: warning.due_on for warning in warnings if warning.awaits_answer}
    if not due:
        return {}
    calendar = calendar_between(min(today, *due.values()), max(today, *due.values()))
    return {pk: workdays_left(today, day, calendar=calendar) for pk, day in due.items()}
