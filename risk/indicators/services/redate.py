"""Provisional deadlines of warnings, worked out again once the official calendar has come (rules 10.5)."""

from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache

from django.db import transaction
from django.db.models import Prefetch, QuerySet

from crm.kernel.access.policies import Viewer
from crm.kernel.audit.services import record
from crm.kernel.declarations.deadlines import Shift
from crm.kernel.notify.services import notify
from crm.kernel.parameters import selectors as parameters
from crm.kernel.workdays import clock
from crm.kernel.workdays.rules.calendar import Deadline, add_workdays, reach
from crm.kernel.workdays.selectors import calendar_between
from risk.indicators.catalogue import CODE_OF
from risk.indicators.models import WarningEpisode, WarningObservation
from risk.indicators.services import todos

NOTICE = "warning.redated"
Kind = WarningObservation.Kind
# What sets a deadline, and what ends it.
TOLD = (Kind.OPENED, Kind.RAISED, Kind.RELAPSED, Kind.RESPONDED)


def dates_refresh(*, by: Viewer, corrected: bool = False) -> int:
    """Work out the deadlines again that rest on no official calendar; how many warnings changed.

    A day that has passed stays, and so does one that was answered by. The keeper is told of another day. `corrected`:
    an official calendar was corrected, so deadlines that rest on one are worked out again too.
    """
    return sum(_redate(row.pk, due, corrected=corrected, by=by) for row, due in _list_moved(corrected))


def dates_preview(corrected: bool) -> list[Shift]:
    """What `dates_refresh` would move under the calendar in force for the caller; nothing is written."""
    today = clock.today()
    return [
        Shift(f"{row.indicator} #{row.pk}", row.due_on, max(due.date, today))
        for row, due in _list_moved(corrected)
        if row.due_on and max(due.date, today) != row.due_on
    ]


def _list_moved(corrected: bool) -> Iterator[tuple[WarningEpisode, Deadline]]:
    """Open warnings whose deadline is another one by the present calendar, each with that deadline."""
    today = clock.today()
    told = WarningObservation.objects.filter(kind__in=TOLD).order_by("pk")
    rows = list(_open(today, corrected).prefetch_related(Prefetch("observations", told, to_attr="told")))
    first = min((seen.on for row in rows for seen in row.told), default=today)
    calendar = calendar_between(first, today + timedelta(days=reach(60)))
    rule = cache(lambda code, day: parameters.value(code, on=day).value["respond_workdays"])
    for row in rows:
        due: Deadline | None = None
        for seen in row.told:
            if seen.kind == Kind.RESPONDED:
                due = None
                continue
            asked = add_workdays(seen.on, rule(CODE_OF[row.indicator], seen.on)[seen.level], calendar)
            # Of two the earlier; one that had passed when it was asked again was not owed.
            due = asked if due is None or due.date < seen.on else min(due, asked, key=lambda one: one.date)
        if due is not None and (due.date, due.provisional) != (row.due_on, row.due_provisional):
            yield row, due


@transaction.atomic
def _redate(pk: int, due: Deadline, *, corrected: bool, by: Viewer) -> bool:
    """One warning under its lock, its to-do with its reminders, and the keeper. What was answered meanwhile stays."""
    today = clock.today()
    rows = _open(today, corrected).select_for_update(of=("self",)).select_related("owner", "client")
    row = rows.filter(pk=pk).first()
    if row is None:
        return False
    former = row.due_on
    # Nobody is late by a day that was another one when it passed.
    row.due_on, row.due_provisional, row.version = max(due.date, today), due.provisional, row.version + 1
    row.save(update_fields=["due_on", "due_provisional", "version"])
    before, after = {"due_on": former}, {"due_on": row.due_on}
    record("warning.redated", subject=row, by=by, data={"client": row.client_id}, before=before, after=after)
    if row.due_on == former:
        return True
    WarningObservation.objects.create(
        warning=row,
        kind=Kind.REDATED,
        on=today,
        level=row.level,
        value=row.value,
        evidence=row.evidence,
        owner=row.owner,
        due_on=row.due_on,
    )
    todos.redated(row, by=by)
    words = {"indicator": row.indicator, "level": row.level, "client": row.client.name, "due_on": row.due_on}
    notify(
        recipient=row.owner,
        kind=NOTICE,
        subject=row,
        url=row.get_absolute_url(),
        data=words,
        due_at=clock.now(),
        by=by,
    )
    return True


def _open(today: date, corrected: bool) -> QuerySet[WarningEpisode]:
    """Warnings that wait for an answer by a day still to come, of no official calendar unless one was corrected."""
    rows = WarningEpisode.objects.filter(closed_on=None, responded_at=None, recovered_on=None, due_on__gte=today)
    return rows if corrected else rows.filter(due_provisional=True)
