"""The one clock of the system. Nothing else may ask the machine for the time."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils import timezone

SHANGHAI = ZoneInfo("Asia/Shanghai")
# By name and not by DEBUG: `make run` shows what ships with DEBUG off, and a site's own settings start out refused.
SETTABLE_UNDER = frozenset({"crm.settings.dev", "crm.settings.test"})

_standing_at: ContextVar[datetime | None] = ContextVar("clock_standing_at", default=None)


def now() -> datetime:
    """The present moment, aware; the moment of `at(...)` while that is in force."""
    return _standing_at.get() or timezone.now()


def today() -> date:
    """The present day in Shanghai, whatever zone the process runs in."""
    return now().astimezone(SHANGHAI).date()


@contextmanager
def at(moment: datetime | date) -> Iterator[datetime]:
    """Hold the clock at `moment` for tests and demo data; a plain date means noon in Shanghai.

    Refused except under the development and test settings (or where CLOCK_MAY_BE_SET says so): production cannot
    back-date anything.
    """
    known = os.environ.get("DJANGO_SETTINGS_MODULE", "") in SETTABLE_UNDER
    if not getattr(settings, "CLOCK_MAY_BE_SET", known):
        raise ImproperlyConfigured("The clock is set only under development and test settings.")
    if not isinstance(moment, datetime):
        moment = datetime(moment.year, moment.month, moment.day, 12, tzinfo=SHANGHAI)
    elif timezone.is_naive(moment):
        moment = moment.replace(tzinfo=SHANGHAI)
    token = _standing_at.set(moment)
    try:
        yield moment
    finally:
        _standing_at.reset(token)
