"""Small words that the parts of a case share."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext


def join_halves(one: str, other: str) -> str:
    """Two half sentences with the comma of the language."""
    return _(", ").join([one, other])


def join_speech(who: str, what: str) -> str:
    """Somebody or something, and what was said, with the colon of the language."""
    return _(": ").join([who, what])


def format_blocked(count: int) -> str:
    """That conditions keep the money back."""
    return _("Drawdown remains blocked by %(count)d conditions.") % {"count": count}


def format_days_left(left: int) -> str:
    """Working days left or late, as the deadline badge says it."""
    if left < 0:
        return ngettext("%(days)d working day overdue", "%(days)d working days overdue", -left) % {"days": -left}
    if left == 0:
        return _("Due today")
    return ngettext("%(days)d working day left", "%(days)d working days left", left) % {"days": left}


def shorten(text: str, most: int = 60) -> str:
    """The beginning of an opinion, for one line."""
    line = " ".join(text.split())
    return line if len(line) <= most else f"{line[:most]}…"
