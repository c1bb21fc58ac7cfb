"""All periodic work in one table: what, when, why.

Beat is only a poke: what is due lies in PostgreSQL and every task can be run twice, so any number of beats may run and
a missed poke is made good by the next. A task named here but not written yet fails `make test`
(crm/tests/reliability/test_runtime.py).
"""

from dataclasses import dataclass
from typing import Any

from celery.schedules import crontab


@dataclass(frozen=True)
class Work:
    """One line of the table: the task's name, seconds or a crontab, and why it exists."""

    task: str
    when: float | crontab
    why: str


WORK: tuple[Work, ...] = ()


def beat_schedule() -> dict[str, dict[str, Any]]:
    """The table in Celery's form. An unclaimed poke expires before the next one, so they never pile up."""
    return {
        work.task: {
            "task": work.task,
            "schedule": work.when,
            "options": {"expires": work.when} if isinstance(work.when, (int, float)) else {"expires": 3600},
        }
        for work in WORK
    }
