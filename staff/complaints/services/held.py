"""A complaint under its lock, the moment that counts, and the row and the audit event that every act leaves."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Max, Model
from django.utils.translation import gettext as _

from crm.kernel.access.errors import BadInput, Conflict, Text
from crm.kernel.access.inputs import checked
from crm.kernel.access.workflow import Check, Move, Workflow, transition
from crm.kernel.audit.context import SYSTEM, Actor, System
from crm.kernel.audit.services import record
from crm.kernel.people.models import Person
from crm.kernel.workdays import clock
from crm.kernel.workdays.rules.calendar import WorkCalendar
from crm.kernel.workdays.selectors import calendar_between
from staff.complaints.models import BY_CHECKER, BY_HANDLER, Complaint, ComplaintEvent, Kind, Part, Pause
from staff.complaints.rules import deadlines
from staff.complaints.services import recusal
from staff.complaints.workflow import ACTS

By = Person | System | Actor
# Of the complainant: in audit rows as keyed hash only.
PERSONAL = frozenset({"complainant_name", "complainant_phone", "complainant_email", "proxy_name"})


def refuse_stage(row: Complaint, move: Move) -> Conflict:
    """The act does not stand in the present stage."""
    stage = {"stage": row.get_status_display()}
    return Conflict(_("This complaint is at the stage “%(stage)s”; this is not possible now.") % stage, code="stage")


def seat_concerned(row: Complaint) -> bool:
    """Seat whoever is concerned by now, before the act is judged: it may be the person who acts."""
    recusal.refresh(row, at=now_of(row))
    return True


COMPLAINT = Workflow(
    model=Complaint,
    moves=ACTS,
    refuse_state=refuse_stage,
    checks=(Check.PERMITTED, Check.STATE, Check.VERSION),
    prepare=seat_concerned,
)


def begin_act(complaint: Complaint, *, by: Person | System, action: str, expected_version: int | None) -> Complaint:
    """The complaint under lock, if `by` may do `action` to it now and started from its present version."""
    row = transition(COMPLAINT, action, complaint, by=by, expected_version=expected_version).row
    settle_pause(row)
    return row


def now_of(row: Complaint) -> datetime:
    """The moment that counts: never before the complaint's last event, even if the machine's clock stepped back."""
    last = row.events.aggregate(last=Max("at"))["last"]
    return max(clock.now(), last) if last else clock.now()


def today_of(row: Complaint) -> date:
    """The Beijing day that counts."""
    return deadlines.receipt_day(now_of(row))


def tell(
    row: Complaint, kind: Kind, *, by: By, text: str = "", evidence: Iterable[Model] = (), **data: Any
) -> ComplaintEvent:
    """Write what happened, once for the complaint and once for the audit trail (texts only here: they name people).

    `evidence`: claims and reviews that the act wrote, to be bound with it.
    """
    event = write_event(row, kind, by=by, text=text, **data)
    record_event(event, *evidence, by=by)
    return event


def write_event(row: Complaint, kind: Kind, *, by: By, text: str = "", **data: Any) -> ComplaintEvent:
    """The complaint's own half of `tell`, for acts whose row must be stored before the audit trail binds it."""
    part = Part.HANDLER if kind in BY_HANDLER else Part.CHECKER if kind in BY_CHECKER else None
    person = by if isinstance(by, Person) else None
    return ComplaintEvent.objects.create(
        complaint=row, kind=kind, at=now_of(row), person=person, part=part, text=text, data=data
    )


def record_event(event: ComplaintEvent, *evidence: Model, by: By) -> None:
    """The audit trail's half of `tell`: it binds the event, and what else the act told or took back."""
    record(
        f"complaint.{event.kind}",
        subject=event.complaint,
        by=by,
        data={key: value for key, value in event.data.items() if key != "reply"},
        evidence=(event, *evidence),
    )


def save(row: Complaint) -> Complaint:
    """Store the row with its next version."""
    row.version += 1
    row.save()
    return row


def settle_pause(row: Complaint) -> None:
    """A pause whose working days are spent ended by itself: write that down, its days were counted already."""
    pause = row.pauses.filter(ended_on=None).first()
    if pause is not None and today_of(row) >= pause.planned_end:
        Pause.objects.filter(pk=pause.pk).update(ended_on=pause.planned_end)
        tell(row, Kind.RESUMED, by=SYSTEM, days=deadlines.paused_days(pause.started_on, pause.planned_end))


def calendar_of(row: Complaint) -> WorkCalendar:
    """The calendar around every date of this complaint. One query."""
    reach = timedelta(days=row.longest_days + deadlines.ROLL_REACH)
    return calendar_between(row.received_on - timedelta(days=deadlines.ROLL_REACH), row.received_on + reach)


def date_anew(row: Complaint, calendar: WorkCalendar | None = None) -> None:
    """Work out the three dates from receipt, limit and stopped days; nothing is saved."""
    found = deadlines.due_dates(
        row.received_on,
        row.limit_days,
        calendar or calendar_of(row),
        paused=row.paused_days,
        longest=row.longest_days,
    )
    row.due_none, row.due_forward, row.internal_due = found.none, found.forward, found.internal
    row.due_on, row.due_provisional = found.breach(row.roll), found.provisional  # type: ignore[arg-type]


def words(model: Any, values: dict[str, Any], *, least: dict[str, int]) -> dict[str, Any]:
    """Texts in shape and not too short; BadInput names every field."""
    clean = checked(model, values)
    short: dict[str, list[Text]] = {
        name: [_("At least %(least)d characters.") % {"least": count}]
        for name, count in least.items()
        if len(clean.get(name) or "") < count
    }
    if short:
        raise BadInput(errors=short)
    return clean


LEAST_REASON = 5


def text(value: str, field: str, least: int = LEAST_REASON) -> str:
    """A text of an act in shape; `field` is how the form calls it."""
    try:
        clean: str = words(Complaint, {"facts": value}, least={"facts": least})["facts"]
    except BadInput as error:
        raise BadInput(errors={field: error.errors["facts"]}) from None
    return clean
