"""Acts on a series and on its periods as tables. Lock order: client, series, period."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from clients.file.models import Client
from crm.kernel.access.errors import Conflict
from crm.kernel.access.workflow import Move, Workflow
from projects.series.models import Series, SeriesPeriod
from projects.series.policies import WORK

UNREAD = ("client__grams", "client__sounds", "client__identity_number", "project__grams", "project__sounds")


def hold_client(pk: int) -> Client:
    """The client, locked: its interactions are written under it."""
    return Client.objects.select_for_update(of=("self",)).get(pk=pk)


def hold_series(period: SeriesPeriod) -> Series:
    """The series of a period, locked after its client."""
    found = Series.objects.only("client_id").get(pk=period.series_id)
    hold_client(found.client_id)
    return Series.objects.select_for_update(of=("self",)).get(pk=period.series_id)


def refuse_ended(series: Series, move: Move) -> Conflict:
    """It was ended."""
    return Conflict(_("This series has ended."), code="ended")


def refuse_state(period: SeriesPeriod, move: Move) -> Conflict:
    """The series of the period was ended."""
    return Conflict(_("This series has ended."), code="ended")


def refuse_explained(period: SeriesPeriod, by: Any) -> Conflict | None:
    """What was explained stays so."""
    if period.explained_at is None:
        return None
    return Conflict(_("It was already said why this meeting was not held."), code="explained")


def select_series() -> QuerySet[Series]:
    """Series with client and project."""
    return Series.objects.select_related("client__owner", "client__department", "project").defer(*UNREAD)


def select_periods() -> QuerySet[SeriesPeriod]:
    """Periods with their series, client and meeting."""
    names = ("series__client__owner", "series__client__department", "series__project", "appointment")
    return SeriesPeriod.objects.select_related(*names).defer(*(f"series__{name}" for name in UNREAD))


SERIES = Workflow(
    model=Series,
    moves=(
        Move("change", (True,), action=WORK, audit="series.changed"),
        Move("end", (True,), action=WORK, audit="series.ended"),
    ),
    refuse_state=refuse_ended,
    state="is_running",
    lock_first=lambda row: hold_client(row.client_id),
    rows=select_series,
)
PERIOD = Workflow(
    model=SeriesPeriod,
    moves=(
        Move("arrange", (True,), action=WORK, audit="series.arranged", guards=("open",)),
        Move("explain", (True,), action=WORK, audit="series.explained", guards=("open",)),
    ),
    refuse_state=refuse_state,
    state="is_of_running_series",
    guards={"open": refuse_explained},
    lock_first=hold_series,
    rows=select_periods,
)
