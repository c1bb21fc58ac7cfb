"""Reads of the work list, and the moments at which a due day makes itself heard."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any

from django.apps import apps
from django.db.models import CharField, Count, Exists, Model, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast

from crm.kernel.access.checks import ask, may
from crm.kernel.access.policies import Viewer, stands_for
from crm.kernel.notify.models import Notice
from crm.kernel.parameters.selectors import value
from crm.kernel.people.roles import Role
from crm.kernel.workdays import clock
from crm.kernel.workdays.rules.calendar import WorkCalendar, reach
from crm.kernel.workdays.selectors import calendar_between
from crm.kernel.worklist.kinds import kind_of
from crm.kernel.worklist.models import Todo
from crm.kernel.worklist.rules.moments import Moments, moments_of


def todo_list(*, viewer: Viewer) -> QuerySet[Todo]:
    """What waits for this person: one's own, those of whom one covers, and what came up because somebody is late; the
    first due first.
    """
    mine = Q(owner__in=stands_for(viewer)) | Q(escalated_to=viewer.pk)
    rows = Todo.objects.visible_to(viewer).filter(mine, done_at__isnull=True)
    return rows.select_related("owner").order_by("due_on", "id")


def todo_shares(*, viewer: Viewer, most: int) -> list[Any]:
    """The first of one's own and of whom one covers, and the first of what came up because somebody is late: `most` of
    each, no more of them than a line says, veiled; `is_nudged`, whether its owner was reminded today. One query, one
    more where something came up or is done for another.
    """
    is_open = Todo.objects.filter(done_at__isnull=True).select_related("owner").order_by("due_on", "id")
    shown = is_open.only("kind", "object_type", "object_id", "data", "url", "due_on", "owner__name", "escalated_to")
    told = Notice.objects.filter(object_id=Cast(OuterRef("pk"), CharField()), **_todays_reminder())
    # One's own are seen whatever they are about; of the others `veil` asks, whose kind hides them where it says so.
    mine = stands_for(viewer)
    own = shown.filter(owner__in=mine).annotate(is_nudged=Value(False))
    others = shown.filter(escalated_to=viewer.pk).exclude(owner__in=mine).annotate(is_nudged=Exists(told))
    found = veil(own[:most].union(others[:most], all=True), viewer=viewer)
    # What one covers and does not see is no work of one's own.
    hidden = (todo.is_veiled and (kind_of(todo.kind).subjects or todo.owner_id in mine) for todo in found)
    return [todo for todo, is_hidden in zip(found, hidden, strict=True) if not is_hidden]


def open_list(*, viewer: Viewer) -> QuerySet[Todo]:
    """All open ones that this person may see, the first due first."""
    rows = Todo.objects.visible_to(viewer).filter(done_at__isnull=True)
    return rows.select_related("owner__department").order_by("due_on", "id")


def todo_counts(*, viewer: Viewer, today: date, soon: date) -> dict[str, int]:
    """How many wait for this person: `late`, due `today`, `soon` (until that day), `later`. One query."""
    due: dict[str, Q] = {
        "late": Q(due_on__lt=today),
        "today": Q(due_on=today),
        "soon": Q(due_on__gt=today, due_on__lte=soon),
        "later": Q(due_on__gt=soon),
    }
    counts = {key: Count("pk", filter=condition) for key, condition in due.items()}
    return todo_list(viewer=viewer).order_by().aggregate(**counts)


def veil(todos: Iterable[Todo], *, viewer: Viewer) -> list[Todo]:
    """The to-dos, marked where they are somebody else's and `viewer` does not see what they are about: a superior is
    told of what is late, not of a client that is none of theirs. One query, none where all are one's own.
    An auditor, who stands above nobody, does not remind.
    """
    rows = list(todos)
    others = [todo for todo in rows if todo.owner_id != viewer.pk]
    seen = _seen(others, viewer)
    for todo in others:
        todo.may_nudge = todo.escalated_to_id == viewer.pk or Role.DEPARTMENT_HEAD in viewer.roles
        todo.is_veiled = (todo.object_type, todo.object_id) not in seen
    return rows


NUDGED = "todo.nudged"


def todo_to_nudge(*, viewer: Viewer, pk: int) -> Todo:
    """One to-do with its owner, veiled where the viewer does not see what it is about; NotVisible otherwise."""
    found = ask(Todo, viewer, rows=Todo.objects.select_related("owner__department"), pk=pk).row
    return veil([found], viewer=viewer)[0]


def todo_above(*, viewer: Viewer, subject: Model) -> Todo | None:
    """The open to-do about `subject` whose owner the viewer may remind today; the first due."""
    label, key = subject._meta.label_lower, str(subject.pk)
    rows = Todo.objects.visible_to(viewer).filter(object_type=label, object_id=key, done_at__isnull=True)
    found = list(rows.exclude(owner=viewer.pk).select_related("owner__department").order_by("due_on", "id"))
    above = [todo for todo in found if may(viewer, "nudge", todo)]
    nudged = nudged_today(above)
    return next((todo for todo in above if todo.pk not in nudged), None)


def nudge_moment() -> datetime:
    """The key of today's reminder: a to-do is reminded of once a day, whoever does it."""
    return datetime.combine(clock.today(), time(), clock.SHANGHAI)


def nudged_today(todos: Iterable[Todo]) -> set[int]:
    """Keys of those whose owner was reminded today. One query, none without to-dos."""
    keys = [str(todo.pk) for todo in todos]
    if not keys:
        return set()
    told = Notice.objects.filter(object_id__in=keys, **_todays_reminder())
    return {int(key) for key in told.values_list("object_id", flat=True)}


def _todays_reminder() -> dict[str, Any]:
    """What tells the notices of today's reminders from all others."""
    return {"kind": NUDGED, "object_type": Todo._meta.label_lower, "due_at": nudge_moment()}


def sees_subject(person: Viewer, todo: Todo) -> bool:
    """Whether `person` sees what the to-do is about."""
    return (todo.object_type, todo.object_id) in _seen([todo], person)


def _seen(todos: Iterable[Todo], viewer: Viewer) -> set[tuple[str, str]]:
    """What of the subjects, as (label, key), `viewer` may see; what is no model of ours names nobody. One query."""
    about: dict[str, set[str]] = {}
    asked: dict[str, Any] = {}
    for todo in todos:
        about.setdefault(todo.object_type, set()).add(todo.object_id)
        asked[todo.object_type] = kind_of(todo.kind).subjects or asked.get(todo.object_type)
    parts, seen = [], set()
    for label, keys in about.items():
        try:
            model = apps.get_model(label)
        except LookupError:
            seen |= {(label, key) for key in keys}
            continue
        subjects = asked[label](viewer) if asked[label] else model._default_manager.visible_to(viewer)
        found = subjects.filter(pk__in=keys).order_by()
        parts.append(found.values_list(Value(label), Cast("pk", CharField())))
    return seen | (set(parts[0].union(*parts[1:], all=True)) if parts else set())


RULE = "worklist.reminders"


def due_moments(
    days: Iterable[date],
    *,
    before: int | None = None,
    rule: dict[str, Any] | None = None,
    calendar: WorkCalendar | None = None,
) -> dict[date, Moments]:
    """When each due day reminds and escalates: one query for the rule and one for the calendar unless handed in.

    `before`: working days ahead of the first reminder, unless told the rule of the to-dos.
    """
    ordered = sorted(set(days))
    if not ordered:
        return {}
    rule = rule or value(RULE).value
    ahead = rule["before_workdays"] if before is None else before
    span = timedelta(days=reach(max(ahead, rule["escalate_workdays"])))
    known = calendar or calendar_between(ordered[0] - span, ordered[-1] + span)
    return {
        day: moments_of(
            day,
            before=ahead,
            at=time.fromisoformat(rule["at"]),
            escalate_after=rule["escalate_workdays"],
            calendar=known,
            zone=clock.SHANGHAI,
        )
        for day in ordered
    }
