"""The one clock of the house. Nothing else may ask the machine for the time."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils import timezone

SHANGHAI = ZoneInfo("Asia/Shanghai")

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

    Refused unless the settings say CLOCK_MAY_BE_SET, so production cannot back-date anything.
    """
    if not getattr(settings, "CLOCK_MAY_BE_SET", False):
        raise ImproperlyConfigured("The clock is set only under development and test settings (CLOCK_MAY_BE_SET).")
    if not isinstance(moment, datetime):
        moment = datetime(moment.year, moment.month, moment.day, 12, tzinfo=SHANGHAI)
    elif timezone.is_naive(moment):
        moment = moment.replace(tzinfo=SHANGHAI)
    token = _standing_at.set(moment)
    try:
        yield moment
    finally:
        _standing_at.reset(token)
