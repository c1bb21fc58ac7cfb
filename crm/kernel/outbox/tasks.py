"""The relay as a task. It takes nothing: what is due is in the table."""

from celery import shared_task

from crm.kernel.outbox import poke
from crm.kernel.outbox.relay import lag, relay_due

# As long as the other pokes of every few seconds wait, or it would always stand before them.
AGAIN_SECONDS = 5.0


@shared_task
def relay() -> int:
    """Do what is due; every few seconds, and whenever something was scheduled for now. How many items.

    A pass is short, so that a worker that stops has not long to wait and the sealer gets its turn; what is left over
    does not wait for the beat.
    """
    done = relay_due()
    if done and lag() is not None:
        poke.wake(expires=AGAIN_SECONDS)
    return done
