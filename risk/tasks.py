"""The Celery tasks of every wing."""

from risk.reviews.tasks import refresh_waiting

__all__ = ["refresh_waiting"]
