"""The sixty days of a complaint as geometry in attributes (visual 9), and the words beside them."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from crm.kernel.access.checks import may
from crm.kernel.parameters import selectors as parameters
from crm.kernel.text import numbers
from crm.kernel.workdays import clock
from staff.complaints.models import Complaint, Status
from staff.complaints.workflow import BY_CODE, HANDLING

WIDTH = 600


@dataclass(frozen=True)
class Tick:
    """A mark of the track: a limit of so many days, `now` for the one in force."""

    x: int
    day: int
    now: bool


@dataclass(frozen=True)
class Track:
    """A box of 600 by 8: `used` in time, `late` from the limit in force (`limit`) on, ticks with their words."""

    used: int
    late: int
    limit: int
    ticks: list[Tick]
    label: str

    @classmethod
    def of(cls, row: Complaint, limits: dict[str, int]) -> "Track":
        """The track of one complaint as it stands today; `limits` of parameter `complaint.limits` are its marks."""
        whole = max(row.longest_days, 1)
        in_force = (row.due_on - row.received_on).days

        def at(day: int) -> int:
            return min(WIDTH, max(0, round(WIDTH * day / whole)))

        marks = sorted({limits["simple"], limits["complex"], in_force, row.longest_days})
        # Two marks closer than five days would write over each other: the one in force stays.
        kept = [day for day in marks if day == in_force or abs(day - in_force) > 4]
        words = _("day %(used)d of %(limit)d") % {"used": row.days_used, "limit": in_force}
        return cls(
            used=min(at(row.days_used), at(in_force)),
            late=max(0, at(row.days_used) - at(in_force)),
            limit=at(in_force),
            ticks=[Tick(at(day), day, day == in_force) for day in kept if day <= whole],
            label=words,
        )


def limits_of(row: Complaint) -> dict[str, int]:
    """The limits in force on the day of receipt."""
    found: dict[str, int] = parameters.value("complaint.limits", on=row.received_on).value
    return found


def due_lines(row: Complaint, today: date) -> dict[str, Any]:
    """The limit in words: date and weekday, the internal one where it differs, extensions, stopped days."""
    extensions = {0: "", 1: _("extended once"), 2: _("extended twice, the maximum")}[row.extensions]
    stopped = _("%(days)d days excluded") % {"days": row.paused_days} if row.paused_days else ""
    return {
        "date": numbers.date_short(row.due_on, today),
        "weekday": date_format(row.due_on, "D"),
        "internal": numbers.date_short(row.internal_due, today) if row.internal_due != row.due_none else "",
        "more": [text for text in (extensions, stopped) if text],
    }


def next_act(row: Complaint, person: Any) -> dict[str, Any]:
    """The one act of a board's line: what this person should do next, else to open it."""
    code = "review" if row.status == Status.REVIEW else HANDLING.get(row.status, "")
    if code and may(person, code, row):
        url = reverse(f"staff:complaint_{code}", args=[row.pk])
        return {"text": BY_CODE[code].label, "url": url, "fill": row.due_on < clock.today()}
    return {"text": _("Open"), "url": row.get_absolute_url(), "fill": False}
