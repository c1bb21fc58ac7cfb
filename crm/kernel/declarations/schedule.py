"""Periodic work: what, when, why, declared in each module's `schedule.py`."""

from dataclasses import dataclass, field
from datetime import time
from typing import Any

from crm.kernel.declarations import Text, add


@dataclass(frozen=True)
class Work:
    """One periodic job: a name, the task, seconds or a time of the day (Shanghai), why it exists, its arguments.

    `keep_runs`: every run stays on the jobs page, not the last alone. `tells`: the job writes its runs itself, with its
    progress (`outbox.runs.job(name)`, the same name as here). `label`: the name as people read it. `figures`: what the
    job counts, in words.
    """

    name: str
    task: str
    when: float | time
    why: Text
    arguments: dict[str, Any] = field(default_factory=dict)
    keep_runs: bool = False
    tells: bool = False
    label: Text = ""
    figures: dict[str, Text] = field(default_factory=dict)


WORK: dict[str, Work] = {}


def register(*works: Work) -> None:
    """Declare periodic jobs."""
    for work in works:
        add(WORK, work.name, work)
