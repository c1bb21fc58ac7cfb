"""Trust row 22: the audit trail and the evidence bound to it are tamper-evident.

Runs on a throw-away database, over the owner's connection.
"""

import time
from typing import Any

from django.db import transaction

from crm.home.demo.build import build
from crm.home.trail.tests.evidence_meddlings import evidence_trials
from crm.kernel.audit.anchors import read_anchors, write_anchor
from crm.kernel.audit.context import SYSTEM
from crm.kernel.audit.services import record
from crm.kernel.audit.tests.clean_logs import clean_log_alarms
from crm.kernel.audit.tests.helpers import empty_audit_tables, seal_everything
from crm.kernel.audit.tests.tamper import tamper_trials
from crm.kernel.audit.verify import verify

ROW = 22
TITLE = "the audit trail and its evidence are tamper-evident"
SEED = 22
ANCHORS = 6


def run(full: bool) -> dict[str, Any]:
    """1,000 mutations, half of them of evidence, and 100 clean logs (short: 100 and 5). `ok`: the target is reached."""
    started = time.monotonic()
    trials, logs = (500, 100) if full else (50, 5)
    # The logs first: each begins with an emptied audit table, which would leave a built institution unrecorded.
    tally = tamper_trials(trials, SEED)
    alarms = clean_log_alarms(logs, SEED)
    empty_audit_tables()
    _build()
    clean = verify(read_anchors(), clock_is_set=True)
    alarms += clean.messages()
    evidence = evidence_trials(trials, SEED)
    return {
        "target": f"{2 * trials} of {2 * trials} mutations found and their place named, half of them decisions, "
        f"dossiers, files, grades, quarters, replies, back-dated events and anchors; "
        f"0 false alarms on {logs} clean logs and one clean institution",
        "trials": tally.trials + evidence.trials,
        "detected": tally.detected + evidence.found,
        "named_position": tally.named + evidence.found,
        "evidence_rows": clean.evidence,
        "by_kind": {**tally.by_kind, **evidence.by_kind},
        "clean_logs": logs,
        "false_alarms": len(alarms),
        "failures": [*tally.missed, *evidence.missed, *alarms][:20],
        "ok": tally.named == evidence.found == trials and tally.detected == trials and not alarms,
        "seconds": round(time.monotonic() - started, 1),
    }


def _build() -> None:
    """The demo institution, sealed, with some anchors over it."""
    build()
    for number in range(ANCHORS):
        with transaction.atomic():
            record("demo.anchored", subject=None, by=SYSTEM, data={"n": number})
        seal_everything()
        write_anchor()
