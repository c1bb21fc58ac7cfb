"""The Celery app. Redis only carries pokes: what is due lies in PostgreSQL, so a lost message loses no work."""

import django
from celery import Celery
from celery.signals import import_modules

from crm.home import heartbeat  # noqa: F401  connects the worker's sign of life
from crm.schedule import beat_schedule

# The worker's environment carries DATABASE_PURPOSE=task (settings.base.DATABASE_LIMITS): a task may work longer than a
# page, but not without end.

app = Celery("crm")
app.config_from_object("django.conf:settings", namespace="CELERY")


@import_modules.connect
def load_modules(**_: object) -> None:
    """A worker or a beat starts: Django loads the apps, and they their modules with tasks and periodic work."""
    django.setup()
    app.conf.beat_schedule = beat_schedule()
