"""Waking the relay. Only a courtesy: what is due is found by the next beat, whether this gets through or not."""

import threading

from celery import current_app
from django.db import transaction

RELAY = "crm.kernel.outbox.tasks.relay"
_on_its_way = threading.Lock()


def after_commit() -> None:
    """Wake the relay once this transaction is committed; many calls in one transaction wake it once."""
    connection = transaction.get_connection()
    if all(callback is not wake for _savepoints, callback, _robust in connection.run_on_commit):
        transaction.on_commit(wake, robust=True)


def wake(expires: float = 60) -> None:
    """Send the poke from a thread of its own: a broker that hangs must not hold the page that has just committed."""
    if _on_its_way.acquire(blocking=False):
        threading.Thread(target=_send, args=[expires], daemon=True, name="outbox-poke").start()


def _send(expires: float) -> None:
    try:
        current_app.send_task(RELAY, expires=expires)
    except Exception:  # noqa: BLE001  the broker is away: beat will come
        return
    finally:
        _on_its_way.release()
