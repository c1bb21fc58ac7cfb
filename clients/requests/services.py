"""Writes of client requests. Each function is keyword-only, atomic, asks the policy and records what it did."""

from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from clients.file.models import Client, Contact
from clients.file.policies import CHANGE
from clients.relations.models import Interaction, Promise
from clients.relations.services import interaction_record, promise_add
from clients.requests.models import RequestStep, ServiceRequest
from clients.requests.policies import DESK, WORK
from clients.requests.rules.hours import REACH, OfficeHours, add_hours, minutes_between
from clients.requests.workflow import REQUEST
from crm.kernel.access.checks import permit
from crm.kernel.access.errors import BadInput, NotPermitted, Text
from crm.kernel.access.inputs import checked
from crm.kernel.access.policies import Viewer
from crm.kernel.access.workflow import Transition, transition
from crm.kernel.audit.services import record
from crm.kernel.notify.services import notify
from crm.kernel.outbox.services import schedule
from crm.kernel.parameters import selectors as parameters
from crm.kernel.people.models import Person
from crm.kernel.people.selectors import superior_of
from crm.kernel.workdays import clock
from crm.kernel.workdays.selectors import calendar_between
from crm.kernel.workdays.services import add_workdays
from crm.kernel.worklist.services import todo_close, todo_open

SERVICE = "request.service"
TODO, LATE = "request.handle", "request.late"
State, Kind = ServiceRequest.State, RequestStep.Kind
LEAST = 2
# The interaction that a request without one becomes when something is promised.
TALKS = {"phone": "call", "talk": "visit", "email": "email", "wechat": "wechat", "counter": "visit", "system": "email"}


@transaction.atomic
def request_record(
    *,
    client: Client,
    kind: str,
    words: str,
    channel: str,
    contact: Contact | None = None,
    interaction: Interaction | None = None,
    asked_at: datetime | None = None,
    is_mine: bool = False,
    answer: str = "",
    again: bool = False,
    by: Person,
) -> ServiceRequest:
    """Record what a client asks for; into the queue, or `is_mine`. `answer`: it was answered at once, by who records.

    `asked_at`: now unless told; the hours of the first answer count from it. BadInput `double` when the client asked
    the same within the hours of `request.service`, unless `again` says that it is another request.
    """
    row = permit(Client, by, "view" if DESK in by.roles else CHANGE, lock=True, pk=client.pk)
    rules, now = _read_rules(), clock.now()
    told = {"kind": kind, "words": words, "channel": channel, "asked_at": asked_at or now}
    given = checked(ServiceRequest, told)
    errors: dict[str, list[Text]] = {}
    if len(given["words"]) < LEAST:
        errors["words"] = [_("At least %(least)d characters.") % {"least": LEAST}]
    if not now - timedelta(days=rules["back_days"]) <= given["asked_at"] <= now:
        errors["asked_at"] = [_("Not in the future, and at most %(days)d days ago.") % {"days": rules["back_days"]}]
    for name, part in (("contact", contact), ("interaction", interaction)):
        if part is not None and part.client_id != row.pk:
            # As if it did not exist: that another client has it is not to be learned here.
            errors[name] = [_("There is no entry with the number %(number)d.") % {"number": part.pk}]
    if errors:
        raise BadInput(errors=errors)
    if not again:
        _refuse_double(row, given["words"], hours=rules["double_hours"])
    request = ServiceRequest(client=row, contact=contact, interaction=interaction, recorded_by=by, recorded_at=now)
    for name, value in given.items():
        setattr(request, name, value)
    request.owner = by if is_mine or answer.strip() else None
    request.answer_by = _answer_by(request.asked_at, rules)
    request.save(force_insert=True)
    schedule(kind=LATE, subject=request, due_at=request.answer_by)
    _follow(request, by=by)
    record(
        "request.recorded",
        subject=request,
        by=by,
        after={**given, "owner": request.owner_id, "answer_by": request.answer_by},
        data={"client": row.pk},
    )
    if answer.strip():
        return request_answer(request=request, words=answer, expected_version=request.version, by=by)
    return request


@transaction.atomic
def request_take(*, request: ServiceRequest, expected_version: int | None, by: Person) -> ServiceRequest:
    """Take a request from the queue; Conflict `taken` when somebody else was first."""
    move = transition(REQUEST, "take", request, expected_version=expected_version, by=by)
    return _finish(move, Kind.TAKEN, "", owner=by)


@transaction.atomic
def request_assign(
    *, request: ServiceRequest, owner: Person, words: str = "", expected_version: int | None, by: Person
) -> ServiceRequest:
    """Give a request to a colleague who may handle it."""
    move = transition(REQUEST, "assign", request, expected_version=expected_version, by=by)
    if not owner.is_active or not ServiceRequest.objects.visible_to(owner, WORK).filter(pk=move.row.pk).exists():
        raise BadInput(_("Only somebody who works here and may handle this client's requests."), field="owner")
    text = str(checked(RequestStep, {"words": words})["words"])
    return _finish(move, Kind.ASSIGNED, text, person=owner, owner=owner)


@transaction.atomic
def request_answer(*, request: ServiceRequest, words: str, expected_version: int | None, by: Person) -> ServiceRequest:
    """Tell what the client was answered; the first answer stops the clock. Who answers takes it from the queue."""
    move = transition(REQUEST, "answer", request, expected_version=expected_version, by=by)
    return _finish(move, Kind.ANSWER, _text(words), **_answered(move.row, by=by))


@transaction.atomic
def request_solve(*, request: ServiceRequest, words: str, expected_version: int | None, by: Person) -> ServiceRequest:
    """Tell how it was solved; without an earlier answer this is the first one as well."""
    move = transition(REQUEST, "solve", request, expected_version=expected_version, by=by)
    now = clock.now()
    minutes = _minutes(move.row.asked_at, now)
    changes = {**_answered(move.row, by=by), "solved_at": now, "solve_minutes": minutes}
    return _finish(move, Kind.SOLUTION, _text(words), **changes)


@transaction.atomic
def request_close(
    *, request: ServiceRequest, words: str, is_content: bool, expected_version: int | None, by: Person
) -> ServiceRequest:
    """Close a solved request after the call-back: what the client said, and whether they are satisfied."""
    move = transition(REQUEST, "close", request, expected_version=expected_version, by=by)
    return _finish(move, Kind.CALL_BACK, _text(words), closed_at=clock.now(), is_content=is_content)


@transaction.atomic
def request_reopen(*, request: ServiceRequest, words: str, expected_version: int | None, by: Person) -> ServiceRequest:
    """The client is not helped yet: work goes on, and the time to solve it runs again."""
    move = transition(REQUEST, "reopen", request, expected_version=expected_version, by=by)
    cleared = {"solved_at": None, "solve_minutes": None, "closed_at": None, "is_content": None}
    return _finish(move, Kind.REOPENED, _text(words), reopened=move.row.reopened + 1, **cleared)


@transaction.atomic
def request_promise(
    *, request: ServiceRequest, what: str, owner: Person, due_on: date, expected_version: int | None, by: Person
) -> ServiceRequest:
    """Promise the client something about it: a to-do of `owner`, kept with the interaction it came from.

    A request that came without an interaction is recorded as one.
    """
    move = transition(REQUEST, "promise", request, expected_version=expected_version, by=by)
    row = move.row
    interaction = row.interaction or interaction_record(
        client=row.client,
        kind=TALKS[row.channel],
        words=row.words,
        starts_at=row.asked_at,
        contacts=[row.contact] if row.contact else [],
        by=by,
    )
    promise = promise_add(interaction=interaction, what=what, owner=owner, due_on=due_on, by=by)
    return _finish(move, Kind.PROMISED, promise.what, promise=promise, interaction=interaction)


@transaction.atomic
def late_tell(*, pk: int, by: Viewer) -> Person | None:
    """The hours of the first answer have passed: the head of the client's account manager is told, once.

    None when it was answered, told before, or nobody stands above.
    """
    if not by.is_system:
        raise NotPermitted
    row = ServiceRequest.objects.select_related("client__owner").select_for_update(of=("self",)).filter(pk=pk).first()
    if row is None or row.state != State.OPEN or row.late_at is not None or clock.now() < row.answer_by:
        return None
    row.late_at = clock.now()
    row.version += 1
    row.save(update_fields=["late_at", "version"])
    record("request.late", subject=row, by=by, data={"client": row.client_id})
    head = superior_of(row.client.owner)
    if head is None or not Client.objects.visible_to(head).filter(pk=row.client_id).exists():
        return None
    data = {"client": row.client.name, "what": row.title}
    notify(
        recipient=head,
        kind=LATE,
        subject=row,
        url=row.get_absolute_url(),
        data=data,
        due_at=row.answer_by,
        is_escalation=True,
        by=by,
    )
    return head


def _read_rules() -> dict[str, Any]:
    return dict(parameters.value(SERVICE).value)


def _answer_by(asked_at: datetime, rules: dict[str, Any]) -> datetime:
    """Until when the first answer is due. No client has a service tier yet: the default one holds for all."""
    hours = rules["first_answer_hours"][rules["default_tier"]]
    day = asked_at.astimezone(clock.SHANGHAI).date()
    return add_hours(asked_at, hours, OfficeHours.of(rules), calendar_between(day, day + REACH))


def _minutes(start: datetime, end: datetime) -> int:
    first, last = (moment.astimezone(clock.SHANGHAI).date() for moment in (start, end))
    return minutes_between(start, end, OfficeHours.of(_read_rules()), calendar_between(first, last))


def _refuse_double(client: Client, words: str, *, hours: int) -> None:
    since = clock.now() - timedelta(hours=hours)
    known = ServiceRequest.objects.filter(client=client, recorded_at__gt=since).only("words", "recorded_at")
    same = next((row for row in known if _plain(row.words) == _plain(words)), None)
    if same is not None:
        moment = f"{same.recorded_at.astimezone(clock.SHANGHAI):%m-%d %H:%M}"
        raise BadInput(
            _("The same request was recorded at %(moment)s. Confirm if the client asks again.") % {"moment": moment},
            field="again",
            code="double",
        )


def _plain(words: str) -> str:
    return "".join(character for character in words.casefold() if character.isalnum())


def _text(words: str) -> str:
    text = str(checked(RequestStep, {"words": words.strip() or "-"})["words"])
    if len(text) < LEAST:
        raise BadInput(_("At least %(least)d characters.") % {"least": LEAST}, field="words")
    return text


def _answered(row: ServiceRequest, *, by: Person) -> dict[str, Any]:
    """What an answer sets: the first one its time, on a queued request its owner."""
    changes: dict[str, Any] = {} if row.owner is not None else {"owner": by}
    if row.answered_at is None:
        now = clock.now()
        changes |= {"answered_at": now, "first_minutes": _minutes(row.asked_at, now)}
    return changes


def _finish(
    move: Transition[ServiceRequest],
    kind: str,
    words: str,
    *,
    person: Person | None = None,
    promise: Promise | None = None,
    **changes: Any,
) -> ServiceRequest:
    """Save the next version and the step, bring the to-do up to date, record what changed."""
    by: Any = move.by
    before = {name: _plain_value(getattr(move.row, name)) for name in changes}
    was = move.row.state
    row = move.write(**changes)
    RequestStep.objects.create(
        request=row, kind=kind, words=words, person=person, promise=promise, added_by=by, added_at=clock.now()
    )
    _follow(row, by=by)
    after = {name: _plain_value(value) for name, value in changes.items()}
    told = {"client": row.client_id, **({"promise": promise.pk} if promise else {})}
    move.record(before={**before, "state": was}, after={**after, "state": row.state}, data=told, reason=words)
    return row


def _plain_value(value: Any) -> Any:
    return value.pk if isinstance(value, Person | Interaction) else value


def _follow(row: ServiceRequest, *, by: Viewer) -> None:
    """The one to-do of a request: answer, solve, call back; of who handles it, in the queue of the account manager."""
    if row.state == State.CLOSED:
        todo_close(kind=TODO, subject=row, outcome=row.state, by=by)
        return
    rules, today = _read_rules(), clock.today()
    if row.state == State.OPEN:
        due = row.answer_by.astimezone(clock.SHANGHAI).date()
    elif row.state == State.ANSWERED:
        due = add_workdays(today if row.reopened else _day(row.answered_at), rules["solve_workdays"]).date
    else:
        due = add_workdays(_day(row.solved_at), rules["call_back_workdays"]).date
    data = {"client": row.client.name, "what": row.title, "stage": row.state, "queued": row.is_queued}
    owner = row.owner or row.client.owner
    todo_open(kind=TODO, subject=row, owner=owner, due_on=due, url=row.get_absolute_url(), data=data, by=by)


def _day(moment: datetime | None) -> date:
    assert moment is not None
    return moment.astimezone(clock.SHANGHAI).date()


__all__ = [
    "late_tell",
    "request_answer",
    "request_assign",
    "request_close",
    "request_promise",
    "request_record",
    "request_reopen",
    "request_solve",
    "request_take",
]
