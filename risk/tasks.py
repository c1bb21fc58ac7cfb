"""The Celery tasks of every wing."""

from risk.indicators.tasks import follow_keepers, refresh_warning_dates, review_night
from risk.reviews.tasks import refresh_review_dates, refresh_waiting

__all__ = ["follow_keepers", "refresh_review_dates", "refresh_waiting", "refresh_warning_dates", "review_night"]
