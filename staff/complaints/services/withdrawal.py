"""A complainant withdraws: handling ends on the day the withdrawal was received (rules-2 5.1), whenever it is typed."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from crm.kernel.access.errors import BadInput
from crm.kernel.people.models import Person
from staff.complaints.models import Complaint, Kind, Outcome, Part
from staff.complaints.services import duties, recusal
from staff.complaints.services.clock import resume, running_pause
from staff.complaints.services.held import begin_act, now_of, save, tell, text, today_of
from staff.complaints.workflow import BY_CODE


@transaction.atomic
def complaint_withdraw(
    *, complaint: Complaint, withdrawn_on: date | None, how: str, expected_version: int | None, by: Person
) -> Complaint:
    """Close it as withdrawn; `withdrawn_on` is the day the withdrawal came in, `how` in which form.

    A second person records it: whoever answers for a complaint does not end it on their own word. A limit that had
    passed on that day stays passed.
    """
    row = begin_act(complaint, by=by, action="withdraw", expected_version=expected_version)
    if withdrawn_on is None:
        raise BadInput(_("Enter the day on which the withdrawal was received."), field="withdrawn_on")
    if not row.received_on <= withdrawn_on <= today_of(row):
        raise BadInput(
            _("The withdrawal was received between the receipt of the complaint and today."), field="withdrawn_on"
        )
    pause = running_pause(row)
    if pause is not None:
        resume(row, pause, by=by)
    recusal.take_seat(row, by, Part.CHECKER)
    tell(row, Kind.WITHDRAWN, by=by, text=text(how, "how", 2), on=str(withdrawn_on), due_on=str(row.due_on))
    row.status, row.outcome, row.withdrawn_on = BY_CODE["withdraw"].target, Outcome.WITHDRAWN, withdrawn_on
    row.closed_at, row.escalated_to = now_of(row), None
    save(row)
    duties.schedule(row)
    duties.follow(row, by=by)
    return row
