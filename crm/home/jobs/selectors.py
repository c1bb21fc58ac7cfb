"""The periodic jobs beside their last runs."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings

from crm.home.jobs.noting import next_run
from crm.kernel.access.errors import Text
from crm.kernel.access.policies import Viewer
from crm.kernel.declarations.schedule import WORK, Work
from crm.kernel.outbox.models import DueItem, JobRun
from crm.kernel.workdays import clock

RECENT = 30


@dataclass(frozen=True)
class RunLine:
    """A run with its length so far, or in all."""

    run: JobRun
    label: Text

    @property
    def state(self) -> str:
        """How it stands. What should still run after the longest time a task may take was killed and told nobody."""
        longest = timedelta(seconds=settings.CELERY_TASK_TIME_LIMIT)
        is_lost = self.run.state == JobRun.State.RUNNING and self.run.started_at + longest < clock.now()
        return "cut_off" if is_lost else self.run.state

    @property
    def seconds(self) -> float | None:
        """How long it took, or takes by now; None where nobody knows."""
        if self.state == "cut_off":
            return None
        return round(((self.run.finished_at or clock.now()) - self.run.started_at) / timedelta(seconds=1), 1)

    @property
    def counts(self) -> str:
        """The figures in one line, in words where there are any."""
        words = WORK[self.run.name].figures if self.run.name in WORK else {}
        return " · ".join(f"{words.get(name, name)} {figure}" for name, figure in self.run.counts.items())


@dataclass(frozen=True)
class Job:
    """One line of the table with its last run (None: never yet) and when it is due next."""

    work: Work
    last: RunLine | None
    due_at: datetime


def jobs(*, viewer: Viewer) -> list[Job]:
    """Every line of the table, one query."""
    rows = JobRun.objects.visible_to(viewer).order_by("name", "-started_at").distinct("name")
    last, now = {run.name: run for run in rows}, clock.now()
    return [_job(work, last.get(work.name), now) for work in WORK.values()]


def _job(work: Work, last: JobRun | None, now: datetime) -> Job:
    return Job(work, RunLine(last, work.label) if last else None, next_run(work, [last] if last else [], now))


def recent_runs(*, viewer: Viewer) -> list[RunLine]:
    """The newest kept runs, those that run before those that are over."""
    often = [work.name for work in WORK.values() if not work.keep_runs]
    rows = JobRun.objects.visible_to(viewer).exclude(name__in=often).order_by("-started_at", "-id")[:RECENT]
    labels = {work.name: work.label for work in WORK.values()}
    lines = [RunLine(run, labels.get(run.name, run.name)) for run in rows]
    return sorted(lines, key=lambda line: line.state != JobRun.State.RUNNING)


def deliveries(*, viewer: Viewer) -> dict[str, int]:
    """How many deliveries are due and how many were given up."""
    rows = DueItem.objects.visible_to(viewer)
    return {
        "due": rows.filter(state=DueItem.State.PENDING, next_try_at__lte=clock.now()).count(),
        "dead": rows.filter(state=DueItem.State.DEAD).count(),
    }
