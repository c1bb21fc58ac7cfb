"""The words of what a to-do makes its owner and their superior hear."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.kernel.notify.kinds import Family, NoticeKind, register
from crm.kernel.worklist.kinds import title_of


def _titled(pattern: str, data: Mapping[str, Any]) -> str:
    title = title_of(data.get("kind", ""), data.get("todo", {}))
    return pattern % {"title": title, "day": data.get("due_on", ""), "owner": data.get("owner", "")}


def _assigned(data: Mapping[str, Any]) -> str:
    return _titled(_("New for you, until %(day)s: %(title)s"), data)


def _reminder(data: Mapping[str, Any]) -> str:
    return _titled(_("Due %(day)s: %(title)s"), data)


def _escalated(data: Mapping[str, Any]) -> str:
    return _titled(_("%(owner)s is late (%(day)s): %(title)s"), data)


def _nobody_above(data: Mapping[str, Any]) -> str:
    return _titled(_("%(owner)s is late and nobody is responsible above (%(day)s): %(title)s"), data)


register(
    NoticeKind("todo.assigned", _assigned, "checklist"),
    NoticeKind("todo.reminder", _reminder, "clock"),
    NoticeKind("todo.escalated", _escalated, "clock-exclamation"),
    NoticeKind("todo.nobody_above", _nobody_above, "alert-triangle"),
    families=(Family("todos", gettext_lazy("To-dos")),),
)
