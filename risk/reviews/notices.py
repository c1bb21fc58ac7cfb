"""The words of what the review tells people and gives them to do."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.kernel.notify.kinds import Family, NoticeKind, register
from crm.kernel.worklist.kinds import Step, TodoKind
from crm.kernel.worklist.kinds import register as register_todos
from risk.reviews.models import CaseStatus, ReviewCase, Stage
from risk.reviews.selectors import select_with_parties
from risk.reviews.selectors.eligibility import list_eligible_people
from risk.reviews.services.conditions import MEET, SETTLE
from risk.reviews.services.lapse import LAPSED, REMINDER
from risk.reviews.services.returned import COMPLETE
from risk.reviews.workflow import DEAL

FAMILY = "reviews"


def _words(pattern: str, data: Mapping[str, Any]) -> str:
    stage = str(dict(Stage.choices).get(data.get("stage", ""), ""))
    return pattern % {"number": data["number"], "stage": stage, "day": data.get("due_on") or "", "by": data["by"]}


def _reminder(data: Mapping[str, Any]) -> str:
    return _words(_("%(number)s is waiting for you: %(stage)s, due %(day)s"), data)


def _nudged(data: Mapping[str, Any]) -> str:
    return _words(_("%(by)s reminds you to decide: %(number)s, %(stage)s, due %(day)s"), data)


def _late(data: Mapping[str, Any]) -> str:
    return _words(_("%(number)s is overdue at the %(stage)s (due %(day)s)"), data)


def _redated(data: Mapping[str, Any]) -> str:
    return _words(_("The official calendar was published: %(number)s is due %(day)s at the %(stage)s"), data)


def _nobody(data: Mapping[str, Any]) -> str:
    return _words(_("Nobody can decide %(number)s at the %(stage)s"), data)


def _validity(data: Mapping[str, Any]) -> str:
    return _("The approval of %(project)s (%(number)s) lapses after %(day)s without a signed contract") % data


def _lapsed(data: Mapping[str, Any]) -> str:
    return _("The approval of %(project)s (%(number)s) lapsed: %(day)s was its last day") % data


def _still_unsigned(notice: Any) -> bool:
    """Whether the approval still waits for its contract."""
    rows = ReviewCase.objects.filter(kind=DEAL, status=CaseStatus.APPROVED, project__contracted_on__isnull=True)
    return rows.filter(pk=notice.object_id).exists()


def _still_lapsed(notice: Any) -> bool:
    return ReviewCase.objects.filter(kind=DEAL, status=CaseStatus.LAPSED, pk=notice.object_id).exists()


def _waiting(notice: Any) -> ReviewCase | None:
    """The case while it waits at the stage that the notice speaks of; None once somebody has decided."""
    rows = select_with_parties().filter(status=CaseStatus.OPEN, stage_since__lte=notice.created_at)
    return rows.filter(pk=notice.object_id, stage=notice.data.get("stage")).first()


def _still_waits(notice: Any) -> bool:
    return _waiting(notice) is not None


def _still_theirs(notice: Any) -> bool:
    """Whether it is still the recipient who may decide it."""
    case = _waiting(notice)
    return case is not None and any(person.pk == notice.recipient_id for person in list_eligible_people(case))


def _complete_step(todo: Any) -> Step:
    return Step(gettext_lazy("Complete"), f"{todo.url}#project-review")


register(
    NoticeKind("review.reminder", _reminder, "rubber-stamp", FAMILY, _still_theirs),
    NoticeKind("review.nudged", _nudged, "rubber-stamp", FAMILY, _still_theirs),
    NoticeKind("review.late", _late, "clock-exclamation", FAMILY, _still_waits),
    NoticeKind("review.redated", _redated, "clock", FAMILY, _still_waits),
    NoticeKind("review.nobody", _nobody, "alert-triangle", FAMILY, _still_waits),
    NoticeKind(REMINDER, _validity, "clock-exclamation", FAMILY, _still_unsigned),
    NoticeKind(LAPSED, _lapsed, "clock-exclamation", FAMILY, _still_lapsed),
    families=(Family(FAMILY, gettext_lazy("Reviews")),),
)
register_todos(
    TodoKind(
        COMPLETE,
        gettext_lazy("Complete the returned project: %(project)s"),
        gettext_lazy("Complete"),
        "corner-up-left",
        work=gettext_lazy("Complete a returned project"),
        step=_complete_step,
    ),
    TodoKind(
        MEET,
        gettext_lazy("Meet a condition of %(number)s: %(text)s"),
        gettext_lazy("Report as met…"),
        "checklist",
        work=gettext_lazy("Meet a condition"),
    ),
    TodoKind(
        SETTLE,
        gettext_lazy("Verify a reported condition of %(number)s: %(text)s"),
        gettext_lazy("Verify…"),
        "check",
        work=gettext_lazy("Verify a reported condition"),
    ),
)
