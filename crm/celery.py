"""The Celery app. Redis only carries pokes: what is due lies in PostgreSQL, so a lost message loses no work."""

from celery import Celery

from crm.runtime import heartbeat  # noqa: F401  connects the worker's sign of life
from crm.schedule import beat_schedule

# The worker's environment carries DATABASE_PURPOSE=task (settings.base.DATABASE_LIMITS): a task may work longer than a
# page, but not without end.

app = Celery("crm")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.beat_schedule = beat_schedule()
app.autodiscover_tasks()
