"""An approval without a signed contract lapses after its last valid day; reminders before (rules-2 section 1, 6.1)."""

import logging
from datetime import datetime, time, timedelta

from django.db import transaction

from clients.standing.services import standing_record
from crm.kernel.access.policies import Viewer
from crm.kernel.audit.services import record
from crm.kernel.notify.services import notify
from crm.kernel.parameters import selectors as parameters
from crm.kernel.workdays import clock
from crm.kernel.worklist.services import todo_close
from projects.deals.models import Project
from projects.deals.services import project_lapse
from risk.reviews import parameter_codes as codes
from risk.reviews.models import CaseStatus, Condition, ReviewCase
from risk.reviews.rules.validity import due_reminder
from risk.reviews.selectors.dossier import read_exposure
from risk.reviews.services.conditions import MEET, SETTLE
from risk.reviews.services.locks import lock_project
from risk.reviews.services.moves import move_case
from risk.reviews.workflow import DEAL

LAPSED, REMINDER = "review.lapsed", "review.validity"
logger = logging.getLogger(__name__)


def approvals_lapse(*, by: Viewer) -> int:
    """Let every approval lapse whose last valid day has passed without a contract; how many. Idempotent."""
    waiting = Project.objects.filter(status=Project.Status.APPROVED, contracted_on__isnull=True)
    over = waiting.filter(valid_until__lt=clock.today()).order_by("pk").values_list("pk", flat=True)
    count = 0
    for pk in list(over):
        try:
            count += _lapse(pk, by=by)
        except Exception:
            logger.exception("the approval of project %s could not lapse", pk)
    return count


@transaction.atomic
def _lapse(pk: int, *, by: Viewer) -> bool:
    """One approval, under its locks. One that was contracted meanwhile is left alone."""
    project = lock_project(pk)
    last_day = project.valid_until
    is_over = last_day is not None and last_day < clock.today() and project.contracted_on is None
    if project.status != Project.Status.APPROVED or not is_over:
        return False
    case = ReviewCase.objects.select_for_update(of=("self",)).get(project=project, kind=DEAL)
    case.project = project
    project_lapse(project=project, case_number=case.number, by=by)
    move_case(case, status=CaseStatus.LAPSED)
    for condition in Condition.objects.filter(case=case, status__in=Condition.UNSETTLED):
        for kind in (MEET, SETTLE):
            todo_close(kind=kind, subject=condition, outcome="lapsed", by=by)
    standing_record(
        client=project.client,
        values={"exposure": read_exposure(project)["existing"]},
        source=f"review:{case.pk}",
        as_of=clock.today(),
        by=by,
    )
    record("review.lapsed", subject=case, by=by, data={"valid_until": last_day, "round": case.round})
    _tell_owner(case, LAPSED, due_at=clock.now(), by=by)
    return True


def approvals_remind(*, by: Viewer) -> int:
    """Tell the account manager before the last valid day, once for each number of days of the rule; how many."""
    days, today = parameters.value(codes.VALIDITY).value["remind_days"], clock.today()
    waiting = ReviewCase.objects.filter(
        kind=DEAL,
        status=CaseStatus.APPROVED,
        project__contracted_on__isnull=True,
        project__valid_until__range=(today, today + timedelta(days=max(days, default=0))),
    ).select_related("project__client__owner")
    count = 0
    for case in waiting.order_by("pk"):
        last_day = case.project.valid_until
        assert last_day is not None
        before = due_reminder(today, last_day, days)
        if before is None:
            continue
        moment = datetime.combine(last_day - timedelta(days=before), time(), clock.SHANGHAI)
        count += _tell_owner(case, REMINDER, due_at=moment, by=by)
    return count


def _tell_owner(case: ReviewCase, kind: str, *, due_at: datetime, by: Viewer) -> bool:
    """One notice to the account manager; whether it was new."""
    told = notify(
        recipient=case.project.client.owner,
        kind=kind,
        subject=case,
        url=case.project.get_absolute_url(),
        data={"number": case.number, "project": case.project.name, "day": case.project.valid_until},
        due_at=due_at,
        by=by,
    )
    return told is not None
