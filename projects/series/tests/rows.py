"""Rows and bodies of this module for the access matrix and the budgets."""

from datetime import datetime, time, timedelta
from typing import Any

from clients.relations.services import interaction_cancel
from crm.kernel.workdays import clock
from crm.tests.assurance.world import ABSENT, World
from projects.series.models import SeriesPeriod
from projects.series.tests.factories import quarterly, weekly


def add_rows(world: World) -> None:
    """A weekly series in three situations; in `own` besides a period that is overdue and one that lacks its meeting."""
    for name in ("own", "team", "other"):
        found = world.situations[name]
        row = weekly(found.client, title=f"周例会{name}", people=[found.client.owner])
        found.rows["series"] = row
        found.marks["series"] = row.title
    own = world.situations["own"]
    own.rows["seriesmember"] = own.rows["series"].members.get()
    periods = list(own.rows["series"].periods.select_related("appointment").order_by("first_on"))
    cancelled = periods[-1]
    meeting = cancelled.appointment
    interaction_cancel(interaction=meeting, reason="客户出差", expected_version=meeting.version, by=own.client.owner)
    own.rows["cancelledperiod"] = cancelled
    day = clock.today() - timedelta(days=28)
    own.rows["seriesperiod"] = SeriesPeriod.objects.create(
        series=own.rows["series"],
        first_on=day - timedelta(days=6),
        last_on=day,
        meet_on=day - timedelta(days=3),
        red_on=day + timedelta(days=1),
        level=SeriesPeriod.Level.RED,
    )


def _new(world: World, situation: str) -> dict[str, Any]:
    made = world.situations.get(situation or "own")
    given = {"kind": "yearly", "title": "年度座谈会", "at": "14:00"}
    return {**given, "client": made.client.pk if made else ABSENT}


def _version(world: World, situation: str) -> int:
    return getattr(world.row("series", situation), "version", 1)


def _change(world: World, situation: str) -> dict[str, Any]:
    given = {"title": "二期项目例会", "weekday": 3, "at": "09:30"}
    return {**given, "version": _version(world, situation)}


def _end(name: str) -> Any:
    return lambda world, situation: {"reason": "项目竣工", name: _version(world, situation)}


def _arrange(world: World, situation: str) -> dict[str, Any]:
    row = world.row("cancelledperiod", situation)
    day = getattr(row, "last_on", clock.today())
    return {"starts_at": datetime.combine(day, time(18), clock.SHANGHAI).isoformat(timespec="minutes")}


EXPLAIN = {"reason": "客户停产检修，会议顺延"}
BODIES = {
    "projects:series_create": _new,
    "projects:series_update": _change,
    "projects:series_end": _end("version"),
    "projects:period_arrange": _arrange,
    "projects:period_explain": lambda world, situation: EXPLAIN,
    "api:series-list": _new,
    "api:series-detail": lambda world, situation: {"place": "客户三楼会议室"},
    "api:series-end": _end("expected_version"),
    "api:seriesperiod-arrange": _arrange,
    "api:seriesperiod-explain": lambda world, situation: EXPLAIN,
}


def grow(manager: Any, client: Any) -> None:
    """A dialogue with the client, once for each."""
    if not client.series.exists():
        quarterly(client, by=manager)
