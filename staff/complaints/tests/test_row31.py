"""Trust row 31: 500 generated complaints against a calendar typed from the State Council's notices, stepped day by day.

Nothing of our calendar or arithmetic is used on the expected side: days are counted one at a time.
"""

import random
from dataclasses import dataclass, field
from datetime import date, timedelta

import pytest

from crm.kernel.workdays.selectors import calendar_between
from crm.tests.support.people import cast_member
from staff.complaints.rules import deadlines

CASES, SEED = 500, 20261124
LIMITS = deadlines.Limits(15, 30, 60)
ONE = timedelta(days=1)


def stretch(first: str, last: str) -> set[date]:
    day, end, found = date.fromisoformat(first), date.fromisoformat(last), set()
    while day <= end:
        found.add(day)
        day += ONE
    return found


# Days off and make-up days as published for 2024, 2025 and 2026.
OFF = (
    stretch("2024-01-01", "2024-01-01") | stretch("2024-02-10", "2024-02-17") | stretch("2024-04-04", "2024-04-06")
    | stretch("2024-05-01", "2024-05-05") | stretch("2024-06-08", "2024-06-10") | stretch("2024-09-15", "2024-09-17")
    | stretch("2024-10-01", "2024-10-07") | stretch("2025-01-01", "2025-01-01") | stretch("2025-01-28", "2025-02-04")
    | stretch("2025-04-04", "2025-04-06") | stretch("2025-05-01", "2025-05-05") | stretch("2025-05-31", "2025-06-02")
    | stretch("2025-10-01", "2025-10-08") | stretch("2026-01-01", "2026-01-03") | stretch("2026-02-15", "2026-02-23")
    | stretch("2026-04-04", "2026-04-06") | stretch("2026-05-01", "2026-05-05") | stretch("2026-06-19", "2026-06-21")
    | stretch("2026-09-25", "2026-09-27") | stretch("2026-10-01", "2026-10-07")
)  # fmt: skip
WORKED = {
    date.fromisoformat(text)
    for text in (
        "2024-02-04", "2024-02-18", "2024-04-07", "2024-04-28", "2024-05-11", "2024-09-14", "2024-09-29", "2024-10-12",
        "2025-01-26", "2025-02-08", "2025-04-27", "2025-09-28", "2025-10-11",
        "2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10",
    )
}  # fmt: skip
FIXED = {(1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)}


def works(day: date) -> bool:
    """Whether people work on that day; beyond 2026 by weekday and the fixed days."""
    if day.year > 2026:
        return day.isoweekday() <= 5 and (day.month, day.day) not in FIXED
    return day in WORKED or (day.isoweekday() <= 5 and day not in OFF)


@dataclass
class Case:
    """A complaint as a list of what is tried on which day after receipt."""

    received: date
    tries: list[tuple[int, str]] = field(default_factory=list)


def cases() -> list[Case]:
    """Receipts over four years, leap day, year ends and holidays among them; tries in and out of time."""
    dice = random.Random(SEED)
    special = [date(2024, 2, 14), date(2024, 2, 29), date(2025, 12, 17), date(2026, 12, 20), date(2025, 4, 18),
               date(2026, 2, 1), date(2025, 9, 20), date(2027, 2, 1)]  # fmt: skip
    found = []
    for number in range(CASES):
        start = date(2024, 1, 1) + timedelta(days=dice.randrange(1200))
        received = special[number] if number < len(special) else start
        tries = [(dice.randrange(0, 75), dice.choice(("extend", "pause", "resume"))) for _n in range(dice.randrange(6))]
        # One in four has a clock that steps back: the tries come in the order they were made, not in the days' order.
        found.append(Case(received, tries if number % 4 == 0 else sorted(tries)))
    return found


@dataclass
class Expected:
    """The independent reading: every day is counted or stopped, one by one."""

    received: date
    limit: int = 15
    extensions: int = 0
    stopped: set[date] = field(default_factory=set)
    pause: tuple[date, date] | None = None
    seen: date = date.min

    def due(self) -> date:
        day, counted = self.received, 0
        while counted < self.limit and day < self.received + 60 * ONE:
            day += ONE
            counted += day not in self.stopped
        return day

    def used(self) -> int:
        return sum(works(day) for day in self.stopped)

    def attempt(self, today: date, what: str) -> None:
        today = self.seen = max(today, self.seen)
        if self.pause and today >= self.pause[1]:
            self.pause = None
        if what == "resume" and self.pause:
            self.stopped -= {day for day in self.stopped if self.pause[0] < day and day > today}
            self.pause = None
        elif today > self.due() or self.pause:
            return
        elif what == "extend" and self.extensions < 2:
            self.extensions += 1
            self.limit = (15, 30, 60)[self.extensions]
        elif what == "pause" and today < self.due() and self.used() < 10:
            day, left = today, 10 - self.used()
            while left:
                day += ONE
                self.stopped.add(day)
                left -= works(day)
            self.pause = (today, day)


@dataclass
class Ours:
    """The same tries answered by the product's rules."""

    received: date
    extensions: int = 0
    paused: int = 0
    spent: int = 0
    running: tuple[date, date] | None = None
    seen: date = date.min

    def __post_init__(self) -> None:
        self.calendar = calendar_between(self.received - 30 * ONE, self.received + 120 * ONE)

    def dates(self) -> deadlines.Dates:
        limit = LIMITS.after(self.extensions)
        return deadlines.due_dates(self.received, limit, self.calendar, paused=self.paused, longest=60)

    def attempt(self, today: date, what: str) -> None:
        today = self.seen = max(today, self.seen)
        if self.running and today >= self.running[1]:
            self._end(self.running[1])
        due = self.dates().none
        if what == "resume" and self.running:
            self.paused -= (self.running[1] - today).days
            self._end(today)
        elif what == "extend" and not self.running:
            limit = LIMITS.after(self.extensions)
            problem = deadlines.extension_problem(
                today=today, due=due, extensions=self.extensions, limit=limit, limits=LIMITS
            )
            self.extensions += problem is None
        elif what == "pause":
            running = self.running is not None
            if deadlines.pause_problem(today=today, due=due, running=running, used=self.spent, most=10) is None:
                end = deadlines.pause_end(today, used=self.spent, most=10, calendar=self.calendar)
                self.paused += deadlines.paused_days(today, end)
                self.running = (today, end)

    def _end(self, day: date) -> None:
        assert self.running is not None
        self.spent += deadlines.paused_workdays(self.running[0], day, self.calendar)
        self.running = None


@pytest.mark.django_db
def test_no_day_of_five_hundred_generated_complaints_is_wrong() -> None:
    assert cast_member("complaints_officer")
    wrong, extended, provisional = [], 0, 0
    for number, case in enumerate(cases()):
        expected, ours = Expected(case.received), Ours(case.received)
        for step, what in case.tries:
            expected.attempt(case.received + step * ONE, what)
            ours.attempt(case.received + step * ONE, what)
        none = forward = internal = expected.due()
        while not works(forward):
            forward += ONE
        while not works(internal):
            internal -= ONE
        found = ours.dates()
        if (found.none, found.forward, found.internal) != (none, forward, internal):
            wrong.append((number, case, found, none, forward, internal))
        assert found.none <= case.received + 60 * ONE
        assert found.provisional == (forward.year > 2026 or none.year > 2026)
        extended += expected.extensions
        provisional += found.provisional
    assert wrong == []
    print(f"{CASES} complaints, {extended} extensions, {provisional} provisional, 0 wrong days")
    assert extended > 50
    assert provisional > 20
