"""Every run of the periodic table leaves a `JobRun`: when, how long, what it answered, what went wrong.

Connected to the worker's signals, so that a task needs no line of its own. Of frequent small jobs only the last run is
kept; a job that tells its own progress (`Work.tells`) writes its runs itself.
"""

import logging
from datetime import datetime, timedelta
from typing import Any

from celery import signals
from celery.schedules import crontab

from crm.kernel.outbox import runs
from crm.schedule import WORK, Work

logger = logging.getLogger(__name__)
_running: dict[str, runs.Run] = {}


def work_of(task: str, arguments: dict[str, Any]) -> Work | None:
    """The line of the table that a task with these arguments belongs to; None for a task of another origin."""
    same = [work for work in WORK if work.task == task]
    return next((work for work in same if work.arguments == arguments), same[0] if same else None)


def next_after(work: Work, moment: datetime) -> datetime:
    """When the work is due next, after `moment`."""
    if isinstance(work.when, crontab):
        return moment + work.when.remaining_estimate(moment)
    return moment + timedelta(seconds=work.when)


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
    """Note how it ended; a number that it answers is its count."""
    run = _running.pop(task_id, None)
    if run is None:
        return
    try:
        if isinstance(retval, int):
            run.row.done = run.row.total = retval
            run.row.save(update_fields=["done", "total"])
        run.end("" if state == "SUCCESS" else f"{type(retval).__name__}: {retval}")
    except Exception:
        logger.exception("the end of %s could not be noted", run.row.name)
