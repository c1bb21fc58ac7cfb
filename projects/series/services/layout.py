"""Laying a series out: its period of today and the one after it, each with an appointment where a day is left."""

from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef

from clients.relations.models import Interaction
from clients.relations.services import interaction_arrange
from crm.kernel.access.errors import DomainError, NotPermitted
from crm.kernel.access.policies import Viewer
from crm.kernel.audit.context import SYSTEM
from crm.kernel.parameters import selectors as parameters
from crm.kernel.workdays import clock
from crm.kernel.workdays.rules.calendar import WorkCalendar
from crm.kernel.workdays.selectors import calendar_between
from projects.series.models import Series, SeriesPeriod
from projects.series.rules import rhythm
from projects.series.rules.rhythm import Period

RHYTHMS = "series.rhythms"
# So many days before it begins the next period is laid out: its appointment is in the calendars by then.
AHEAD = 21
CHUNK = 200


def read_rhythms() -> dict[str, Any]:
    """The parameter of all kinds."""
    return dict(parameters.value(RHYTHMS).value)


def series_lay_out(*, by: Viewer, chunk: int = CHUNK) -> int:
    """Lay out what the running series lack for today and the next days; how many periods. Twice it adds nothing.

    Each series is a transaction of its own: one that is refused does not keep the others.
    """
    if not by.is_system:
        raise NotPermitted
    today, made, last = clock.today(), 0, 0
    rhythms = read_rhythms()
    calendar = calendar_between(today - timedelta(days=1), rhythm.horizon(rhythm.YEARLY, today))
    covered = SeriesPeriod.objects.filter(series=OuterRef("pk"), last_on__gte=today + timedelta(days=AHEAD))
    rows = Series.objects.filter(~Exists(covered), ended_on__isnull=True, started_on__lte=today).order_by("pk")
    while keys := list(rows.filter(pk__gt=last).values_list("pk", flat=True)[:chunk]):
        for pk in keys:
            made += _lay_out_one(pk, rhythms=rhythms, calendar=calendar)
        last = keys[-1]
    return made


@transaction.atomic
def _lay_out_one(pk: int, *, rhythms: dict[str, Any], calendar: WorkCalendar) -> int:
    """Those of one series; 0 where somebody holds it: the next run comes."""
    rows = Series.objects.select_for_update(of=("self",), skip_locked=True).select_related("client__owner", "project")
    series = rows.filter(pk=pk, ended_on__isnull=True).first()
    return 0 if series is None else len(lay_out(series, rhythms=rhythms, calendar=calendar))


def lay_out(series: Series, *, rhythms: dict[str, Any], calendar: WorkCalendar) -> list[SeriesPeriod]:
    """The periods that a locked series lacks: today's, and the next once it is near. The first is left out where
    the series began too late for a meeting in it.
    """
    today = clock.today()
    period = rhythm.find_period(series.kind, today)
    known = set(series.periods.filter(first_on__gte=period.first_on).values_list("first_on", flat=True))
    made = []
    while period.first_on <= today + timedelta(days=AHEAD):
        if period.first_on not in known:
            row = _lay_out_period(series, period, rhythms=rhythms, calendar=calendar)
            made += [] if row is None else [row]
        period = rhythm.next_period(series.kind, period)
    return made


def _lay_out_period(
    series: Series, period: Period, *, rhythms: dict[str, Any], calendar: WorkCalendar
) -> SeriesPeriod | None:
    rule = rhythms.get(series.kind, {})
    wanted = rhythm.wanted_day(series.kind, period, weekday=series.weekday, meet_day=rule.get("meet_day"))
    day = rhythm.meeting_day(period, wanted, earliest=_earliest(series), calendar=calendar)
    is_late = day is None and rhythm.meeting_day(period, wanted, earliest=period.first_on, calendar=calendar)
    if is_late and series.started_on >= period.first_on:
        return None
    alarms = rhythm.alarm_days(series.kind, period, amber_day=rule.get("amber_day"), calendar=calendar)
    return SeriesPeriod.objects.create(
        series=series,
        first_on=period.first_on,
        last_on=period.last_on,
        meet_on=day or (wanted if is_late else None),
        amber_on=alarms.amber_on,
        red_on=alarms.red_on,
        appointment=None if day is None else arrange(series, datetime.combine(day, series.at, clock.SHANGHAI)),
    )


def _earliest(series: Series) -> date:
    """The first day on which its hour has not passed."""
    now = clock.now().astimezone(clock.SHANGHAI)
    return now.date() if now.time() < series.at else now.date() + timedelta(days=1)


def arrange(series: Series, starts_at: datetime) -> Interaction | None:
    """Plan the meeting with who must be there, as far as they still work here; None where that is refused."""
    members = list(series.members.select_related("person", "contact"))
    people = [one.person for one in members if one.person is not None and one.person.is_active]
    contacts = [one.contact for one in members if one.contact is not None]
    try:
        with transaction.atomic():
            return interaction_arrange(
                client=series.client,
                kind=Series.MEETS_AS[series.kind],
                purpose=series.title,
                starts_at=starts_at,
                place=series.place,
                people=people,
                contacts=contacts,
                by=SYSTEM,
            )
    except DomainError:
        return None
