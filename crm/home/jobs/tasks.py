"""The poke of what is done once a day. A lost one costs a minute: whether a run is due stands in PostgreSQL."""

from datetime import datetime

from celery import current_app, shared_task
from django.db.models import QuerySet

from crm.home.jobs.noting import next_run
from crm.kernel.declarations.schedule import WORK
from crm.kernel.outbox.models import JobRun
from crm.kernel.workdays import clock
from crm.schedule import DAILY


def _todays(name: str, now: datetime) -> QuerySet[JobRun]:
    return JobRun.objects.filter(name=name, started_at__date=now.astimezone(clock.SHANGHAI).date())


@shared_task(name=DAILY)
def do_daily(name: str) -> bool:
    """Do a daily line of the table here and now if its hour has come and today's run is still to be done; whether so.

    A run that failed or was killed is done again the same day. Two pokes at one moment may both begin: every task of
    the table can be run twice.
    """
    work, now = WORK.get(name), clock.now()
    # A beat of another release may name a line that is gone.
    if work is None or next_run(work, _todays(name, now), now) > now:
        return False
    current_app.tasks[work.task].apply(kwargs=work.arguments)
    return True
