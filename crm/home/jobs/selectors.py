"""The jobs of the house beside their last runs."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from crm.home.jobs.noting import next_after
from crm.kernel.access.errors import Text
from crm.kernel.access.policies import Viewer
from crm.kernel.outbox.models import DueItem, JobRun
from crm.kernel.workdays import clock
from crm.schedule import WORK, Work

RECENT = 30


@dataclass(frozen=True)
class Job:
    """One line of the table with its last run (None: never yet)."""

    work: Work
    last: JobRun | None

    @property
    def due_at(self) -> datetime:
        """When it is due next."""
        return next_after(self.work, self.last.started_at if self.last else clock.now())


@dataclass(frozen=True)
class RunLine:
    """A run with its length so far, or in all."""

    run: JobRun
    label: Text

    @property
    def seconds(self) -> float:
        return round(((self.run.finished_at or clock.now()) - self.run.started_at) / timedelta(seconds=1), 1)

    @property
    def counts(self) -> str:
        """The figures in one line."""
        return " · ".join(f"{name} {figure}" for name, figure in self.run.counts.items())


def jobs(*, viewer: Viewer) -> list[Job]:
    """Every line of the table, one query."""
    rows = JobRun.objects.visible_to(viewer).order_by("name", "-started_at").distinct("name")
    last = {run.name: run for run in rows}
    return [Job(work, last.get(work.name)) for work in WORK]


def recent_runs(*, viewer: Viewer) -> list[RunLine]:
    """The newest kept runs, those that run before those that are over."""
    often = [work.name for work in WORK if not work.keep_runs]
    rows = JobRun.objects.visible_to(viewer).exclude(name__in=often).order_by("-started_at", "-id")[:RECENT]
    labels = {work.name: work.label for work in WORK}
    lines = [RunLine(run, labels.get(run.name, run.name)) for run in rows]
    return sorted(lines, key=lambda line: line.run.finished_at is not None)


def deliveries(*, viewer: Viewer) -> dict[str, int]:
    """How many deliveries are due and how many were given up."""
    rows = DueItem.objects.visible_to(viewer)
    return {
        "due": rows.filter(state=DueItem.State.PENDING, next_try_at__lte=clock.now()).count(),
        "dead": rows.filter(state=DueItem.State.DEAD).count(),
    }
