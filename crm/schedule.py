"""All periodic work in one table: what, when, why.

Beat is only a poke: what is due lies in PostgreSQL and every task can be run twice, so any number of beats may run and
a missed poke is made good by the next. What is done once a day is asked for every minute: whether its hour has come and
today's run is still to be done stands in PostgreSQL (`crm.home.tasks.do_daily`). A task named here but not written yet
fails `make test` (crm/tests/reliability/test_runtime.py).
"""

from dataclasses import dataclass, field
from datetime import time
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Work:
    """One line of the table: a name, the task, seconds or an hour of the day (Shanghai), why it exists, its arguments.

    `keep_runs`: every run stays on the jobs page, not the last alone. `tells`: the job writes its runs itself, with its
    progress (`outbox.runs.job(name)`, the same name as here). `label`: the name as people read it.
    """

    name: str
    task: str
    when: float | time
    why: str | Promise
    arguments: dict[str, Any] = field(default_factory=dict)
    keep_runs: bool = False
    tells: bool = False
    label: str | Promise = ""


PROVISIONAL = _("limits beyond the official calendar are provisional until the year's notice is there")

WORK: tuple[Work, ...] = (
    Work(
        "seal the audit trail",
        "crm.kernel.audit.tasks.seal_audit",
        5.0,
        _("what was committed gets its sequence and hash within seconds"),
        label=_("Seal the audit trail"),
    ),
    Work(
        "anchor the audit trail",
        "crm.kernel.audit.tasks.anchor_audit",
        300.0,
        _("a row is witnessed from outside within ten minutes"),
        label=_("Anchor the audit trail"),
    ),
    Work(
        "anchor the day's end",
        "crm.kernel.audit.tasks.anchor_audit",
        time(23, 0),
        _("one head a day that a person can file or print"),
        {"day_end": True},
        label=_("Anchor the day's end"),
        keep_runs=True,
    ),
    Work(
        "do what is due",
        "crm.kernel.outbox.tasks.relay",
        5.0,
        _("reminders and mails are delivered at their moment, whatever broke meanwhile"),
        label=_("Do what is due"),
    ),
    Work(
        "see whose move each review is",
        "risk.reviews.tasks.refresh_waiting",
        60.0,
        _("roles end, people leave: whoever may decide sees the case within a minute; nobody left raises an alarm"),
        label=_("See whose move each review is"),
    ),
    Work(
        "compute the KPI",
        "staff.kpi.tasks.tend_quarters",
        time(4, 20),
        _("the preview follows what happened; a fact that changed behind a closed quarter becomes a correction"),
        label=_("Compute the KPI"),
        keep_runs=True,
    ),
    Work(
        "review risk at night",
        "risk.indicators.tasks.review_night",
        time(2, 10),
        _("indicators are judged for every client before the day begins; a run that was killed goes on where it stood"),
        label=_("Review risk at night"),
        keep_runs=True,
        tells=True,
    ),
    Work(
        "see who answers complaints",
        "staff.complaints.tasks.watch_complaints",
        600.0,
        _("a complaint of who is gone or became concerned reaches the next above within the hour"),
        label=_("See who answers complaints"),
    ),
    Work(
        "see who keeps warned clients",
        "risk.indicators.tasks.follow_keepers",
        600.0,
        _("a warning follows its client within the hour; what waits for who is gone waits for the head"),
        label=_("See who keeps warned clients"),
    ),
    Work(
        "date complaints again",
        "staff.complaints.tasks.refresh_dates",
        time(0, 20),
        PROVISIONAL,
        label=_("Date complaints again"),
    ),
    Work(
        "date reviews again",
        "risk.reviews.tasks.refresh_review_dates",
        time(0, 20),
        PROVISIONAL,
        label=_("Date reviews again"),
    ),
    Work(
        "date warnings again",
        "risk.indicators.tasks.refresh_warning_dates",
        time(0, 20),
        PROVISIONAL,
        label=_("Date warnings again"),
    ),
)


# A line that is done once a day is asked for so often.
EVERY_MINUTE = 60.0
DAILY = "crm.home.tasks.do_daily"


def beat_schedule() -> dict[str, dict[str, Any]]:
    """The table in Celery's form. An unclaimed poke expires before the next one, so they never pile up."""
    return {work.name: _poke(work) for work in WORK}


def _poke(work: Work) -> dict[str, Any]:
    if isinstance(work.when, time):
        task, every, given = DAILY, EVERY_MINUTE, {"name": work.name}
    else:
        task, every, given = work.task, work.when, work.arguments
    return {"task": task, "schedule": every, "kwargs": given, "options": {"expires": every}}
