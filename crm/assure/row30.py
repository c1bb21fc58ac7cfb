"""Trust row 30: no scheduler for a day, then two at once. Nothing is missed, nothing doubled, and all is soon done."""

import time
from typing import Any

from crm.assure import deliveries

TICK_SECONDS = 5
LONGEST_SECONDS = 300


def run(full: bool) -> dict[str, Any]:
    """Deliveries that came due while no beat ran; then a worker and two beats."""
    batch = deliveries.make("assure.row30", 334 if full else 20)
    overdue = deliveries.waiting(batch)
    started = time.monotonic()
    with deliveries.worker("celery"), deliveries.beats(2):
        while deliveries.waiting(batch) and time.monotonic() - started < LONGEST_SECONDS:
            time.sleep(0.2)
        seconds = round(time.monotonic() - started, 1)
        # Another tick of both: it must find nothing to do again.
        time.sleep(TICK_SECONDS + 1)
    found = deliveries.tally(batch)
    passed = overdue == batch.items and not any(found[name] for name in ("lost", "doubled", "dead", "waiting"))
    return {
        "target": f"{batch.items} deliveries due without a beat, then two beats: 0 missed, 0 doubled",
        "overdue_before": overdue,
        "seconds_until_done": seconds,
        **found,
        "failures": [] if passed else [str(found)],
        "passed": passed,
        "ok": passed,
    }
