"""The words of what the review tells people."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.kernel.notify.kinds import Family, NoticeKind, register
from risk.reviews.models import Stage

FAMILY = "reviews"


def _words(pattern: str, data: Mapping[str, Any]) -> str:
    stage = str(dict(Stage.choices).get(data.get("stage", ""), ""))
    return pattern % {"number": data["number"], "stage": stage, "day": data.get("due_on") or "", "by": data["by"]}


def _reminder(data: Mapping[str, Any]) -> str:
    return _words(_("%(number)s waits for you: %(stage)s, due %(day)s"), data)


def _nudged(data: Mapping[str, Any]) -> str:
    return _words(_("%(by)s asks for your decision: %(number)s, %(stage)s, due %(day)s"), data)


def _late(data: Mapping[str, Any]) -> str:
    return _words(_("%(number)s is late at the %(stage)s (due %(day)s)"), data)


def _redated(data: Mapping[str, Any]) -> str:
    return _words(_("The official calendar is out: %(number)s is due %(day)s at the %(stage)s"), data)


def _nobody(data: Mapping[str, Any]) -> str:
    return _words(_("Nobody can decide %(number)s at the %(stage)s"), data)


register(
    NoticeKind("review.reminder", _reminder, "rubber-stamp", FAMILY),
    NoticeKind("review.nudged", _nudged, "rubber-stamp", FAMILY),
    NoticeKind("review.late", _late, "clock-exclamation", FAMILY),
    NoticeKind("review.redated", _redated, "clock", FAMILY),
    NoticeKind("review.nobody", _nobody, "alert-triangle", FAMILY),
    families=(Family(FAMILY, gettext_lazy("Reviews")),),
)
