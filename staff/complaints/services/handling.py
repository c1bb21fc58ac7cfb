"""From naming the responsible person to the reply, its end, and a reopening. Each act locks, asks, writes, tells."""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from crm.kernel.access.errors import BadInput, Conflict, NotPermitted, RuleRefused
from crm.kernel.parameters import selectors as parameters
from crm.kernel.people.models import Person
from staff.complaints.models import Complaint, Grade, Kind, Part, Status
from staff.complaints.rules import classes
from staff.complaints.rules.deadlines import receipt_day
from staff.complaints.selectors.eligible import why_not_handler
from staff.complaints.services import duties, recusal, reply
from staff.complaints.services.clock import resume, running_pause
from staff.complaints.services.held import begin_act, date_anew, now_of, save, tell, text, words
from staff.complaints.services.intake import grounds_of, serve
from staff.complaints.workflow import BY_CODE


@transaction.atomic
def complaint_assign(*, complaint: Complaint, person: Person, expected_version: int | None, by: Person) -> Complaint:
    """Name who answers for it, or hand it over. RuleRefused, with the reason, for whoever may not (rules 5.1 回避)."""
    row = begin_act(complaint, by=by, action="assign", expected_version=expected_version)
    if row.responsible_id == person.pk:
        raise Conflict(_("This person is already the handler."), code="same")
    reason = why_not_handler(row, person)
    if reason:
        raise RuleRefused(reason, field="person", code="concerned")
    recusal.take_seat(row, person, Part.HANDLER, field="person")
    former = row.responsible
    row.responsible, row.escalated_to = person, None
    if row.status == Status.RECEIVED:
        row.status = Status.INVESTIGATING
    tell(row, Kind.ASSIGNED, by=by, to=person.pk, name=person.name, former=former.name if former else "")
    save(row)
    duties.follow(row, by=by)
    return row


@transaction.atomic
def complaint_acknowledge(*, complaint: Complaint, how: str, expected_version: int | None, by: Person) -> Complaint:
    """The complainant was told that it came in; `how` and by which words."""
    row = begin_act(complaint, by=by, action="acknowledge", expected_version=expected_version)
    if row.acknowledged_at is not None:
        raise Conflict(_("Receipt has already been acknowledged."), code="acknowledged")
    tell(row, Kind.ACKNOWLEDGED, by=by, text=text(how, "how", 2))
    row.acknowledged_at = now_of(row)
    save(row)
    duties.follow(row, by=by)
    return row


@transaction.atomic
def complaint_draft(
    *,
    complaint: Complaint,
    draft: str,
    outcome: str,
    reasons: str,
    measures: str,
    measures_on: date | None,
    expected_version: int | None,
    by: Person,
) -> Complaint:
    """Write the parts of the reply (services.reply): facts in `draft`, decision, reasons, measures and their day.

    A major complaint goes to a second person first, a general one may be told.
    """
    row = begin_act(complaint, by=by, action="draft", expected_version=expected_version)
    parts = reply.read_parts(
        row, draft=draft, outcome=outcome, reasons=reasons, measures=measures, measures_on=measures_on
    )
    for name, value in parts.items():
        setattr(row, name, value)
    tell(row, Kind.DRAFTED, by=by, text=reply.compose(row), outcome=outcome)
    row.status = Status.REVIEW if row.is_major else Status.TO_REPLY
    save(row)
    duties.follow(row, by=by)
    return row


@transaction.atomic
def complaint_review(
    *, complaint: Complaint, passes: bool, opinion: str, expected_version: int | None, by: Person
) -> Complaint:
    """A second person's word on the reply to a major complaint: pass it, or send it back with what is wrong."""
    row = begin_act(complaint, by=by, action="review", expected_version=expected_version)
    recusal.take_seat(row, by, Part.CHECKER)
    tell(row, Kind.REVIEWED if passes else Kind.SENT_BACK, by=by, text=text(opinion, "opinion"))
    row.status = Status.TO_REPLY if passes else Status.INVESTIGATING
    save(row)
    duties.follow(row, by=by)
    return row


@transaction.atomic
def complaint_reply(*, complaint: Complaint, how: str, expected_version: int | None, by: Person) -> Complaint:
    """The reply as written was told to the complainant, with the paragraph on rights; refused without all its parts.

    This stops the legal clock; what was told stays readable for the complainant on the public page.
    """
    row = begin_act(complaint, by=by, action="reply", expected_version=expected_version)
    reply.require_parts(row)
    pause = running_pause(row)
    if pause is not None:
        resume(row, pause, by=by)
    answer = {"reply": reply.compose(row), "outcome": row.outcome, "in_time": receipt_day(now_of(row)) <= row.due_on}
    told = text(how, "how", 2)
    tell(row, Kind.REPLIED, by=by, text=told, **answer, due_on=str(row.due_on), responsible=row.responsible_id)
    row.replied_at = now_of(row)
    row.first_replied_at = row.first_replied_at or row.replied_at
    row.status, row.escalated_to = BY_CODE["reply"].target, None
    save(row)
    duties.follow(row, by=by)
    return row


@transaction.atomic
def complaint_close(*, complaint: Complaint, note: str, expected_version: int | None, by: Person) -> Complaint:
    """A second person closes it after the reply: was everything answered, what was the cause."""
    row = begin_act(complaint, by=by, action="close", expected_version=expected_version)
    if row.claims.filter(is_confirmed=None).exists():
        raise Conflict(_("A claim about a person is waiting for its decision; decide on it first."), code="claim")
    recusal.take_seat(row, by, Part.CHECKER)
    tell(row, Kind.CLOSED, by=by, text=text(note, "note"))
    row.status, row.closed_at = BY_CODE["close"].target, now_of(row)
    save(row)
    duties.follow(row, by=by)
    return row


@transaction.atomic
def complaint_reopen(*, complaint: Complaint, reason: str, expected_version: int | None, by: Person) -> Complaint:
    """Take it up again. The clock is not reset: every date stays, a limit that has passed is passed.

    Whoever answered and became a party concerned since does not answer again: the next above is told.
    """
    row = begin_act(complaint, by=by, action="reopen", expected_version=expected_version)
    is_barred = row.seats.filter(person=row.responsible_id, barred_at__isnull=False).exists()
    tell(row, Kind.REOPENED, by=by, text=text(reason, "reason"), due_on=str(row.due_on))
    row.status, row.outcome, row.draft = BY_CODE["reopen"].target, "", ""
    row.reasons, row.measures, row.measures_on = "", "", None
    row.replied_at = row.closed_at = row.withdrawn_on = None
    row.reopened += 1
    if is_barred:
        row.responsible = None
    save(row)
    if is_barred:
        duties.escalate(row, why="concerned")
    duties.follow(row, by=by)
    return row


NOT_LOWERED_BY_HANDLER = _lazy(
    "You answer or answered for this complaint: a second person makes a major complaint a general one."
)
REDECIDED = (
    "amount",
    "complainants",
    "is_face_to_face",
    "has_common_facts",
    "is_in_media",
    "is_suspicion",
    "is_key_account",
)


@transaction.atomic
def complaint_reclassify(
    *, complaint: Complaint, reason: str, expected_version: int | None, by: Person, **facts: Any
) -> Complaint:
    """Change what decides the class (REDECIDED), with a reason; the rule of the day of receipt decides.

    To make a major complaint a general one takes its second person away, so it is itself a second person's act.
    Whoever may not answer for a major one loses it, and the next above is told.
    """
    row = begin_act(complaint, by=by, action="reclassify", expected_version=expected_version)
    clean = words(Complaint, facts, least={})
    if unknown := sorted(set(clean) - set(REDECIDED)):
        raise BadInput(errors={name: [_("This field cannot be set here.")] for name in unknown})
    if (clean.get("amount") or 0) < 0:
        raise BadInput(_("The amount must not be negative."), field="amount")
    if clean.get("complainants", 1) < 1:
        raise BadInput(_("There must be at least one complainant."), field="complainants")
    why = text(reason, "reason")
    before = row.grade
    for name, value in clean.items():
        setattr(row, name, value)
    rules = parameters.values(("complaint.major", "complaint.service", "complaint.office_hours"), on=row.received_on)
    row.grounds = grounds_of(row, rules["complaint.major"].value)
    row.grade = classes.class_of(row.grounds)
    if before == Grade.MAJOR and not row.is_major:
        if row.seats.filter(person=by, part=Part.HANDLER).exists():
            raise NotPermitted(NOT_LOWERED_BY_HANDLER)
        recusal.take_seat(row, by, Part.CHECKER)
    tell(row, Kind.CLASSED, by=by, text=why, grade=row.grade, former=before, grounds=row.grounds)
    serve(row, rules["complaint.service"].value, rules["complaint.office_hours"].value)
    date_anew(row)
    # What was ready to be told as a general complaint is not, once it is a major one.
    rises = row.is_major and before != row.grade
    if rises and row.status == Status.TO_REPLY:
        row.status = Status.REVIEW
    if rises and row.responsible is not None and why_not_handler(row, row.responsible):
        # Told first: the way up begins at the place of who had it.
        duties.escalate(row, why="major")
        recusal.take_away(row)
    save(row)
    duties.schedule(row)
    duties.follow(row, by=by)
    return row
