"""Small words that the parts of a case share."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from risk.reviews.models import Verb


def verb_word(verb: Verb) -> str:
    """The verb as a choice. The plain approval has a word of its own: parameters are "approved" by another one."""
    return _("Approve") if verb == Verb.APPROVE else str(verb.label)


def joined(one: str, other: str) -> str:
    """Two half sentences with the comma of the language."""
    return _(", ").join([one, other])


def said(who: str, what: str) -> str:
    """Somebody or something, and what was said, with the colon of the language."""
    return _(": ").join([who, what])


def left_words(left: int) -> str:
    """Working days left or late, as the deadline badge says it."""
    if left < 0:
        return ngettext("%(days)d working day overdue", "%(days)d working days overdue", -left) % {"days": -left}
    if left == 0:
        return _("Due today")
    return ngettext("%(days)d working day left", "%(days)d working days left", left) % {"days": left}


def shortened(text: str, most: int = 60) -> str:
    """The beginning of an opinion, for one line."""
    line = " ".join(text.split())
    return line if len(line) <= most else f"{line[:most]}…"
