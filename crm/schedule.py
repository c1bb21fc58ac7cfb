"""The periodic work of all modules in Celery's form. What, when and why stands in each module's `schedule.py`.

Beat is only a poke: what is due lies in PostgreSQL and every task can be run twice, so any number of beats may run and
a missed poke is made good by the next. What is done once a day is asked for every minute: whether its hour has come and
today's run is still to be done stands in PostgreSQL (`crm.home.jobs.tasks.do_daily`).
"""

from datetime import time
from typing import Any

from crm.kernel.declarations.schedule import WORK, Work

# A job that is done once a day is asked for so often.
EVERY_MINUTE = 60.0
# The task that does so. Beats of an earlier release poke it by this name.
DAILY = "crm.home.tasks.do_daily"


def beat_schedule() -> dict[str, dict[str, Any]]:
    """All periodic work in Celery's form. An unclaimed poke expires before the next one, so they never pile up."""
    return {work.name: _poke(work) for work in WORK.values()}


def _poke(work: Work) -> dict[str, Any]:
    if isinstance(work.when, time):
        task, every, given = DAILY, EVERY_MINUTE, {"name": work.name}
    else:
        task, every, given = work.task, work.when, work.arguments
    return {"task": task, "schedule": every, "kwargs": given, "options": {"expires": every}}
