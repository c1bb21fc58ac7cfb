"""All periodic work in one table: what, when, why.

Beat is only a poke: what is due lies in PostgreSQL and every task can be run twice, so any number of beats may run and
a missed poke is made good by the next. A task named here but not written yet fails `make test`
(crm/tests/reliability/test_runtime.py).
"""

from dataclasses import dataclass, field
from typing import Any

from celery.schedules import crontab
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Work:
    """One line of the table: a name, the task, seconds or a crontab (Shanghai time), why it exists, its arguments.

    `keep_runs`: every run stays on the jobs page, not the last alone. `tells`: the job writes its runs itself, with its
    progress (`outbox.runs.job(name)`, the same name as here). `label`: the name as people read it.
    """

    name: str
    task: str
    when: float | crontab
    why: str
    arguments: dict[str, Any] = field(default_factory=dict)
    keep_runs: bool = False
    tells: bool = False
    label: str | Promise = ""


WORK: tuple[Work, ...] = (
    Work(
        "seal the audit trail",
        "crm.kernel.audit.tasks.seal_audit",
        5.0,
        "committed rows get their sequence and hash within seconds; /readyz tells when the sealer is a minute late",
        label=_("Seal the audit trail"),
    ),
    Work(
        "anchor the audit trail",
        "crm.kernel.audit.tasks.anchor_audit",
        300.0,
        "a row is covered from outside within ten minutes (trust.md row 25)",
        label=_("Anchor the audit trail"),
    ),
    Work(
        "anchor the day's end",
        "crm.kernel.audit.tasks.anchor_audit",
        crontab(hour=23, minute=58),
        "one head a day that a person can file or print",
        {"day_end": True},
        label=_("Anchor the day's end"),
        keep_runs=True,
    ),
    Work(
        "do what is due",
        "crm.kernel.outbox.tasks.relay",
        5.0,
        "reminders and mails lie in PostgreSQL with their moment; a poke on commit is faster, this one is sure",
        label=_("Do what is due"),
    ),
    Work(
        "see whose move each review is",
        "risk.reviews.tasks.refresh_waiting",
        60.0,
        "roles end, people leave: whoever may decide sees the case within a minute, an empty set alarms",
        label=_("See whose move each review is"),
    ),
    Work(
        "compute the KPI",
        "staff.kpi.tasks.tend_quarters",
        crontab(hour=4, minute=20),
        "the preview follows what happened yesterday; a fact that changed behind a closed quarter becomes a correction",
        label=_("Compute the KPI"),
        keep_runs=True,
    ),
    Work(
        "review risk at night",
        "risk.indicators.tasks.review_night",
        crontab(hour=2, minute=10),
        "indicators are judged for every client before the day begins; a run that was killed goes on where it stood",
        label=_("Review risk at night"),
        keep_runs=True,
        tells=True,
    ),
    Work(
        "see who answers complaints",
        "staff.complaints.tasks.watch_complaints",
        600.0,
        "a complaint whose responsible person is gone reaches the next above within the hour (trust.md row 32)",
        label=_("See who answers complaints"),
    ),
    Work(
        "date complaints again",
        "staff.complaints.tasks.refresh_dates",
        crontab(hour=0, minute=20),
        "limits beyond the official calendar are provisional until the year's notice is there (rules 10.5)",
        label=_("Date complaints again"),
    ),
)


def beat_schedule() -> dict[str, dict[str, Any]]:
    """The table in Celery's form. An unclaimed poke expires before the next one, so they never pile up."""
    return {
        work.name: {
            "task": work.task,
            "schedule": work.when,
            "kwargs": work.arguments,
            "options": {"expires": work.when if isinstance(work.when, float) else 3600},
        }
        for work in WORK
    }
