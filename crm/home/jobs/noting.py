"""Every run of the periodic table leaves a `JobRun`: when, how long, what it answered, what went wrong.

Connected to the worker's signals, so that a task needs no line of its own. Of frequent small jobs only the last run is
kept; a job that tells its own progress (`Work.tells`) writes its runs itself.
"""

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from celery import signals
from django.conf import settings

from crm.kernel.declarations.schedule import WORK, Work
from crm.kernel.outbox import runs
from crm.kernel.outbox.models import JobRun
from crm.kernel.workdays import clock

logger = logging.getLogger(__name__)
_running: dict[str, runs.Run] = {}


def work_of(task: str, arguments: dict[str, Any]) -> Work | None:
    """The line of the table that a task with these arguments belongs to; None for a task of another origin."""
    same = [work for work in WORK.values() if work.task == task]
    return next((work for work in same if work.arguments == arguments), same[0] if same else None)


def next_run(work: Work, known: Iterable[JobRun], now: datetime) -> datetime:
    """When the work is due next, by its last runs; a moment that is past: it is due.

    A daily line is due from its hour until the day ends, once. One that began and did not end well is tried again when
    no worker can be at it any more.
    """
    if isinstance(work.when, float):
        return max((run.started_at + timedelta(seconds=work.when) for run in known), default=now)
    today = now.astimezone(clock.SHANGHAI).date()
    hour = datetime.combine(today, work.when, clock.SHANGHAI)
    # The night's runs are named by their day: one made good for an earlier day is not today's.
    mine = [run for run in known if run.started_at >= hour and run.key in ("", today.isoformat())]
    if any(run.state == JobRun.State.DONE for run in mine):
        return hour + timedelta(days=1)
    last = max((run.started_at for run in mine), default=None)
    return max(hour, last + timedelta(seconds=settings.CELERY_TASK_TIME_LIMIT)) if last else hour


@signals.task_prerun.connect
def begun(task_id: str = "", task: Any = None, kwargs: dict[str, Any] | None = None, **_: Any) -> None:
    """Note that a line of the table runs. That this could not be noted must not stop the work."""
    work = work_of(getattr(task, "name", ""), kwargs or {})
    if work is None or work.tells:
        return
    try:
        _running[task_id] = runs.begin(work.name, keep=work.keep_runs)
    except Exception:
        logger.exception("the run of %s could not be noted", work.name)


@signals.task_postrun.connect
def ended(task_id: str = "", state: str = "", retval: Any = None, **_: Any) -> None:
    """Note how it ended; a number that it answers is its count, several are its figures."""
    run = _running.pop(task_id, None)
    if run is None:
        return
    try:
        if isinstance(retval, int):
            run.row.done = run.row.total = retval
            run.row.save(update_fields=["done", "total"])
        elif isinstance(retval, dict):
            run.count(**retval)
        run.end("" if state == "SUCCESS" else f"{type(retval).__name__}: {retval}")
    except Exception:
        logger.exception("the end of %s could not be noted", run.row.name)
