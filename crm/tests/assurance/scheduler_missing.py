"""Trust row 30: no scheduler for a day, then two at once. Nothing is missed, nothing doubled, and all is soon done."""

import time
from itertools import pairwise
from typing import Any

from crm.kernel.outbox.models import DueItem
from crm.tests.assurance import deliveries

ROW = 30
TITLE = "no scheduler, then two: nothing missed or doubled"
TICK_SECONDS = 5
LONGEST_SECONDS = 300


def run(full: bool) -> dict[str, Any]:
    """Deliveries that came due while no beat ran; then a worker and two beats."""
    batch = deliveries.make("assure.scheduler", 334 if full else 20)
    overdue = deliveries.waiting(batch)
    started = time.monotonic()
    with deliveries.worker(), deliveries.beats(2):
        while deliveries.waiting(batch) and time.monotonic() - started < LONGEST_SECONDS:
            time.sleep(0.2)
        seconds = round(time.monotonic() - started, 1)
        # Another tick of both: it must find nothing to do again.
        time.sleep(TICK_SECONDS + 1)
    found = deliveries.tally(batch)
    done = DueItem.objects.filter(done_at__isnull=False).order_by("done_at").values_list("done_at", flat=True)
    times = [moment for moment in done if moment is not None]
    # Once the beats are back nothing waits for a second tick: work goes on without a longer pause until all is done.
    pause = max((later - sooner).total_seconds() for sooner, later in pairwise(times)) if len(times) > 1 else 0.0
    passed = overdue == batch.items and not any(found[name] for name in ("lost", "doubled", "dead", "waiting"))
    passed = passed and (pause <= TICK_SECONDS or not full)
    return {
        "target": f"{batch.items} deliveries due without a beat, then two beats: 0 missed, 0 doubled",
        "overdue_before": overdue,
        "seconds_until_done": seconds,
        "longest_pause": round(pause, 1),
        **found,
        "failures": [] if passed else [f"{found}, paused {pause:.1f} s"],
        "passed": passed,
        "ok": passed,
    }
