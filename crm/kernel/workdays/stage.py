"""The stage of the demo institution: what its scenes share, and the clock set to the day of each act."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import Any

from crm.kernel.workdays import clock
from crm.kernel.workdays.selectors import calendar_between

BEGINNING = 200  # days ago the institution opens


class Stage:
    """What the scenes share: `now` is the moment of building, `people` by login, `made` what earlier scenes made."""

    def __init__(self) -> None:
        self.now = clock.now()
        self.people: dict[str, Any] = {}
        self.made: dict[str, list[Any]] = {}

    @property
    def today(self) -> date:
        """The day of building in Shanghai."""
        return self.now.astimezone(clock.SHANGHAI).date()

    @contextmanager
    def days_ago(self, days: int, *, hour: int = 10, minute: int = 0) -> Iterator[datetime]:
        """The clock set to `days` before now, in the morning, but never in the future."""
        local = self.now.astimezone(clock.SHANGHAI) - timedelta(days=days)
        moment = min(local.replace(hour=hour, minute=minute, second=0, microsecond=0), self.now)
        with clock.at(moment):
            yield moment

    def back(self, workdays: int) -> int:
        """Calendar days back to the day that lies `workdays` before the last working day."""
        calendar = calendar_between(self.today - timedelta(days=workdays * 3 + 20), self.today)
        day, left = self.today, workdays
        while left or not calendar.day(day).is_workday:
            left -= calendar.day(day).is_workday
            day -= timedelta(days=1)
        return (self.today - day).days
