"""核查: a request for a review of handling is recorded with its day, and answered by another person one level up."""

from datetime import date, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from crm.kernel.access.errors import BadInput, Conflict, NotPermitted
from crm.kernel.parameters import selectors as parameters
from crm.kernel.people.models import Person
from crm.kernel.workdays.selectors import calendar_between
from staff.complaints.models import DECISIONS, Complaint, ComplaintEvent, ComplaintRecheck, Kind, Status
from staff.complaints.rules import deadlines
from staff.complaints.selectors.eligible import recheckers
from staff.complaints.services import duties
from staff.complaints.services.held import begin_act, now_of, record_event, save, tell, text, today_of, write_event

Verdict = ComplaintRecheck.Verdict
RULE = "complaint.recheck"
# What is told of a request that came too late; in the complainant's language.
LATE = "您于{requested}提出的核查申请，已超过收到处理决定之日起{days}日的期限（截止日为{last}），依规定不予受理。"


@transaction.atomic
def recheck_request(
    *,
    complaint: Complaint,
    requested_on: date | None,
    grounds: str,
    expected_version: int | None,
    by: Person,
    how: str = "",
) -> ComplaintRecheck:
    """Record that the complainant asked for a review of handling on `requested_on`, whenever it is typed.

    In time it waits for the level above. Too late it is refused in writing at once: `how` says how that was told.
    """
    row = begin_act(complaint, by=by, action="ask_recheck", expected_version=expected_version)
    if row.replied_at is None:
        raise Conflict(_("There is no decision on this complaint to review."), code="none")
    told_on = deadlines.receipt_day(row.replied_at)
    if requested_on is None or not told_on <= requested_on <= today_of(row):
        raise BadInput(_("The request was received between the decision and today."), field="requested_on")
    if row.rechecks.filter(verdict="").exists():
        raise Conflict(_("A review of handling is already waiting for an answer."), code="pending")
    if row.rechecks.filter(told_on=told_on).exclude(verdict=Verdict.LATE).exists():
        raise Conflict(_("A review of this decision was asked for already."), code="same")
    rule = parameters.value(RULE, on=told_on).value
    ask, due = _dates(told_on, rule["ask_days"]), _dates(requested_on, rule["answer_days"])
    found = ComplaintRecheck(
        complaint=row,
        told_on=told_on,
        requested_on=requested_on,
        grounds=text(grounds, "grounds"),
        ask_none=ask.none,
        ask_forward=ask.forward,
        due_none=due.none,
        due_forward=due.forward,
        recorded_by=by,
        recorded_at=now_of(row),
    )
    if requested_on > ask.forward:
        words = {"requested": requested_on, "days": rule["ask_days"], "last": ask.forward}
        _answer(found, Verdict.LATE, LATE.format(**words), how=how, by=by)
        found.save()
        tell(row, Kind.RECHECK_REFUSED, by=by, text=found.answer, evidence=[found], requested_on=str(requested_on))
    else:
        found.save()
        days = {"requested_on": str(requested_on), "due_on": str(due.none)}
        tell(row, Kind.RECHECK_ASKED, by=by, text=found.grounds, evidence=[found], **days)
    save(row)
    duties.follow(row, by=by)
    return found


@transaction.atomic
def recheck_decide(
    *,
    complaint: Complaint,
    verdict: str,
    answer: str,
    how: str,
    expected_version: int | None,
    by: Person,
    outcome: str = "",
) -> ComplaintRecheck:
    """Answer the review: handling upheld, to be handled again within new days, or the decision corrected at once.

    By somebody above who had no part in the complaint. `outcome` is the corrected decision.
    """
    row = begin_act(complaint, by=by, action="decide_recheck", expected_version=expected_version)
    found = row.rechecks.filter(verdict="").first()
    if found is None:
        raise Conflict(_("No review of handling is waiting for an answer."), code="none")
    if by not in recheckers(row):
        raise NotPermitted(_("Somebody one level up who had no part in this complaint answers the review."))
    if verdict not in (Verdict.UPHELD, Verdict.REDO, Verdict.CORRECTED):
        raise BadInput(_("Choose the result of the review."), field="verdict")
    if (verdict == Verdict.CORRECTED) != (outcome in DECISIONS):
        raise BadInput(_("State the new decision if the decision is corrected, and only then."), field="outcome")
    least = parameters.value("complaint.reason_least", on=row.received_on).value
    _answer(found, verdict, text(answer, "answer", least), how=how, by=by)
    if verdict == Verdict.REDO:
        found.redo_due = today_of(row) + timedelta(days=parameters.value(RULE).value["redo_days"])
    events = [write_event(row, Kind.RECHECKED, by=by, text=found.answer, verdict=verdict, outcome=outcome)]
    found.save()
    if verdict == Verdict.CORRECTED:
        row.outcome = outcome
    elif verdict == Verdict.REDO:
        events.append(_take_up_again(row, found, by=by))
    save(row)
    for event in events:
        record_event(event, row, *([found] if event.kind == Kind.RECHECKED else []), by=by)
    duties.follow(row, by=by)
    return found


def _answer(found: ComplaintRecheck, verdict: str, answer: str, *, how: str, by: Person) -> None:
    """Write the answer into the unsaved row: `how` names how the complainant was told of it in writing."""
    found.verdict, found.answer, found.told_how = verdict, answer, text(how, "how", 2)
    found.answered_by, found.answered_at = by, now_of(found.complaint)
    found.answered_on = deadlines.receipt_day(found.answered_at)


def _take_up_again(row: Complaint, found: ComplaintRecheck, *, by: Person) -> ComplaintEvent:
    """Back to the investigation: the first dates stay on record, the new limit stands in the review."""
    event = write_event(row, Kind.REOPENED, by=by, text=found.answer, due_on=str(found.redo_due))
    row.status, row.outcome, row.draft = Status.INVESTIGATING, "", ""
    row.reasons, row.measures, row.measures_on = "", "", None
    row.replied_at = row.closed_at = None
    row.reopened += 1
    if row.seats.filter(person=row.responsible_id, barred_at__isnull=False).exists():
        row.responsible = None
    return event


def _dates(day: date, days: int) -> deadlines.Dates:
    calendar = calendar_between(
        day - timedelta(days=deadlines.ROLL_REACH), day + timedelta(days=days + deadlines.ROLL_REACH)
    )
    return deadlines.due_dates(day, days, calendar, longest=days)
