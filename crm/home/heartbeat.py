"""The Celery worker's sign of life, left in Redis every two seconds and read by /readyz."""

import time
from typing import Any

from celery.signals import heartbeat_sent, worker_ready
from django.core.cache import cache

WORKER_KEY = "health:worker"
WORKER_SILENCE = 30  # seconds without a sign before the worker counts as silent


@worker_ready.connect
@heartbeat_sent.connect
def note_worker_alive(**_: Any) -> None:
    """Leave the sign. Without Redis it says nothing: /readyz tells that, and a heartbeat must not stop a worker."""
    try:
        cache.set(WORKER_KEY, time.time(), timeout=WORKER_SILENCE)
    except Exception:  # noqa: BLE001
        return


def worker_is_alive() -> bool:
    """Whether a worker gave a sign in the last 30 seconds. Raises when Redis is away."""
    return cache.get(WORKER_KEY) is not None
