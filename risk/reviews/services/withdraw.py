"""Withdrawal: the makers take a case back before it is decided, or give up one that came back to them."""

from django.utils.translation import gettext as _

from crm.kernel.access.checks import require
from crm.kernel.access.errors import BadInput, Conflict
from crm.kernel.access.inputs import checked
from crm.kernel.audit.services import record
from crm.kernel.people.models import Person
from projects.deals.services import project_record_decision
from risk.reviews.models import CaseStatus, ReviewCase
from risk.reviews.services import returned
from risk.reviews.services.held import act, check_seen, hold, let_see, move, what_happened


@act
def review_withdraw(*, case: ReviewCase, expected_version: int | None, reason: str, by: Person) -> ReviewCase:
    """Take back an open or a returned case: owner, co-manager, investigator or who submitted it. The deal is free.

    A later submission opens the next round at the initial review. 403 for others, 409 once it was decided or withdrawn.
    """
    reason = checked(ReviewCase, {"withdrawn_reason": reason})["withdrawn_reason"]
    if not reason:
        raise BadInput(_("State why the case is withdrawn."), field="reason")
    if len(reason) > LONGEST_REASON:
        raise BadInput(_("At most %(limit)d characters.") % {"limit": LONGEST_REASON}, field="reason")
    held = hold(case, by)
    case = held.case
    require(by, "withdraw", case)
    if not case.is_withdrawable:
        raise Conflict(
            _("This case can no longer be withdrawn: it is %(status)s. %(what)s")
            % {"status": case.get_status_display(), "what": what_happened(case)},
            code="closed",
        )
    check_seen(held, expected_version)
    if not case.is_open:
        returned.ended(held.project, outcome="withdrawn", by=by)
    move(
        case,
        status=CaseStatus.WITHDRAWN,
        withdrawn_by=by,
        withdrawn_reason=reason,
        due_on=None,
        due_provisional=False,
    )
    project_record_decision(project=held.project, outcome="withdrawn", case_number=case.number, by=by)
    let_see(held, [], by=by)
    record(
        "review.withdrawn",
        subject=case,
        by=by,
        reason=reason,
        data={"stage": case.stage, "round": case.round},
    )
    return case


LONGEST_REASON = 500
