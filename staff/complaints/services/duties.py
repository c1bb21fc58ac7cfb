"""Whose move it is becomes a to-do, and the moments at which somebody higher is told become due work.

An escalation never goes to a party concerned, whatever the departments say: the way up leads round them.
"""

from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.db.models import BigIntegerField, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Cast
from django.urls import reverse

from crm.kernel.audit.context import SYSTEM, System
from crm.kernel.audit.services import record
from crm.kernel.notify.services import notify
from crm.kernel.outbox.models import DueItem
from crm.kernel.outbox.services import Due, cancel, schedule_many
from crm.kernel.parameters import selectors as parameters
from crm.kernel.people.models import Account, Person, RoleGrant
from crm.kernel.people.roles import Role
from crm.kernel.people.selectors import can_log_in
from crm.kernel.workdays import clock
from crm.kernel.workdays.selectors import calendar_between
from crm.kernel.worklist.models import Todo
from crm.kernel.worklist.services import todo_close, todo_open
from staff.complaints.models import OPEN, Complaint, Kind, Status
from staff.complaints.policies import heads
from staff.complaints.rules.deadlines import BEIJING, receipt_day
from staff.complaints.rules.service import REACH, OfficeHours, service_of
from staff.complaints.selectors.eligible import deciders, ladder, officer_for, recheckers
from staff.complaints.selectors.ties import unseated
from staff.complaints.services import recusal
from staff.complaints.services.held import By, now_of, save, tell

TODO, REVIEW, DECIDE, CLOSE = "complaint.handle", "complaint.review", "complaint.extension", "complaint.close"
CLAIM, RECHECK = "complaint.claim", "complaint.recheck"
ESCALATE, OVERDUE = "complaint.escalate", "complaint.overdue"
NOTICE, REDATED = "complaint.escalated", "complaint.redated"


def schedule(row: Complaint) -> None:
    """Let the escalations of rules 5.4 and the passing of the limit be done in time; earlier dates are taken back.

    A class that came late, or a complaint recorded late, is made up for at once.
    """
    for kind in (ESCALATE, OVERDUE):
        cancel(kind=kind, subject=row)
    if not row.is_open:
        return
    rules = parameters.values(("complaint.service", "complaint.office_hours"), on=row.received_on)
    calendar = calendar_between(row.received_on, row.received_on + timedelta(days=REACH))
    hours = OfficeHours.of(rules["complaint.office_hours"].value)
    found = service_of(row.received_at, rules["complaint.service"].value[row.grade], hours, calendar)
    # Of the moments that have passed the last one counts, by its own date: rung already it does not ring again.
    passed = sum(at <= clock.now() for at in found.escalate)
    moments = list(enumerate(found.escalate))[max(passed - 1, 0) :]
    rows = [Due(ESCALATE, row, at, data={"step": step}) for step, at in moments]
    after = datetime.combine(row.due_on + timedelta(days=1), time(0, 1), BEIJING)
    schedule_many([*rows, Due(OVERDUE, row, after, data={"due_on": str(row.due_on)})])


def follow(row: Complaint, *, by: Person | System) -> None:
    """The to-dos that the present stage asks for; the others are closed."""
    due = row.internal_due
    extension = row.extension_rows.filter(told_at=None, is_approved=None).first() if row.is_open else None
    waits = row.status in (Status.REVIEW, Status.REPLIED)
    checker = next(iter(ladder(row, checks=True)), None) if waits else None
    claim = row.claims.filter(is_confirmed=None).order_by("id").first()
    recheck = row.rechecks.order_by("id").last()
    if recheck is not None and recheck.redo_due is not None and row.is_open:
        due = recheck.redo_due
    asked = recheck if recheck is not None and not recheck.verdict else None
    wanted: dict[str, tuple[Person | None, object]] = {
        # While a second person checks the reply its handler has nothing to do.
        TODO: (row.responsible or namer(row) if row.is_open and row.status != Status.REVIEW else None, due),
        REVIEW: (checker if row.status == Status.REVIEW else None, due),
        DECIDE: (approver_for(row, extension.step) if extension else None, due),
        RECHECK: (next(iter(recheckers(row)), None) if asked else None, asked.due_none if asked else None),
        CLAIM: (next(iter(deciders(row, claim)), None) if claim else None, due),
        CLOSE: (checker if row.status == Status.REPLIED else None, closing_due(row)),
    }
    for kind, (owner, until) in wanted.items():
        if owner is None:
            todo_close(kind=kind, subject=row, outcome=row.status, by=by)
            continue
        todo_open(
            kind=kind,
            subject=row,
            owner=owner,
            due_on=until,  # type: ignore[arg-type]
            url=reverse("staff:complaint_detail", args=[row.pk]),
            data={"number": row.number, "stage": row.status if row.responsible_id else Status.RECEIVED},
            by=by,
        )


def namer(row: Complaint) -> Person | None:
    """Who has to name who answers. A vice-president is told of it, since whoever was told sees it and may assign it."""
    found = officer_for(row) if row.status == Status.RECEIVED or row.escalated_to is None else None
    if found is not None and (Role.COMPLAINTS_OFFICER in found.roles or heads(row, found)):
        return found
    if row.escalated_to is None and found is not None:
        row.escalated_to = found
        row.save(update_fields=["escalated_to"])
    return row.escalated_to


def closing_due(row: Complaint) -> date | None:
    """The last day to close it, counted from the reply (`complaint.close_days`); None while it is not replied to."""
    if row.replied_at is None:
        return None
    told_on = receipt_day(row.replied_at)
    return told_on + timedelta(days=parameters.value("complaint.close_days", on=told_on).value)


def approver_for(row: Complaint, step: int) -> Person | None:
    """Who decides on an extension: the next above, for the second one a vice-president."""
    steps = ladder(row, checks=True)
    level = parameters.value("complaint.special_level").value if step == 2 else 0
    return next((person for person in steps if person.authority_level >= level), None)


def look_again(row: Complaint, *, by: Person | System) -> bool:
    """Whoever is a party concerned since loses what was theirs to do, and the next above is told; `row` is locked."""
    before = row.responsible_id, row.escalated_to_id
    if not recusal.refresh(row, at=now_of(row)):
        return False
    if (row.responsible_id, row.escalated_to_id) != before:
        save(row)
    if row.responsible_id != before[0]:
        escalate(row, why="concerned")
    follow(row, by=by)
    return True


@transaction.atomic
def concerned_escalate(*, by: System) -> int:
    """Look again at complaints that a decision or a declaration made somebody's who may have no part; how many."""
    found = list(Complaint.objects.exclude(status=Status.CLOSED).filter(unseated()).values_list("pk", flat=True))
    rows = Complaint.objects.select_for_update(of=("self",), skip_locked=True).filter(pk__in=found).order_by("pk")
    return sum(look_again(row, by=by) for row in rows) if found else 0


def escalate(row: Complaint, *, why: str, step: int = 0, without: Person | None = None) -> Person | None:
    """Tell whoever is next above, round the parties concerned; `row` is locked. With nobody left it is recorded.

    `without`: somebody who is not the one to tell, since it is about what they did.
    """
    steps = [person for person in ladder(row) if person != without]
    chief = steps[min(step, len(steps) - 1)] if steps else None
    event = tell(
        row, Kind.ESCALATED, by=SYSTEM, why=why, to=chief.pk if chief else None, name=chief.name if chief else ""
    )
    if chief is None:
        record("complaint.nobody_eligible", subject=row, by=SYSTEM, data={"why": why})
        return None
    row.escalated_to = chief
    save(row)
    notify(
        recipient=chief,
        kind=NOTICE,
        subject=row,
        url=reverse("staff:complaint_detail", args=[row.pk]),
        data={"number": row.number, "why": why, "due_on": str(row.due_on)},
        due_at=event.at,
        is_escalation=True,
        by=SYSTEM,
    )
    return chief


def grants_of(role: str) -> QuerySet[RoleGrant]:
    """The grants of a role that are in force."""
    return RoleGrant.objects.in_force().filter(role=role)


def redated(row: Complaint, *, by: System) -> None:
    """Tell whoever has to answer, or to name somebody, that the official calendar moved the dates."""
    person = row.responsible or row.escalated_to or officer_for(row)
    if person is None:
        return
    notify(
        recipient=person,
        kind=REDATED,
        subject=row,
        url=reverse("staff:complaint_detail", args=[row.pk]),
        data={"number": row.number, "internal_due": str(row.internal_due), "due_on": str(row.due_on)},
        due_at=now_of(row),
        by=by,
    )


@transaction.atomic
def overdue_note(*, pk: int, by: System) -> None:
    """The limit has passed without a reply: that is written down for good, and the next above is told."""
    row = Complaint.objects.select_for_update(of=("self",)).filter(pk=pk, status__in=OPEN).first()
    if (
        row is None
        or row.due_on >= clock.today()
        or row.events.filter(kind=Kind.OVERDUE, data__due_on=str(row.due_on)).exists()
    ):
        return
    tell(row, Kind.OVERDUE, by=by, due_on=str(row.due_on), responsible=row.responsible_id)
    # Whoever was told before could not bring it about: one step higher.
    escalate(row, why="overdue", step=row.events.filter(kind=Kind.ESCALATED).count())
    _hand_on(row)


@transaction.atomic
def escalate_due(*, pk: int, step: int, item: DueItem | None = None, by: By) -> Person | None:
    """A moment of rules 5.4 has come: one step higher each time. Nothing once it was answered, nor where the step was
    put off while `item` was on its way.
    """
    row = Complaint.objects.select_for_update(of=("self",)).filter(pk=pk, status__in=OPEN).first()
    if row is None:
        return None
    if item is not None:
        same = DueItem.objects.filter(kind=item.kind, object_type=item.object_type, object_id=item.object_id)
        if same.filter(state=DueItem.State.PENDING, data__step=step).exclude(pk=item.pk).exists():
            return None
    chief = escalate(row, why="unanswered", step=step)
    _hand_on(row)
    return chief


def _hand_on(row: Complaint) -> None:
    """Where nobody answers for it, it is whoever was told last who has to name somebody."""
    if row.responsible_id is None:
        follow(row, by=SYSTEM)


def gone(who: str) -> Q:
    """Rows whose person `who` left or has no account in use."""
    accounts = Account.objects.filter(person=OuterRef(who), is_active=True)
    return Q(**{f"{who}__isnull": False}) & (Q(**{f"{who}__is_active": False}) | Q(~Exists(accounts)))


def deserted() -> Q:
    """Complaints that wait for somebody who is gone: open ones they answer for, and whatever else is theirs to do."""
    todos = Todo.objects.filter(
        gone("owner"),
        kind__in=(TODO, REVIEW, DECIDE, CLOSE, CLAIM, RECHECK),
        object_type=Complaint._meta.label_lower,
        done_at=None,
    )
    waiting = todos.annotate(complaint=Cast("object_id", BigIntegerField())).values("complaint")
    return Q(status__in=OPEN) & gone("responsible") | Q(pk__in=waiting)


@transaction.atomic
def deserted_escalate(*, by: System) -> int:
    """Take complaints from those who cannot act any more and tell the next above; how many."""
    found = list(Complaint.objects.filter(deserted()).values_list("pk", flat=True))
    if not found:
        return 0
    waiting = Complaint.objects.select_for_update(of=("self",), skip_locked=True).filter(pk__in=found)
    rows = list(waiting.order_by("pk"))
    asked = {pk for row in rows for pk in (row.responsible_id, row.escalated_to_id) if pk is not None}
    left = asked - set(can_log_in(Person.objects.filter(pk__in=asked)).values_list("pk", flat=True))
    count = 0
    for row in rows:
        former = row.responsible
        if row.escalated_to_id in left:
            row.escalated_to = None
        if row.is_open and (former is None or former.pk in left):
            escalate(row, why="absent")
        if former is not None and former.pk in left and row.is_open:
            recusal.take_away(row)
            record("complaint.deserted", subject=row, by=by, data={"former": former.pk})
        save(row)
        follow(row, by=by)
        count += 1
    return count


__all__ = [
    "concerned_escalate",
    "deserted_escalate",
    "escalate",
    "escalate_due",
    "follow",
    "look_again",
    "now_of",
    "overdue_note",
    "redated",
    "schedule",
]
