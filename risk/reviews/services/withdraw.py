"""Withdrawal: the makers take a case back before it is decided, or give up one that came back to them."""

from django.utils.translation import gettext as _

from crm.kernel.access.errors import BadInput
from crm.kernel.access.inputs import checked
from crm.kernel.people.models import Person
from risk.reviews.models import CaseStatus, ReviewCase
from risk.reviews.services.locks import lock_case, run_as_one_act
from risk.reviews.services.moves import set_sight
from risk.reviews.subjects import Ending, subject_of


@run_as_one_act
def review_withdraw(*, case: ReviewCase, expected_version: int | None, reason: str, by: Person) -> ReviewCase:
    """Take back an open or a returned case: owner, co-manager, investigator or who submitted it. The deal is free.

    A later submission opens the next round at the initial review. 403 for others, 409 once it was decided or withdrawn.
    """
    reason = checked(ReviewCase, {"withdrawn_reason": reason})["withdrawn_reason"]
    if not reason:
        raise BadInput(_("State why the case is withdrawn."), field="reason")
    if len(reason) > LONGEST_REASON:
        raise BadInput(_("At most %(limit)d characters.") % {"limit": LONGEST_REASON}, field="reason")
    held = lock_case("withdraw", case, by, expected_version=expected_version)
    case = held.case
    held.move.write(withdrawn_by=by, withdrawn_reason=reason, due_on=None, due_provisional=False, waiting_for=[])
    subject_of(case).conclude(held.project, case, Ending(CaseStatus.WITHDRAWN.value), by=by)
    set_sight(held, [], by=by)
    held.move.record(reason=reason, data={"stage": case.stage, "round": case.round})
    return case


LONGEST_REASON = 500
