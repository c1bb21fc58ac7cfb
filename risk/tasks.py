"""The Celery tasks of every wing."""

from risk.indicators.tasks import review_night
from risk.reviews.tasks import refresh_waiting

__all__ = ["refresh_waiting", "review_night"]
