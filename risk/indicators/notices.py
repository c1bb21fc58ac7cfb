"""The words of the to-dos and notices that warnings make."""

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.kernel.notify.kinds import NoticeKind
from crm.kernel.notify.kinds import register as register_notices
from crm.kernel.worklist.kinds import Step, TodoKind, register
from risk.indicators.models import Indicator, Level
from risk.indicators.services.redate import NOTICE
from risk.indicators.services.todos import ANSWER, CLOSE


def _words(data: Mapping[str, Any]) -> dict[str, Any]:
    indicators, levels = dict(Indicator.choices), dict(Level.choices)
    return {
        "level": levels.get(data.get("level", ""), ""),
        "indicator": indicators.get(data.get("indicator", ""), ""),
        "client": data.get("client", ""),
    }


def _answer(data: Mapping[str, Any]) -> str:
    return _("Respond to the warning (%(level)s): %(indicator)s · %(client)s") % _words(data)


def _redated(data: Mapping[str, Any]) -> str:
    words = {**_words(data), "day": data.get("due_on", "")}
    return _("The official calendar was published: respond by %(day)s: %(indicator)s (%(level)s) · %(client)s") % words


def _close(data: Mapping[str, Any]) -> str:
    return _("Close the warning with a response (%(level)s): %(indicator)s · %(client)s") % _words(data)


def _respond_step(todo: Any) -> Step:
    return Step(gettext_lazy("Respond…"), reverse("risk:warning_respond", args=[todo.object_id]))


def _close_step(todo: Any) -> Step:
    return Step(gettext_lazy("Close…"), reverse("risk:warning_close", args=[todo.object_id]))


register(
    TodoKind(ANSWER, _answer, icon="alert-triangle", work=gettext_lazy("Respond to a warning"), step=_respond_step),
    TodoKind(CLOSE, _close, icon="check", work=gettext_lazy("Close a warning with a response"), step=_close_step),
)
register_notices(NoticeKind(NOTICE, _redated, "clock"))
