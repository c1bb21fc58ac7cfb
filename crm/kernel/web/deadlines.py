"""The badge of a deadline in words: working days or calendar days that are left, or by which it has passed."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from crm.kernel.declarations.states import Status, bad, warn


def deadline(left: int | None, *, statutory: bool = False) -> Status:
    """The badge of a deadline. `left`: working days (calendar days when `statutory`), 0 today, negative late.

    Statutory clocks warn from three days on, internal ones from one working day on.
    """
    if left is None:
        return Status(_("No deadline"))
    if left < 0:
        return bad(_late(-left, statutory), icon="clock-exclamation")
    if left == 0:
        return warn(_("Due today"), icon="clock")
    word = _left(left, statutory)
    return warn(word, icon="clock") if left <= (3 if statutory else 1) else Status(word, icon="clock")


def _late(days: int, statutory: bool) -> str:
    if statutory:
        return ngettext("%(days)d day past the legal limit", "%(days)d days past the legal limit", days) % {
            "days": days
        }
    return ngettext("%(days)d working day overdue", "%(days)d working days overdue", days) % {"days": days}


def _left(days: int, statutory: bool) -> str:
    if statutory:
        return ngettext("%(days)d day left", "%(days)d days left", days) % {"days": days}
    return ngettext("%(days)d working day left", "%(days)d working days left", days) % {"days": days}
