"""The Celery tasks of every wing."""

from staff.complaints.tasks import refresh_dates, watch_complaints
from staff.kpi.tasks import tend_quarters

__all__ = ["refresh_dates", "tend_quarters", "watch_complaints"]
