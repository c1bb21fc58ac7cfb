"""Trust row 22, other half: honest logs, written by several at once while they are being sealed, anchored and
verified.
"""

import random
import threading
import time
from collections.abc import Callable
from functools import partial

from django.db import connection, transaction

from crm.kernel.audit.anchors import Anchor, AnchorFile
from crm.kernel.audit.sealing import head, seal_events
from crm.kernel.audit.services import record
from crm.kernel.audit.tests.helpers import MANAGER, anchor_head, empty_audit_tables, seal_everything
from crm.kernel.audit.verify import verify


class _RolledBack(Exception):
    """An act that failed: its event must vanish with it."""


def clean_log_alarms(n: int, seed: int, *, writers: int = 3) -> list[str]:
    """False alarms over `n` clean logs; each is verified in mid-writing and at its end. An empty list is what is
    promised.
    """
    alarms: list[str] = []
    for number in range(n):
        alarms += _one_log(random.Random(seed * 1000 + number), writers)
    return alarms


def _one_log(rng: random.Random, writers: int) -> list[str]:
    empty_audit_tables()
    seeds = [rng.random() for _ in range(writers)]
    written: list[int] = []
    done = threading.Event()
    anchors: list[Anchor] = []
    alarms: list[str] = []
    sealer = _thread(partial(_seal_meanwhile, done, anchors, alarms))
    threads = [_thread(partial(_write_into, written, seed)) for seed in seeds]
    for thread in threads:
        thread.join()
    done.set()
    sealer.join()
    seal_everything()
    anchor_head(anchors)
    report = verify(AnchorFile(tuple(anchors)))
    alarms += [finding.message for finding in report.findings]
    if not (report.sealed == report.anchored == sum(written) and report.unsealed == 0 and len(written) == writers):
        alarms.append(f"{written} events were committed, but {report}")
    return alarms


def _write_into(written: list[int], seed: float) -> None:
    written.append(_write(random.Random(seed)))


def _write(rng: random.Random) -> int:
    """A few transactions, some slow, some rolled back; how many events were committed."""
    committed = 0
    for _ in range(rng.randint(2, 5)):
        events = rng.randint(1, 3)
        try:
            with transaction.atomic():
                for number in range(events):
                    record("client.updated", subject=None, by=MANAGER, data={"n": number})
                    time.sleep(rng.random() * 0.003)
                if rng.random() < 0.2:
                    raise _RolledBack
        except _RolledBack:
            continue
        committed += events
    return committed


def _seal_meanwhile(done: threading.Event, anchors: list[Anchor], alarms: list[str]) -> None:
    while not done.is_set():
        seal_events()
        if head().seq:
            anchor_head(anchors)
            report = verify(AnchorFile(tuple(anchors)))
            alarms += [f"meanwhile: {finding.message}" for finding in report.findings]
        time.sleep(0.002)


def _thread(work: Callable[[], object]) -> threading.Thread:
    def run() -> None:
        try:
            work()
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    return thread
