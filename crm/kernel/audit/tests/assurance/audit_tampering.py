"""Trust row 22: the audit trail is tamper-evident. Runs on a throw-away database, over the owner's connection."""

import time
from typing import Any

from crm.kernel.audit.tests.clean_logs import clean_log_alarms
from crm.kernel.audit.tests.tamper import tamper_trials

ROW = 22
TITLE = "the audit trail is tamper-evident"
SEED = 22


def run(full: bool) -> dict[str, Any]:
    """1,000 mutations and 100 clean logs (short: 40 and 5). `target` is reached when `ok` is true."""
    started = time.monotonic()
    trials, logs = (1000, 100) if full else (40, 5)
    tally = tamper_trials(trials, SEED)
    alarms = clean_log_alarms(logs, SEED)
    return {
        "target": f"{trials} of {trials} mutations detected and their place named, 0 false alarms on {logs} clean logs",
        "trials": tally.trials,
        "detected": tally.detected,
        "named_position": tally.named,
        "exact_position": tally.exact,
        "by_kind": dict(tally.by_kind),
        "clean_logs": logs,
        "false_alarms": len(alarms),
        "failures": [*tally.missed, *alarms][:20],
        "ok": tally.detected == tally.named == tally.trials == trials and not alarms,
        "seconds": round(time.monotonic() - started, 1),
    }
