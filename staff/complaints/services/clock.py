"""What may move the legal limit: an extension registered, approved and told in time, or a pause (rules 5.2).

A late request is refused and the case stays late; nothing here makes a limit that has passed come back.
"""

from collections.abc import Iterator
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from crm.kernel.access.errors import BadInput, Conflict, RuleRefused
from crm.kernel.audit.context import SYSTEM, System
from crm.kernel.declarations.deadlines import Shift
from crm.kernel.parameters import selectors as parameters
from crm.kernel.people.models import Person
from crm.kernel.workdays import clock
from staff.complaints.models import OPEN, Complaint, Extension, Kind, Part, Pause
from staff.complaints.rules import deadlines
from staff.complaints.services import duties, recusal
from staff.complaints.services.held import By, begin_act, calendar_of, date_anew, now_of, save, tell, text, today_of
from staff.complaints.services.intake import serve

MOST_PAUSED = "complaint.pause_workdays"
# What the calendar decides.
DATES = (
    "due_on",
    "due_forward",
    "internal_due",
    "due_provisional",
    "acknowledge_by",
    "contact_by",
    "investigate_by",
)


def _late(row: Complaint) -> RuleRefused:
    return RuleRefused(
        _("The limit of %(day)s has passed: an extension must be registered, approved and notified before it.")
        % {"day": row.due_on.isoformat()},
        field="reason",
        code="late",
    )


def _limits(row: Complaint) -> deadlines.Limits:
    return deadlines.Limits(**parameters.value("complaint.limits", on=row.received_on).value)


def pending_of(row: Complaint) -> Extension | None:
    """The extension that is registered and neither refused nor told."""
    return row.extension_rows.filter(told_at=None).exclude(is_approved=False).first()


@transaction.atomic
def extension_request(*, complaint: Complaint, reason: str, expected_version: int | None, by: Person) -> Extension:
    """Register the next extension with its reason, before the current limit has passed."""
    row = begin_act(complaint, by=by, action="extend", expected_version=expected_version)
    limits = _limits(row)
    problem = deadlines.extension_problem(
        today=today_of(row),
        due=row.due_on,
        extensions=row.extensions,
        limit=row.limit_days,
        limits=limits,
        pending=pending_of(row) is not None,
    )
    if problem == "late":
        raise _late(row)
    if problem == "pending":
        raise Conflict(
            _("An extension is already registered and is waiting for approval or for the complainant to be notified."),
            code=problem,
        )
    if problem:
        words = {"days": row.longest_days}
        raise RuleRefused(
            _("At most two extensions, and not beyond day %(days)d.") % words, field="reason", code=problem
        )
    if running_pause(row) is not None:
        raise Conflict(_("The clock is paused: resume it first."), code="paused")
    step = row.extensions + 1
    why = text(reason, "reason")
    extension = Extension.objects.create(
        complaint=row,
        step=step,
        days=limits.after(step),
        reason=why,
        due_before=row.due_on,
        requested_by=by,
        requested_at=now_of(row),
    )
    tell(row, Kind.EXTENSION_REQUESTED, by=by, text=why, step=step, days=extension.days)
    save(row)
    duties.follow(row, by=by)
    return extension


@transaction.atomic
def extension_decide(
    *, complaint: Complaint, approves: bool, opinion: str, expected_version: int | None, by: Person
) -> Extension:
    """The second person's word; for the second extension somebody of `complaint.special_level` at least."""
    row = begin_act(complaint, by=by, action="decide_extension", expected_version=expected_version)
    extension = pending_of(row)
    if extension is None or extension.is_approved is not None:
        raise Conflict(_("No extension is waiting for a decision."), code="none")
    if approves and today_of(row) > row.due_on:
        raise _late(row)
    recusal.take_seat(row, by, Part.CHECKER)
    extension.decided_by, extension.decided_at = by, now_of(row)
    extension.is_approved, extension.decision = approves, text(opinion, "opinion")
    kind = Kind.EXTENSION_APPROVED if approves else Kind.EXTENSION_REFUSED
    tell(row, kind, by=by, text=extension.decision, step=extension.step)
    extension.save(update_fields=["decided_by", "decided_at", "is_approved", "decision"])
    save(row)
    duties.follow(row, by=by)
    return extension


@transaction.atomic
def extension_tell(*, complaint: Complaint, how: str, expected_version: int | None, by: Person) -> Extension:
    """The complainant was told of the approved extension: only now, and only in time, it is in force."""
    row = begin_act(complaint, by=by, action="tell_extension", expected_version=expected_version)
    extension = pending_of(row)
    if extension is None or not extension.is_approved:
        raise Conflict(_("No approved extension is waiting for notification."), code="none")
    today = today_of(row)
    if today > extension.due_before:
        raise _late(row)
    extension.told_at, extension.told_on, extension.told_how = now_of(row), today, text(how, "how", 2)
    extension.save(update_fields=["told_at", "told_on", "told_how"])
    row.extensions, row.limit_days = extension.step, extension.days
    date_anew(row)
    tell(row, Kind.EXTENSION_TOLD, by=by, text=extension.told_how, step=extension.step, due_on=str(row.due_on))
    save(row)
    duties.schedule(row)
    duties.follow(row, by=by)
    return extension


@transaction.atomic
def pause_start(*, complaint: Complaint, reason: str, note: str, expected_version: int | None, by: Person) -> Pause:
    """Stop the clock, by a second person: mediation that both agreed to, or a missing mandate; `note` says what.

    It runs again by itself when `complaint.pause_workdays` working days of this complaint are spent.
    """
    row = begin_act(complaint, by=by, action="pause", expected_version=expected_version)
    if reason not in Pause.Reason.values:
        raise BadInput(_("The clock can be paused only for mediation or a missing proxy mandate."), field="reason")
    today, most = today_of(row), parameters.value(MOST_PAUSED).value
    used = _used(row)
    problem = deadlines.pause_problem(
        today=today, due=row.due_on, running=running_pause(row) is not None, used=used, most=most
    )
    if problem == "running":
        raise Conflict(_("The clock is already paused."), code=problem)
    if problem == "late":
        raise RuleRefused(
            _("The limit is %(day)s: the clock cannot be paused on the last day or later.")
            % {"day": row.due_on.isoformat()},
            field="reason",
            code=problem,
        )
    if problem:
        raise RuleRefused(
            _("The %(most)d working days allowed for pauses are used up.") % {"most": most},
            field="reason",
            code=problem,
        )
    if pending_of(row) is not None:
        raise Conflict(
            _("An extension is already registered and is waiting for approval or for the complainant to be notified."),
            code="pending",
        )
    recusal.take_seat(row, by, Part.CHECKER)
    end = deadlines.pause_end(today, used=used, most=most, calendar=calendar_of(row))
    pause = Pause.objects.create(
        complaint=row, reason=reason, note=text(note, "note"), started_on=today, planned_end=end
    )
    row.paused_days += deadlines.paused_days(today, end)
    date_anew(row)
    tell(row, Kind.PAUSED, by=by, text=pause.note, reason=reason, until=str(end), due_on=str(row.due_on))
    save(row)
    duties.schedule(row)
    duties.follow(row, by=by)
    return pause


@transaction.atomic
def pause_end(*, complaint: Complaint, expected_version: int | None, by: Person | System) -> Pause:
    """Let the clock run again: only the days it really stood still do not count."""
    row = begin_act(complaint, by=by, action="resume", expected_version=expected_version)
    pause = running_pause(row)
    if pause is None:
        raise Conflict(_("The clock is not paused."), code="none")
    resume(row, pause, by=by)
    save(row)
    duties.schedule(row)
    duties.follow(row, by=by)
    return pause


def resume(row: Complaint, pause: Pause, *, by: By) -> None:
    """End a pause today; the row is not saved."""
    today = max(today_of(row), pause.started_on)
    row.paused_days -= (pause.planned_end - min(today, pause.planned_end)).days
    pause.ended_on = min(today, pause.planned_end)
    pause.save(update_fields=["ended_on"])
    date_anew(row)
    days = deadlines.paused_days(pause.started_on, pause.ended_on)
    tell(row, Kind.RESUMED, by=by, days=days, due_on=str(row.due_on))


def running_pause(row: Complaint) -> Pause | None:
    """The pause that stops the clock now."""
    return row.pauses.filter(ended_on=None).first()


def _used(row: Complaint) -> int:
    """Working days that earlier pauses took."""
    ended = list(row.pauses.exclude(ended_on=None))
    calendar = calendar_of(row) if ended else None
    return sum(deadlines.paused_workdays(p.started_on, p.ended_on, calendar) for p in ended if p.ended_on and calendar)


@transaction.atomic
def dates_refresh(*, by: System = SYSTEM, corrected: bool = False) -> int:
    """Work out provisional dates again once the official calendar has come; how many complaints changed.

    A limit that has passed or was kept stays as it was, and so does each internal time. Who answers for the complaint
    is told of every other day; its to-dos and their reminders follow. `corrected`: an official calendar was corrected,
    so dates that rest on one are worked out again too.
    """
    changed = 0
    for row in _open_dated(corrected).select_for_update(of=("self",)):
        before = {name: getattr(row, name) for name in DATES}
        moved = _date_all(row, before)
        if not moved:
            continue
        tell(row, Kind.REDATED, by=by, due_on=str(row.due_on), former=str(before["due_on"]))
        save(row)
        duties.schedule(row)
        duties.follow(row, by=by)
        if moved != {"due_provisional"}:
            duties.redated(row, by=by)
        changed += 1
    return changed


def dates_preview(corrected: bool) -> Iterator[Shift]:
    """What `dates_refresh` would move under the calendar in force for the caller; nothing is written.

    A complaint whose legal limit stays but whose internal limit moves is shown by the internal one.
    """
    for row in _open_dated(corrected):
        before = {name: getattr(row, name) for name in DATES}
        moved = _date_all(row, before)
        name = next((one for one in ("due_on", "internal_due", "contact_by", "investigate_by") if one in moved), "")
        if name:
            yield Shift(row.number, before[name], getattr(row, name))


def _open_dated(corrected: bool) -> QuerySet[Complaint]:
    """Open complaints without a reply whose limit is still to come, provisional unless a calendar was corrected."""
    rows = Complaint.objects.filter(status__in=OPEN, first_replied_at=None, due_on__gte=clock.today()).order_by("pk")
    return rows if corrected else rows.filter(due_provisional=True)


def _date_all(row: Complaint, before: dict[str, Any]) -> set[str]:
    """Work out every date of the unsaved row; the names of those that are other ones than `before`."""
    date_anew(row)
    _serve_anew(row)
    return {name for name in DATES if getattr(row, name) != before[name]}


def _serve_anew(row: Complaint) -> None:
    """The internal times by the calendar as it is now, but those that were met or have passed."""
    today = clock.today()
    stays = {name: getattr(row, name) for name in ("contact_by", "investigate_by") if getattr(row, name) < today}
    if row.acknowledged_at is not None or row.acknowledge_by < clock.now():
        stays["acknowledge_by"] = row.acknowledge_by
    rules = parameters.values(("complaint.service", "complaint.office_hours"), on=row.received_on)
    serve(row, rules["complaint.service"].value, rules["complaint.office_hours"].value)
    for name, value in stays.items():
        setattr(row, name, value)
