"""Trust row 27: workers killed with -9 in the middle of their work lose no reminder and double none.

Real worker, real broker, real database. The harness pokes as beat does, kills the worker's whole group at random points
and starts a new one.
"""

import random
import time
from typing import Any

from crm.kernel.outbox.tasks import relay
from crm.tests.assurance import deliveries

ROW = 27
TITLE = "killed workers lose and double no reminder"
QUEUE = "assure-27"
# To-dos with three deliveries each, kills and seeds: the whole of it, and the form of the tests.
FULL, SHORT = (334, 20, 10), (20, 3, 1)
LONGEST_SECONDS = 1200


def run(full: bool) -> dict[str, Any]:
    """Every seed on deliveries of its own; the sums over all of them."""
    todos, kills, seeds = FULL if full else SHORT
    sums = {"items": 0, "kills": 0, "lost": 0, "doubled": 0, "dead": 0, "waiting": 0}
    failures: list[str] = []
    for seed in range(seeds):
        found = _seed(seed, todos, kills)
        if full:
            print(f"  seed {seed}: {found}", flush=True)
        for name in sums:
            sums[name] += found[name]
        if any(found[name] for name in ("lost", "doubled", "dead", "waiting")) or found["kills"] < kills:
            failures.append(f"seed {seed}: {found}")
        deliveries.clear()
    return {
        "target": f"{3 * todos} deliveries, {kills} kills at random points, {seeds} seeds: 0 lost, 0 doubled",
        **sums,
        "failures": failures,
        "passed": not failures,
        "ok": not failures,
    }


def _seed(seed: int, todos: int, kills: int) -> dict[str, Any]:
    chance = random.Random(seed)
    batch = deliveries.make(f"assure.killed{seed}", todos)
    # How much is left when the worker dies: a point of the work, not of the clock, so every kill falls into it.
    points = sorted(chance.sample(range(batch.items // 20 + 1, batch.items), kills), reverse=True)
    deadline, killed = time.monotonic() + LONGEST_SECONDS, 0
    with deliveries.nursery(QUEUE) as worker:
        while (left := deliveries.waiting(batch)) and time.monotonic() < deadline:
            if points and left <= points[0]:
                points.pop(0)
                worker.kill()
                worker.start()
                killed += 1
            relay.apply_async(queue=QUEUE, expires=1)
            time.sleep(chance.uniform(0.02, 0.15))
    # Kills whose point was passed together with another's.
    return {**deliveries.tally(batch), "kills": killed}
