"""A night that is killed in the middle, as a process is killed, and run again ends as one that nothing disturbed."""

import os
import signal
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from clients.file.models import Client
from clients.standing.models import Standing, StandingFact
from crm.kernel.audit.models import AuditEvent
from crm.kernel.outbox.models import DueItem
from crm.kernel.workdays import clock
from crm.kernel.worklist.models import Todo
from crm.tests.assurance.deliveries import environment
from crm.tests.support.people import cast_member
from risk.indicators.models import NightRun, WarningEpisode, WarningObservation
from risk.indicators.tests.factories import bare_clients, night

BASE = Path(__file__).resolve().parents[3]
CLIENTS, CHUNK = 400, 4


def everything() -> dict[str, Any]:
    """All that a night leaves behind, without numbers and moments; a set of due work is counted by its to-dos."""
    of_warning = dict(WarningEpisode.objects.values_list("pk", "client_id"))
    todos = Todo.objects.values_list("pk", "object_id", "owner_id", "due_on", "data", "version")
    about = {pk: of_warning[int(object_id)] for pk, object_id, *_rest in todos}
    due = DueItem.objects.values_list("kind", "due_at", "data")
    sets = AuditEvent.objects.filter(action="todo.set_opened").values_list("data__opened", flat=True)
    return {
        "warnings": sorted(WarningEpisode.objects.values_list("client_id", "indicator", "level", "due_on", "version")),
        "observations": sorted(WarningObservation.objects.values_list("warning__client_id", "kind", "on")),
        "events": sorted(AuditEvent.objects.filter(action="warning.opened").values_list("subject_name", flat=True)),
        "standing": sorted(Standing.objects.values_list("client_id", "open_ambers", "open_reds")),
        "facts": sorted(StandingFact.objects.values_list("client_id", "key", "value")),
        "todos": sorted((about[pk], str(rest)) for pk, _object, *rest in todos),
        "due": sorted((kind, at, about[pk]) for kind, at, data in due for pk in data["todos"]),
        "sets": sum(sets),
    }


def command(*arguments: str) -> subprocess.Popen[bytes]:
    """The night as beat's worker or an operator runs it, in the application's role."""
    call = [sys.executable, "manage.py", "run_risk_review", *arguments]
    return subprocess.Popen(call, cwd=BASE, env=environment(), stdout=subprocess.DEVNULL, start_new_session=True)


def judged() -> int:
    """Clients that a run has committed so far."""
    return sum(NightRun.objects.values_list("clients", flat=True))


@pytest.mark.django_db(transaction=True)
def test_a_night_killed_in_the_middle_and_run_again_equals_an_undisturbed_one(app_database_url: str):
    owner = cast_member("owner")
    today = clock.today()
    bare_clients(owner, CLIENTS // 2, confirmed_on=today - timedelta(days=200))
    bare_clients(owner, CLIENTS // 4, start=200_000, confirmed_on=today - timedelta(days=400))
    bare_clients(owner, CLIENTS // 4, start=300_000)
    with transaction.atomic():
        night(chunk=100_000)
        whole = everything()
        transaction.set_rollback(True)
    assert len(whole["todos"]) == whole["sets"] == CLIENTS * 3 // 4

    running, until = command("--chunk", str(CHUNK)), time.monotonic() + 300
    while judged() <= CLIENTS // 8 and running.poll() is None and time.monotonic() < until:
        time.sleep(0.01)
    os.killpg(running.pid, signal.SIGKILL)
    assert running.wait() == -signal.SIGKILL
    assert Client.objects.count() == CLIENTS and 0 < judged() < CLIENTS

    assert command("--chunk", str(CHUNK)).wait(timeout=300) == 0
    assert list(NightRun.objects.values_list("state", "clients")) == [("done", CLIENTS)]
    assert everything() == whole
