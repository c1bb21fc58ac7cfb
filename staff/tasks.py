"""The Celery tasks of every wing."""

from staff.kpi.tasks import tend_quarters

__all__ = ["tend_quarters"]
