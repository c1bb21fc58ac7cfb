"""The words of what a to-do makes its owner and their superior hear."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.kernel.notify.kinds import Family, NoticeKind, register
from crm.kernel.worklist.kinds import kind_of, title_of
from crm.kernel.worklist.models import Todo
from crm.kernel.worklist.selectors import NUDGED


def _titled(pattern: str, data: Mapping[str, Any]) -> str:
    kind = data.get("kind", "")
    # Without its data where the recipient does not see what it is about.
    title = title_of(kind, data["todo"]) if "todo" in data else str(kind_of(kind).work)
    words = {"title": title, "day": data.get("due_on", ""), "owner": data.get("owner", ""), "by": data.get("by", "")}
    return pattern % words


def _assigned(data: Mapping[str, Any]) -> str:
    return _titled(_("New to-do, due %(day)s: %(title)s"), data)


def _reminder(data: Mapping[str, Any]) -> str:
    return _titled(_("Due %(day)s: %(title)s"), data)


def _nudged(data: Mapping[str, Any]) -> str:
    return _titled(_("%(by)s reminds you, due %(day)s: %(title)s"), data)


def _escalated(data: Mapping[str, Any]) -> str:
    return _titled(_("%(owner)s is overdue (due %(day)s): %(title)s"), data)


def _nobody_above(data: Mapping[str, Any]) -> str:
    return _titled(_("%(owner)s is overdue (due %(day)s) and has no superior to escalate to: %(title)s"), data)


def _still_theirs(notice: Any) -> bool:
    """Whether the to-do is open and still the recipient's, or of somebody they stand in for."""
    if notice.object_type != Todo._meta.label_lower:
        return True
    theirs = [notice.recipient_id, *notice.recipient.covers_wholly]
    return Todo.objects.filter(pk=notice.object_id, owner__in=theirs, done_at=None).exists()


register(
    NoticeKind("todo.assigned", _assigned, "checklist", still_meant=_still_theirs),
    NoticeKind("todo.reminder", _reminder, "clock", still_meant=_still_theirs),
    NoticeKind(NUDGED, _nudged, "bell-ringing", still_meant=_still_theirs),
    NoticeKind("todo.escalated", _escalated, "clock-exclamation"),
    NoticeKind("todo.nobody_above", _nobody_above, "alert-triangle"),
    families=(Family("todos", gettext_lazy("To-dos")),),
)
