"""The Celery app. Redis only carries pokes: what is due lies in PostgreSQL, so a lost message loses no work."""

from celery import Celery
from django.conf import settings

from crm.home import heartbeat  # noqa: F401  connects the worker's sign of life
from crm.schedule import beat_schedule

# The worker's environment carries DATABASE_PURPOSE=task (settings.base.DATABASE_LIMITS): a task may work longer than a
# page, but not without end.

app = Celery("crm")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.beat_schedule = beat_schedule()
# Named by the settings, not left to Celery's Django support: that one only works when the settings module is known
# before this file is imported.
app.autodiscover_tasks(lambda: settings.INSTALLED_APPS)
