"""Trust row 29: the database killed with -9 under load, again and again, in the house that `make run` starts.

Clients are filed through the API at a steady pace while the postmaster dies; the supervisor brings it back. What was
answered with 201 is a promise: its row must be there, and every row has its record and every record its row.
"""

import json
import os
import random
import signal
import time
from contextlib import closing
from typing import Any

import psycopg2

from crm.tests.assurance.checkout import Checkout, checkout
from crm.tests.assurance.visitors import Visitors, file_client, visitors

ROW = 29
TITLE = "a killed database loses no write"
FULL, SHORT = 20, 2
PER_SECOND = 50
THREADS = 16
MOST_SECONDS = 60


def run(full: bool) -> dict[str, Any]:
    """Kills at random moments of the load, each after the one before was got over."""
    kills = FULL if full else SHORT
    chance = random.Random(29)
    failures: list[str] = []
    with checkout() as house:
        key = house.writer_key()
        with visitors(
            lambda: house.address, lambda number: file_client(key, number), threads=THREADS, per_second=PER_SECOND
        ) as load:
            recoveries = [_kill(house, load, chance.uniform(0.5, 3)) for _ in range(kills)]
            time.sleep(2)
        found = _compare(house, load)
        ready = _ready(house)
    wrong = [answer for answer in load.answers if answer.status == 500]
    slow = [seconds for seconds in recoveries if seconds > MOST_SECONDS]
    failures += [
        f"{name}: {found[name]}" for name in ("lost", "without_record", "without_row", "doubled") if found[name]
    ]
    failures += [f"{len(wrong)} answers of 500 for what was nobody's mistake: {wrong[0].body!r}"] if wrong else []
    failures += [f"recovered only after {seconds:.1f} s" for seconds in slow]
    failures += [] if ready >= 0 else [f"the house was not ready again within {MOST_SECONDS} s"]
    return {
        "target": f"postmaster killed {kills} times under {PER_SECOND} writes a second: 0 acknowledged lost, 0 half "
        f"states, back within {MOST_SECONDS} s without hands",
        "kills": kills,
        "slowest_recovery": round(max(recoveries), 1),
        "mean_recovery": round(sum(recoveries) / kills, 1),
        "ready_after_the_last": round(ready, 1),
        **{name: value if isinstance(value, int) else len(value) for name, value in found.items()},
        **load.figures(),
        "failures": failures[:20],
        "ok": not failures,
    }


def _kill(house: Checkout, load: Visitors, after: float) -> float:
    """Kill after so many seconds of work; the seconds until something asked later was done again."""
    time.sleep(after)
    seen, killed = len(load.answers), time.monotonic()
    os.kill(house.postmaster(), signal.SIGKILL)
    while time.monotonic() < killed + 2 * MOST_SECONDS:
        for answer in load.answers[seen:]:
            if answer.status == 201 and answer.started > killed:
                return answer.ended - killed
        time.sleep(0.05)
    return time.monotonic() - killed


def _compare(house: Checkout, load: Visitors) -> dict[str, Any]:
    """The clients that were promised, are there, and are on record."""
    promised = {str(_id(answer.body)) for answer in load.answers if answer.status == 201}
    with closing(psycopg2.connect(house.database_url())) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT id::text FROM clients_client")
        rows = {key for (key,) in cursor.fetchall()}
        cursor.execute("SELECT subject_id FROM kernel_auditevent WHERE action = 'client.created'")
        records = [str(key) for (key,) in cursor.fetchall()]
    return {
        "acknowledged": len(promised),
        "rows": len(rows),
        "lost": sorted(promised - rows),
        "without_record": sorted(rows - set(records)),
        "without_row": sorted(set(records) - rows),
        "doubled": len(records) - len(set(records)),
    }


def _id(body: bytes) -> int:
    return int(json.loads(body)["id"])


def _ready(house: Checkout) -> float:
    """Seconds until /readyz calls everything ready again, worker and sealer too; -1 if it never does."""
    started = time.monotonic()
    while time.monotonic() < started + MOST_SECONDS:
        if '"status": "ready"' in house.readyz():
            return time.monotonic() - started
        time.sleep(0.5)
    return -1
