"""The settings of `make run`; quarters are closed and nights follow each other within one run."""

from crm.settings.dev import *  # noqa: F403

CLOCK_MAY_BE_SET = True
# Nobody works off what the stories put into the queue.
CELERY_BROKER_URL = "memory://"
