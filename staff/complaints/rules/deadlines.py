"""The statutory clock of a complaint (rules 5.1, 5.2). Pure: days and a calendar are handed in.

The day of receipt in Beijing is not counted; 日 are calendar days. The clock stands still only for mediation that both
agreed to or for a missing mandate, and no pause and no extension ever leads beyond the longest limit.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from crm.kernel.workdays.rules.calendar import ONE_DAY, WorkCalendar, add_workdays, workdays_between

BEIJING = ZoneInfo("Asia/Shanghai")
# The longest run of days off is nine; a calendar must reach this far beyond a due date.
ROLL_REACH = 20

Roll = Literal["none", "forward"]
ExtensionProblem = Literal["late", "last", "beyond", "pending"]
PauseProblem = Literal["late", "running", "used_up"]


@dataclass(frozen=True)
class Limits:
    """Days from receipt: `simple` for clear facts, `complex` after the first extension, `longest` after the second."""

    simple: int
    complex: int
    longest: int

    def after(self, extensions: int) -> int:
        """The limit with so many extensions in force."""
        return (self.simple, self.complex, self.longest)[extensions]


@dataclass(frozen=True)
class Dates:
    """The three dates of one limit. `none` counts as breach unless the institution rolls forward."""

    none: date
    forward: date
    internal: date
    provisional: bool

    def breach(self, roll: Roll) -> date:
        """The last day on which a reply is in time."""
        return self.forward if roll == "forward" else self.none


def receipt_day(received_at: datetime) -> date:
    """The Beijing date of receipt. The moment must know its zone (ValueError)."""
    if received_at.tzinfo is None:
        raise ValueError("a moment without a zone has no Beijing date")
    return received_at.astimezone(BEIJING).date()


def due_dates(received: date, limit: int, calendar: WorkCalendar, *, paused: int = 0, longest: int = 60) -> Dates:
    """The three dates `limit` calendar days after receipt, `paused` days that did not count added."""
    last = min(received + timedelta(days=limit + paused), received + timedelta(days=longest))
    provisional, forward, internal = calendar.day(last).provisional, last, last
    while not calendar.day(forward).is_workday:
        forward += ONE_DAY
        provisional = provisional or calendar.day(forward).provisional
    while not calendar.day(internal).is_workday:
        internal -= ONE_DAY
        provisional = provisional or calendar.day(internal).provisional
    return Dates(last, forward, internal, provisional)


def extension_problem(
    *, today: date, due: date, extensions: int, limit: int, limits: Limits, pending: bool = False
) -> ExtensionProblem | None:
    """Why an extension cannot be registered, approved or told on `today`; None if it can.

    Whatever is still missing when the current due date has passed comes too late, and the case stays late.
    """
    if extensions >= 2:
        return "last"
    if pending:
        return "pending"
    if limits.after(extensions + 1) > limits.longest or limits.after(extensions + 1) <= limit:
        return "beyond"
    return "late" if today > due else None


def pause_problem(*, today: date, due: date, running: bool, used: int, most: int) -> PauseProblem | None:
    """Why the clock cannot be stopped on `today`; `used` of at most `most` working days are spent already."""
    if running:
        return "running"
    # The day of the pause counts itself: on the last day there is nothing left to stop.
    if today >= due:
        return "late"
    return "used_up" if used >= most else None


def pause_end(started: date, *, used: int, most: int, calendar: WorkCalendar) -> date:
    """The day on which the clock runs again by itself: when the working days that may be paused are spent."""
    return add_workdays(started, most - used, calendar).date


def paused_days(started: date, ended: date) -> int:
    """Calendar days of a pause that do not count; a clock stepped back gives none, never less."""
    return max((ended - started).days, 0)


def paused_workdays(started: date, ended: date, calendar: WorkCalendar) -> int:
    """Working days of a pause, as they count against the most."""
    return max(workdays_between(started, ended, calendar), 0)


def days_left(today: date, due: date) -> int:
    """Calendar days left; negative once the day has passed."""
    return (due - today).days
