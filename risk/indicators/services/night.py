"""The night's review: every client judged by every indicator, chunk by chunk, set-based in SQL.

A chunk is one transaction that also moves the run's cursor, so a run that was killed goes on where it stood, and two
that meet take turns. Nothing of a client comes to Python.
"""

import json
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from clients.file.models import Client
from clients.standing.services import standing_record_many
from crm.kernel.access.errors import Conflict, NotPermitted, RuleRefused
from crm.kernel.access.policies import Viewer
from crm.kernel.audit.context import SYSTEM
from crm.kernel.audit.services import record, record_set
from crm.kernel.outbox import runs
from crm.kernel.workdays import clock
from crm.kernel.workdays.rules.calendar import add_workdays, reach
from crm.kernel.workdays.selectors import calendar_between
from risk.indicators import catalogue
from risk.indicators.models import Indicator, Level, NightRun
from risk.indicators.services import statements, todos

# The memory that the database needs for a chunk grows with it.
CHUNK = 5_000
# As schedule.py calls it.
JOB = "review risk at night"
Progress = Callable[[NightRun], None]


def risk_review(
    *, as_of: date | None = None, by: Viewer, chunk: int = CHUNK, progress: Progress | None = None
) -> NightRun:
    """Judge every client as of a day (today unless told) and answer the finished run with its counts.

    An unfinished run of that day is taken up where it stood, one of an earlier day is given up. RuleRefused: a day to
    come, or one before the last finished run (a clock that was set back must not undo what is known).
    """
    if not by.is_system:
        raise NotPermitted
    day = as_of or clock.today()
    # Noted before it begins: one that is refused is seen, and not tried again every minute.
    with runs.job(JOB, key=day.isoformat()) as job:
        run = _begin(day, by)
        total = Client.objects.filter(pk__lte=run.last_client).count()
        while _judge_next(run.pk, chunk):
            run = NightRun.objects.get(pk=run.pk)
            job.progress(run.clients, total, **run.counts)
            if progress is not None:
                progress(run)
    return _finish(run.pk, by)


def _begin(as_of: date, by: Viewer) -> NightRun:
    """The run of that day: the unfinished one, or a new one over all clients there are now."""
    if as_of > clock.today():
        raise RuleRefused(_("%(day)s is in the future.") % {"day": as_of}, field="as_of", code="future")
    last = NightRun.objects.filter(state=NightRun.State.DONE).order_by("-as_of").first()
    if last is not None and as_of < last.as_of:
        raise RuleRefused(
            _("The risk check of %(last)s is complete; %(day)s is earlier.") % {"last": last.as_of, "day": as_of},
            field="as_of",
            code="past",
        )
    try:
        with transaction.atomic():
            running = NightRun.objects.select_for_update().filter(state=NightRun.State.RUNNING).first()
            # One that began before a new indicator was installed cannot judge by it: the day is begun anew.
            is_whole = running is not None and set(catalogue.CODES) <= set(running.rules)
            if running is not None and running.as_of == as_of and is_whole:
                return running
            if running is not None and running.as_of > as_of:
                raise Conflict(_("The risk check of %(day)s is running.") % {"day": running.as_of}, code="running")
            if running is not None:
                running.state, running.finished_at = NightRun.State.ABANDONED, clock.now()
                running.save(update_fields=["state", "finished_at"])
                record("risk_night.abandoned", subject=running, by=by, data={"cursor": running.cursor})
            newest = Client.objects.order_by("-pk").values_list("pk", flat=True).first()
            return NightRun.objects.create(as_of=as_of, last_client=newest or 0, rules=catalogue.in_force(as_of))
    except IntegrityError:
        # Somebody began in this very moment: theirs is taken up.
        return NightRun.objects.get(state=NightRun.State.RUNNING, as_of=as_of)


@transaction.atomic
def _judge_next(run_id: int, chunk: int) -> bool:
    """Judge the next clients behind the cursor and move it; False when none is left."""
    run = NightRun.objects.select_for_update().get(pk=run_id)
    if run.state != NightRun.State.RUNNING or run.cursor >= run.last_client:
        return False
    ahead = Client.objects.filter(pk__gt=run.cursor, pk__lte=run.last_client).order_by("pk")
    keys = list(ahead.values_list("pk", flat=True)[chunk - 1 : chunk])
    high = keys[0] if keys else run.last_client
    with connection.cursor() as cursor:
        # The door's limit is made for pages; a chunk is bounded by its size.
        cursor.execute("SET LOCAL statement_timeout = '5min'")
        counts = judge(run, low=run.cursor, high=high)
    run.clients += ahead.filter(pk__lte=high).count()
    run.counts = {kind: run.counts.get(kind, 0) + counts.get(kind, 0) for kind in {**run.counts, **counts}}
    run.cursor = high
    run.save(update_fields=["clients", "counts", "cursor"])
    return True


def judge(run: NightRun, *, low: int, high: int) -> dict[str, int]:
    """Judge the clients behind `low` up to `high` as of the run's day; how many warnings changed, by kind."""
    given = {**parameters(run.rules, run.as_of), "low": low, "high": high, "run": run.pk}
    values = {code: run.rules[catalogue.CODE_OF[code]]["value"] for code in Indicator.values}
    with connection.cursor() as cursor:
        cursor.execute(statements.chunk(values), given)
        first, last, found = cursor.fetchone()
    counts: dict[str, int] = json.loads(found) if isinstance(found, str) else found
    if not counts:
        return {}
    noted = {"first": first, "last": last, "run": run.pk, "as_of": run.as_of, "due": given["due"]}
    record_set(statements.EVENTS, noted, subject_type="risk.warningepisode", by=SYSTEM)
    standing_record_many(
        rows=statements.STANDING, parameters=noted, source=f"risk_night:{run.pk}", as_of=run.as_of, by=SYSTEM
    )
    todos.follow(noted, counts, by=SYSTEM)
    return counts


def parameters(rules: Mapping[str, Mapping[str, Any]], as_of: date) -> dict[str, Any]:
    """What the statements are given by the rules of a run: thresholds, deadlines, versions."""
    given: dict[str, Any] = {
        "as_of": as_of,
        "quiet": rules[catalogue.QUIET]["value"],
        "sectors": json.dumps(rules[catalogue.SECTORS]["value"]["sectors"]),
        "tested": [row["code"] for row in rules[catalogue.PRODUCTS]["value"] if row["capital_test"]],
        "stamps": json.dumps(catalogue.stamps(rules)),
        "due": json.dumps(_deadlines(rules, as_of)),
    }
    for code in Indicator.values:
        value = rules[catalogue.CODE_OF[code]]["value"]
        amber = json.dumps(rules[value["amber_by"]]["value"]) if "amber_by" in value else value["amber"]
        given |= {f"{code}_amber": amber, f"{code}_red": value["red"]}
    return given


def _deadlines(rules: Mapping[str, Mapping[str, Any]], as_of: date) -> dict[str, Any]:
    """Indicator → level → the day an answer is due. They all start on the same day, so there are two or three."""
    calendar = calendar_between(as_of, as_of + timedelta(days=reach(60)))

    def due(code: str, level: str) -> dict[str, Any]:
        days = rules[catalogue.CODE_OF[code]]["value"]["respond_workdays"][level]
        found = add_workdays(as_of, days, calendar)
        return {"date": found.date.isoformat(), "provisional": found.provisional}

    return {code: {level: due(code, level) for level in Level.values} for code in Indicator.values}


@transaction.atomic
def _finish(run_id: int, by: Viewer) -> NightRun:
    """Mark the run as done and record it once, with the versions it judged by and what changed."""
    run = NightRun.objects.select_for_update().get(pk=run_id)
    if run.state == NightRun.State.RUNNING:
        run.state, run.finished_at = NightRun.State.DONE, clock.now()
        run.save(update_fields=["state", "finished_at"])
        versions = [item["stamp"] for item in run.rules.values()]
        counted = {"as_of": run.as_of, "clients": run.clients, "counts": run.counts, "rules": versions}
        record("risk_night.done", subject=run, by=by, data=counted)
    return run
