"""Trust row 33: one delivery that always fails among many. The others are done in their time, it is given up after its
tries and never loops, and the administrator sees it.
"""

import time
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction

from crm.kernel.outbox.models import DueItem
from crm.kernel.outbox.relay import relay_due, wait_after
from crm.kernel.outbox.services import schedule
from crm.kernel.workdays import clock
from crm.tests.assurance import deliveries
from crm.tests.support.people import browser_for, cast_member

ROW = 33
TITLE = "a delivery that always fails holds up no other"
POISON = "assure.poison"  # nothing handles it: every try fails


def run(full: bool) -> dict[str, Any]:
    """Once without, once with the poison; then its whole life by the clock."""
    todos = 333 if full else 20
    plain = _pass("assure.plain", todos)
    with transaction.atomic():
        schedule(kind=POISON, subject=cast_member("owner"), due_at=clock.now() - timedelta(days=30))
    poisoned = _pass("assure.poisoned", todos)
    item = DueItem.objects.get(kind=POISON)
    tries_at_once = item.attempts
    moment = clock.now()
    for attempt in range(1, settings.OUTBOX_TRIES + 5):
        moment += wait_after(attempt) + timedelta(seconds=1)
        with clock.at(moment):
            # Whatever else comes due in those hours is done first, being older.
            relay_due(limit=10_000, seconds=600)
    item.refresh_from_db()
    page = browser_for(cast_member("system_admin")).get("/admin/kernel/dueitem/?state__exact=dead").content.decode()
    checks = {
        "others_done": plain["waiting"] == poisoned["waiting"] == 0 and not plain["lost"] and not poisoned["lost"],
        "no_try_before_its_wait": tries_at_once <= _tries_within(poisoned["seconds"]),
        "given_up_after_its_tries": item.state == DueItem.State.DEAD and item.attempts == settings.OUTBOX_TRIES,
        "seen_by_the_administrator": POISON in page,
    }
    if full:
        # Twice the time and a moment: the machine has other things to do as well.
        checks["others_in_their_time"] = poisoned["seconds"] <= 2 * plain["seconds"] + 2
    return {
        "target": "one that always fails among 1,000: the others in their time, at most N tries, dead letter visible",
        "seconds_without": plain["seconds"],
        "seconds_with": poisoned["seconds"],
        "items": poisoned["items"],
        "tries": item.attempts,
        **checks,
        "failures": [name for name, held in checks.items() if not held],
        "passed": all(checks.values()),
        "ok": all(checks.values()),
    }


def _tries_within(seconds: float) -> int:
    """How often one that always fails may be tried in so many seconds."""
    tries, passed = 1, wait_after(1).total_seconds()
    while passed <= seconds:
        tries += 1
        passed += wait_after(tries).total_seconds()
    return tries


def _pass(label: str, todos: int) -> dict[str, Any]:
    batch = deliveries.make(label, todos)
    started = time.monotonic()
    while relay_due(limit=10_000, seconds=600):
        pass
    return {**deliveries.tally(batch), "seconds": round(time.monotonic() - started, 1)}
