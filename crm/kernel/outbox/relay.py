"""The relay: claims what is due, lets its handler work, marks it done in the same commit.

An item is claimed in a commit of its own that counts the try and says when the next one would be. So a worker that is
killed in the middle loses nothing (the item comes again), and one item that kills every worker is given up in the end
instead of standing first in line for ever. Any number of relays may run: none takes what another holds.
"""

import logging
import time
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from crm.kernel.outbox.handlers import handling_of, tries_of
from crm.kernel.outbox.models import DueItem
from crm.kernel.workdays import clock

logger = logging.getLogger(__name__)
MOST_OF_AN_ERROR = 2000


def relay_due(*, limit: int = 500, seconds: float = 4) -> int:
    """Do what is due, oldest first, at most `limit` items and about `seconds` long; how many were done."""
    done, until = 0, time.monotonic() + seconds
    for _ in range(limit):
        item = _claim() if time.monotonic() < until else None
        if item is None:
            break
        done += _deliver(item)
    return done


@transaction.atomic
def _claim() -> DueItem | None:
    """The next due item with its try counted, committed; None when nothing is due."""
    now = clock.now()
    waiting = DueItem.objects.filter(state=DueItem.State.PENDING, next_try_at__lte=now)
    item = waiting.select_for_update(skip_locked=True, of=("self",)).order_by("next_try_at", "id").first()
    if item is None:
        return None
    if item.attempts >= tries_of(item.kind):
        # The last try ended without a word: its worker was killed.
        _give_up(item, item.last_error or "the worker died during the last try")
        return item
    item.attempts += 1
    item.next_try_at = now + wait_after(item.attempts)
    item.save(update_fields=["attempts", "next_try_at"])
    return item


def wait_after(attempts: int) -> timedelta:
    """How long after the `attempts`-th try the next one comes: four times as long each time, up to the longest."""
    seconds = settings.OUTBOX_FIRST_WAIT_SECONDS * 4 ** min(attempts - 1, 20)
    return timedelta(seconds=min(seconds, settings.OUTBOX_LONGEST_WAIT_SECONDS))


def _deliver(item: DueItem) -> bool:
    """Effect and mark in one commit; on failure neither, and the error is kept."""
    if item.state != DueItem.State.PENDING:
        return False
    try:
        with transaction.atomic():
            held = DueItem.objects.select_for_update(skip_locked=True, of=("self",)).filter(
                pk=item.pk, state=DueItem.State.PENDING, attempts=item.attempts
            )
            mine = held.first()
            if mine is None:
                # Cancelled meanwhile, or this process slept so long that another took the item.
                return False
            handling_of(mine.kind).handler(mine)
            mine.state, mine.done_at, mine.last_error = DueItem.State.DONE, clock.now(), ""
            mine.save(update_fields=["state", "done_at", "last_error"])
    except Exception as error:
        logger.warning("%s (item %s) failed at try %s", item, item.pk, item.attempts, exc_info=True)
        _failed(item, error)
        return False
    return True


@transaction.atomic
def _failed(item: DueItem, error: Exception) -> None:
    """Keep the reason; after the last try the item is a dead letter."""
    row = DueItem.objects.select_for_update(of=("self",)).get(pk=item.pk)
    if row.state != DueItem.State.PENDING or row.attempts != item.attempts:
        return
    text = f"{type(error).__name__}: {error}".replace("\0", "\ufffd")[:MOST_OF_AN_ERROR]
    if row.attempts >= tries_of(row.kind):
        _give_up(row, text)
        return
    row.last_error = text
    row.save(update_fields=["last_error"])


def _give_up(item: DueItem, text: str) -> None:
    item.state, item.last_error = DueItem.State.DEAD, text
    item.save(update_fields=["state", "last_error"])
    logger.error("%s (item %s) is given up after %s tries: %s", item, item.pk, item.attempts, text)


def lag() -> timedelta | None:
    """How long the oldest due item has been waiting for a relay; None when nothing is due."""
    now: datetime = clock.now()
    oldest = (
        DueItem.objects.filter(state=DueItem.State.PENDING, next_try_at__lte=now)
        .order_by("next_try_at")
        .values_list("next_try_at", flat=True)
        .first()
    )
    return now - oldest if oldest else None
