"""The words of every state: one place maps kind and value to a word, a tone and an icon (visual 6).

No page picks its own colour. A wing whose state is missing adds a row here, in the table of its kind.
`icon=` is written out in each row because the sprite cutter reads it from the source.
"""

from dataclasses import dataclass, replace

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

Text = str | Promise
TONES = frozenset({"neutral", "ok", "warn", "bad", "accent", "accent-fill", "bad-fill"})


@dataclass(frozen=True)
class Status:
    """How one state is shown: its word, its tone (one of TONES) and the name of its icon ("" for none)."""

    word: Text
    tone: str = "neutral"
    icon: str = ""


def _warn(word: Text, icon: str) -> Status:
    return Status(word, "warn", icon)


def _bad(word: Text, icon: str) -> Status:
    return Status(word, "bad", icon)


def _ok(word: Text, icon: str) -> Status:
    return Status(word, "ok", icon)


STATUS: dict[str, dict[str, Status]] = {
    "decision": {
        "approve": _ok(_("Approved"), icon="check"),
        "approve_with_conditions": _ok(_("Approved with conditions"), icon="checklist"),
        "return": _warn(_("Returned"), icon="corner-up-left"),
        "reject": _bad(_("Rejected"), icon="ban"),
        "recuse": Status(_("Recused"), icon="user-off"),
        "escalate": Status(_("Escalated"), "accent", icon="arrow-up"),
    },
    "review": {
        "your_move": Status(_("Your move"), "accent-fill", icon="user-check"),
        "waiting": Status(_("In review"), "accent", icon="user-check"),
        "open": Status(_("In review"), "accent", icon="user-check"),
        "in_review": Status(_("In review"), "accent", icon="user-check"),
        "approved": _ok(pgettext_lazy("case", "Approved"), icon="check"),
        "approved_with_conditions": _ok(_("Approved with conditions"), icon="checklist"),
        "returned": _warn(_("Returned for completion"), icon="corner-up-left"),
        "rejected": _bad(_("Rejected"), icon="ban"),
        "recused": Status(_("Recused"), icon="user-off"),
        "withdrawn": Status(_("Withdrawn"), icon="arrow-back-up"),
        "void": Status(_("No longer valid in this round"), icon="history"),
        "frozen": Status(_("Dossier frozen"), icon="lock"),
        "later": Status(_("Not started"), icon="circle-dashed"),
    },
    "project": {
        "draft": Status(_("Draft"), icon="pencil"),
        "pipeline": Status(_("Pipeline"), icon="pencil"),
        "in_review": Status(_("In review"), "accent", icon="rubber-stamp"),
        "returned": _warn(_("Returned for completion"), icon="corner-up-left"),
        "approved": _ok(pgettext_lazy("project", "Approved"), icon="check"),
        "rejected": _bad(_("Rejected"), icon="ban"),
        "withdrawn": Status(_("Withdrawn"), icon="arrow-back-up"),
        "locked": Status(_("Locked by a review"), icon="lock"),
    },
    "condition": {
        "open": _bad(_("Not met"), icon="circle-x"),
        "unmet": _bad(_("Not met"), icon="circle-x"),
        "partly": _warn(_("Partly met"), icon="progress"),
        "to_verify": Status(_("To be verified"), "accent", icon="hourglass"),
        "met": _ok(_("Met"), icon="circle-check"),
        "waived": Status(_("Waived"), icon="shield-check"),
        "blocking": Status(_("Blocks draw-down"), icon="lock"),
        "new": Status(_("You are adding this"), "accent", icon="plus"),
    },
    "warning": {
        "red": _bad(_("Red"), icon="alert-octagon"),
        "amber": _warn(_("Amber"), icon="alert-triangle"),
        "watched": Status(_("Under observation"), icon="eye"),
        "closed": Status(_("Closed"), icon="check"),
    },
    "tier": {
        "normal": Status(pgettext_lazy("five tiers", "Normal")),
        "special_mention": Status(pgettext_lazy("five tiers", "Special mention"), "warn"),
        "substandard": Status(pgettext_lazy("five tiers", "Substandard"), "bad"),
        "doubtful": Status(pgettext_lazy("five tiers", "Doubtful"), "bad"),
        "loss": Status(pgettext_lazy("five tiers", "Loss"), "bad-fill"),
    },
    "rating": {
        "proposed": Status(_("Waiting for confirmation"), "accent", icon="hourglass"),
        "pending": Status(_("Waiting for confirmation"), "accent", icon="hourglass"),
        "confirmed": _ok(_("Confirmed"), icon="check"),
        "valid": _ok(_("Valid"), icon="check"),
        "expiring": _warn(_("Expires soon"), icon="hourglass"),
        "expired": _bad(_("Expired"), icon="file-x"),
        "superseded": Status(_("Replaced"), icon="history"),
        "declined": _bad(_("Declined"), icon="ban"),
    },
    "complaint": {
        "general": Status(_("General"), icon="message-report"),
        "major": _bad(_("Major"), icon="flame"),
    },
    "complaint_stage": {
        "received": Status(_("Waiting for acceptance"), "accent", icon="hourglass"),
        "investigating": Status(_("Under investigation"), icon="search"),
        "review": Status(_("Waiting for the second person"), "accent", icon="user-check"),
        "to_reply": Status(_("Waiting for the reply"), "accent", icon="pencil"),
        "replied": _ok(_("Replied"), icon="check"),
        "closed": Status(_("Closed"), icon="circle-check"),
        "paused": _warn(_("Clock stands still"), icon="clock"),
    },
    "limit": {"frozen": _bad(_("Unused limit frozen"), icon="lock")},
    "file": {
        "missing": _bad(_("Missing"), icon="file-x"),
        "valid": _ok(_("Valid"), icon="check"),
        "expired": _bad(_("Expired"), icon="file-x"),
    },
    "parameter": {
        "draft": Status(_("Draft"), icon="pencil"),
        "proposed": Status(_("Waiting for the second person"), "accent", icon="hourglass"),
        "in_force": _ok(_("In force"), icon="check"),
        "superseded": Status(_("Replaced"), icon="history"),
        "rejected": _bad(_("Rejected"), icon="ban"),
    },
    "kpi": {
        "preview": Status(_("Preview"), "accent", icon="progress"),
        "closed": Status(_("Locked"), icon="lock"),
    },
    "kpi_scheme": {
        "draft": Status(_("Waiting for the second person"), "accent", icon="hourglass"),
        "published": _ok(_("In force"), icon="check"),
        "withdrawn": Status(_("Withdrawn"), icon="arrow-back-up"),
    },
    "job": {
        "queued": Status(_("Queued")),
        "running": Status(_("Running"), "accent", icon="progress"),
        "done": _ok(_("Done"), icon="check"),
        "failed": _bad(_("Failed"), icon="circle-x"),
        "cut_off": _bad(pgettext_lazy("job", "Cut off"), icon="circle-x"),
        "cancelled": Status(_("Cancelled")),
    },
    "notice": {
        "unread": Status(_("Unread"), "accent", icon="bell"),
        "escalated": _bad(_("Escalation"), icon="clock-exclamation"),
        "read": Status(pgettext_lazy("notice", "Read"), icon="check"),
    },
    "account": {
        "active": _ok(_("Active"), icon="check"),
        "inactive": Status(_("Inactive"), icon="user-off"),
        "locked": _bad(_("Locked"), icon="lock"),
    },
    "audit": {
        "done": Status(_("Done"), icon="check"),
        "refused": _warn(_("Refused"), icon="ban"),
        "failed": _bad(_("Failed"), icon="circle-x"),
        "sealed": _ok(_("Sealed"), icon="lock"),
        "unsealed": Status(_("Not sealed yet"), icon="hourglass"),
    },
    "calendar": {"provisional": Status(_("Provisional"), icon="calendar-question")},
}


def status_of(kind: str, value: object, word: Text = "") -> Status:
    """The status of `value` in `kind`; `word` replaces the word ("Red 2"). An unknown value is shown neutrally
    with its own text, so that a new state is ugly rather than wrong."""
    found = STATUS.get(kind, {}).get(str(value))
    if found is None:
        return Status(word or str(value))
    return replace(found, word=word) if word else found


def deadline(left: int | None, *, statutory: bool = False) -> Status:
    """The badge of a deadline. `left`: working days (calendar days when `statutory`), 0 today, negative late.

    Statutory clocks warn from three days on, internal ones from one working day on.
    """
    if left is None:
        return Status(_("No deadline"))
    if left < 0:
        return _bad(_late(-left, statutory), icon="clock-exclamation")
    if left == 0:
        return _warn(_("Due today"), icon="clock")
    word = _left(left, statutory)
    return _warn(word, icon="clock") if left <= (3 if statutory else 1) else Status(word, icon="clock")


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


def grade_tone(grade: str) -> str:
    """Letters are not traffic lights: only B has an amber edge and C a red one (visual 1, rule 4)."""
    return {"B": "warn", "C": "bad"}.get(grade, "")
