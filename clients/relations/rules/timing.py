"""When an interaction can be: pure checks of its times and days (rules 5.6, 9.2)."""

from datetime import date, datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

LONGEST = timedelta(days=31)
FURTHEST = timedelta(days=731)
# How long an interaction takes whose end is not known.
USUAL = timedelta(hours=1)


def find_contradictions(given: dict[str, Any], *, state: str, now: datetime, back_days: int) -> dict[str, str]:
    """Field → reason of every time that cannot be. `given`: `starts_at`, `ends_at`, `next_on`, `next_what`; `now` in
    the zone of the institution; `back_days`: how long ago a held one may lie.
    """
    wrong: dict[str, str] = {}
    starts_at: datetime = given["starts_at"]
    if state == "held" and starts_at > now:
        wrong["starts_at"] = _("This time has not come yet: plan the interaction instead.")
    elif state == "held" and now - starts_at > timedelta(days=back_days):
        wrong["starts_at"] = _("At most %(days)d days ago.") % {"days": back_days}
    elif state == "planned" and not now < starts_at <= now + FURTHEST:
        wrong["starts_at"] = _("A planned interaction lies ahead, at most two years.")
    ends_at: datetime | None = given.get("ends_at")
    if ends_at is not None and not starts_at < ends_at <= starts_at + LONGEST:
        wrong["ends_at"] = _("The end lies after the beginning, at most 31 days.")
    elif ends_at is not None and state == "held" and ends_at > now:
        wrong["ends_at"] = _("This time has not come yet.")
    next_on: date | None = given.get("next_on")
    if next_on is None and given.get("next_what"):
        wrong["next_on"] = _("Enter the day of the next step.")
    elif next_on is not None and not now.date() <= next_on <= now.date() + FURTHEST:
        wrong["next_on"] = _("A day from today on, at most two years ahead.")
    return wrong
