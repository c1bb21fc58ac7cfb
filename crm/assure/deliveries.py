"""What the rows about due work share: late to-dos by the hundred, real workers and beats to kill, and the tally.

Each to-do is one reminder before its day, one at it and one escalation, all of them due. A reminder is kept once by the
key of its notice; an escalation is not: done twice it would leave two audit rows, two notices, and go one head further.
"""

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import connection

from crm.kernel.audit.context import SYSTEM
from crm.kernel.audit.models import AuditEvent
from crm.kernel.notify.models import Notice
from crm.kernel.outbox.models import DueItem
from crm.kernel.workdays import clock
from crm.kernel.worklist.services import ESCALATE, REMIND, Wanted, todo_open_many
from crm.runtime.templatedb import with_database
from crm.testing.people import cast_member

BASE = Path(__file__).resolve().parents[2]
KIND = "assure.todo"


@dataclass(frozen=True)
class Batch:
    """So many to-dos of one run; `since`: when they were made, by the real clock."""

    label: str
    count: int
    since: datetime

    @property
    def items(self) -> int:
        """Deliveries that are due at once: two reminders and an escalation for each."""
        return 3 * self.count


def make(label: str, count: int) -> Batch:
    """`count` to-dos of one owner, opened ten days ago and a working week late."""
    owner, _head, _chief = (cast_member(part) for part in ("owner", "head", "final_approver"))
    since, today = clock.now(), clock.today()
    with clock.at(today - timedelta(days=40)):
        rows = [Wanted(KIND, (label, number), owner.pk, today - timedelta(days=20), "/") for number in range(count)]
        todo_open_many(rows, by=SYSTEM)
    return Batch(label, count, since)


def waiting(batch: Batch) -> int:
    """Deliveries of the batch that are still to be done (the next step of an escalation is due another day)."""
    return DueItem.objects.filter(
        kind__in=(REMIND, ESCALATE), state=DueItem.State.PENDING, due_at__lt=batch.since
    ).count()


def tally(batch: Batch) -> dict[str, Any]:
    """What came of the batch: how many effects were lost and how many came twice."""
    reminders = Notice.objects.filter(kind="todo.reminder", created_at__gte=batch.since).count()
    notices = Notice.objects.filter(kind="todo.escalated", created_at__gte=batch.since).count()
    records = AuditEvent.objects.filter(action="todo.escalated", at__gte=batch.since).count()
    dead = DueItem.objects.filter(state=DueItem.State.DEAD).count()
    found = ((reminders, 2 * batch.count), (notices, batch.count), (records, batch.count))
    return {
        "items": batch.items,
        "lost": sum(max(0, ought - got) for got, ought in found),
        "doubled": sum(max(0, got - ought) for got, ought in found),
        "dead": dead,
        "waiting": waiting(batch),
    }


def clear() -> None:
    """Forget the deliveries of the last seed, so that the next is counted alone."""
    DueItem.objects.all().delete()


def environment() -> dict[str, str]:
    """A process of the site on this database, in the application's role."""
    url = with_database(os.environ["DATABASE_URL"], str(connection.settings_dict["NAME"]))
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "crm.settings.dev",
        "DATABASE_URL": url,
        "DATABASE_ROLE": "app",
        "DATABASE_PURPOSE": "task",
        "EMAIL_URL": "dummymail://",
    }


class Process:
    """A worker or a beat with all its children in a group of their own, so that one signal reaches all of them."""

    def __init__(self, name: str, *arguments: str) -> None:
        self.command = [sys.executable, "-m", "celery", "-A", "crm.celery", *arguments]
        self.folder = tempfile.TemporaryDirectory()
        self.log = Path(self.folder.name) / f"{name}.log"
        self.running: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self.log.open("ab") as log:
            self.running = subprocess.Popen(
                self.command, cwd=BASE, env=environment(), stdout=log, stderr=log, start_new_session=True
            )

    def kill(self, how: int = signal.SIGKILL) -> None:
        """At once, and wait until it is gone."""
        if self.running is None:
            return
        os.killpg(self.running.pid, how)
        self.running.wait(timeout=60)
        self.running = None


@contextmanager
def worker(queue: str) -> Iterator[Process]:
    """A running worker of `queue` with two children, killed at the end."""
    options = ("-Q", queue, "-c", "2", "-l", "warning", "--without-gossip", "--without-mingle")
    process = Process("worker", "worker", *options, "-n", f"{queue}@assure")
    process.start()
    try:
        yield process
    finally:
        process.kill()


@contextmanager
def beats(count: int) -> Iterator[None]:
    """So many beats at once, each with a schedule file of its own."""
    running = []
    for _number in range(count):
        process = Process("beat")
        process.command += ["beat", "-l", "warning", "--pidfile=", "--schedule", str(process.log.with_name("schedule"))]
        process.start()
        running.append(process)
    try:
        yield
    finally:
        for process in running:
            process.kill()
