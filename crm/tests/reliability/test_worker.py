"""A real worker over a real broker does the periodic work, in the application's role."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from crm.kernel.audit.context import SYSTEM
from crm.kernel.audit.models import AuditEvent, AuditSeal
from crm.kernel.audit.services import record
from crm.kernel.audit.tasks import anchor_audit, seal_audit

BASE = Path(__file__).resolve().parents[3]
PATIENCE = 180
QUEUE = "worker-story"


@pytest.fixture
def worker(app_database_url: str, tmp_path: Path) -> Iterator["subprocess.Popen[bytes]"]:
    """A Celery worker of its own queue, connected to this test's database as the application."""
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "crm.settings.dev",
        "DATABASE_URL": app_database_url,
        "DATABASE_ROLE": "app",
        "ANCHOR_DIR": str(tmp_path),
    }
    command = [sys.executable, "-m", "celery", "-A", "crm.celery", "worker", "-Q", QUEUE, "-c", "1", "-l", "warning"]
    log = (tmp_path / "worker.log").open("wb")
    running = subprocess.Popen(command, cwd=BASE, env=environment, stdout=log, stderr=subprocess.STDOUT)
    yield running
    running.terminate()
    running.wait(timeout=PATIENCE)
    log.close()


def eventually(condition: Any, task: Any) -> bool:
    """Whether `condition()` comes true within the patience of a loaded machine. `task` is ordered again and again, as
    by beat: the sealer passes over what is younger than a transaction that any test on this server holds open.
    """
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        task.apply_async(queue=QUEUE)
        for _moment in range(20):
            if condition():
                return True
            time.sleep(0.1)
    return False


@pytest.mark.django_db(transaction=True)
def test_the_worker_seals_and_anchors_what_was_written(worker: "subprocess.Popen[bytes]", tmp_path: Path) -> None:
    with transaction.atomic():
        event = record("story.told", subject=None, by=SYSTEM)
    is_sealed = AuditSeal.objects.filter(event_id=event.pk).exists
    assert eventually(is_sealed, seal_audit), (tmp_path / "worker.log").read_text()
    assert AuditEvent.objects.get(pk=event.pk).seal.seq >= 1
    assert eventually(lambda: any(tmp_path.glob("*.anchors.jsonl")), anchor_audit), (
        tmp_path / "worker.log"
    ).read_text()
