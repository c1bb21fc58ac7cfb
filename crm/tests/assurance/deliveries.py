"""What the rows about due work share: late to-dos by the hundred, real workers and beats to kill, and the tally.

Each to-do is one reminder before its day, one at it and one escalation, all of them due. A reminder is kept once by the
key of its notice; an escalation is not: done twice it would leave two audit rows, two notices, and go one head further.
"""

import http.client
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import connection

from crm.kernel.audit.models import AuditEvent
from crm.kernel.notify.models import Notice
from crm.kernel.outbox.models import DueItem
from crm.kernel.workdays import clock
from crm.kernel.worklist.services import ESCALATE, REMIND, todo_open
from crm.tests.support.people import cast_member
from tools.services.process import Child, spawn
from tools.services.supervisor import beat_command, web_command, worker_command
from tools.services.templatedb import with_database

BASE = Path(__file__).resolve().parents[3]
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
        for number in range(count):
            # By the owner: who opens a to-do for himself is not told of it.
            todo_open(
                kind=KIND,
                subject=(label, number),
                owner=owner,
                due_on=today - timedelta(days=20),
                url="/",
                by=owner,
            )
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
    """A worker, beat or web server with all its children in a group of its own: one signal reaches all of them."""

    def __init__(self, name: str, command: list[str], **environ: str) -> None:
        self.name, self.command, self.environ = name, command, environ
        self.folder = tempfile.TemporaryDirectory()
        self.log = Path(self.folder.name) / f"{name}.log"
        self.child: Child | None = None

    def start(self) -> None:
        self.child = spawn(
            self.name, self.command, log=self.log, env={**environment(), **self.environ}, cwd=BASE, patience=300
        )

    def kill(self) -> None:
        """At once, and wait until it is gone."""
        if self.child is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.child.process.pid, signal.SIGKILL)
            self.child.process.wait(timeout=60)

    def stop(self) -> float:
        """Ask it to end, as a rolling restart does; how many seconds it took."""
        assert self.child is not None
        started = time.monotonic()
        self.child.stop()
        return time.monotonic() - started


class Nursery:
    """Workers that start in a moment, to be killed by the dozen (crm.tests.assurance.spare_workers)."""

    def __init__(self, queue: str) -> None:
        options = ("-c", "2", "-l", "warning", "--without-gossip", "--without-mingle")
        self.arguments = ["worker", "-Q", queue, *options, "-n", f"{queue}@assure"]
        self.folder = tempfile.TemporaryDirectory()
        self.pid = 0
        command = [sys.executable, "-W", "ignore", "-m", "crm.tests.assurance.spare_workers"]
        self.mother = subprocess.Popen(
            command, cwd=BASE, env=environment(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self._said()

    def _said(self) -> str:
        assert self.mother.stdout is not None
        return self.mother.stdout.readline().strip()

    def start(self) -> None:
        assert self.mother.stdin is not None
        self.mother.stdin.write(json.dumps([str(Path(self.folder.name) / "worker.log"), *self.arguments]) + "\n")
        self.mother.stdin.flush()
        self.pid = int(self._said())

    def kill(self) -> None:
        """The worker and its children at once, and wait until it is gone."""
        # A worker killed in its first moment has no group of its own yet.
        for kill in (os.kill, os.killpg):
            with suppress(ProcessLookupError):
                kill(self.pid, signal.SIGKILL)
        while Path(f"/proc/{self.pid}").exists():
            time.sleep(0.005)

    def end(self) -> None:
        """The worker and whoever starts it."""
        self.kill()
        self.mother.kill()
        self.mother.wait()


@contextmanager
def nursery(queue: str) -> Iterator[Nursery]:
    """A running worker of `queue` with two children that can be killed and started again at once."""
    found = Nursery(queue)
    found.start()
    try:
        yield found
    finally:
        found.end()


@contextmanager
def worker(name: str = "sanshen", **environ: str) -> Iterator[Process]:
    """The worker that `make run` starts, killed at the end."""
    process = Process("worker", worker_command(name), **environ)
    process.start()
    try:
        yield process
    finally:
        process.kill()


@contextmanager
def web(port: int, **environ: str) -> Iterator[Process]:
    """The web server that `make run` starts, answering; killed at the end."""
    environ = {"DATABASE_PURPOSE": "web", **environ}
    subprocess.run(
        [sys.executable, "manage.py", "collectstatic", "--no-input", "-v0"],
        cwd=BASE,
        env={**environment(), **environ},
        check=True,
    )
    process = Process("web", web_command(port), **environ)
    process.start()
    try:
        wait_for(port)
        yield process
    finally:
        process.kill()


def wait_for(port: int) -> None:
    """Until a server answers at the port."""
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            connection.request("GET", "/healthz")
            if connection.getresponse().status == 200:
                return
        except (OSError, http.client.HTTPException):
            time.sleep(0.2)
        finally:
            connection.close()
    raise RuntimeError(f"no web server answers at port {port}")


@contextmanager
def beats(count: int, **environ: str) -> Iterator[None]:
    """So many beats at once, each with a schedule file of its own."""
    running = []
    for _number in range(count):
        process = Process("beat", [], **environ)
        process.command = beat_command(process.log.with_name("schedule"))
        process.start()
        running.append(process)
    try:
        yield
    finally:
        for process in running:
            process.kill()
