"""Reads of the work list, and the moments at which a due day makes itself heard."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any

from django.apps import apps
from django.db.models import Count, Model, Q, QuerySet

from crm.kernel.access.checks import ask, may
from crm.kernel.access.policies import Viewer
from crm.kernel.notify.models import Notice
from crm.kernel.parameters.selectors import value
from crm.kernel.people.roles import Role
from crm.kernel.workdays import clock
from crm.kernel.workdays.rules.calendar import WorkCalendar, reach
from crm.kernel.workdays.selectors import calendar_between
from crm.kernel.worklist.models import Todo
from crm.kernel.worklist.rules.moments import Moments, moments_of


def todo_list(*, viewer: Viewer) -> QuerySet[Todo]:
    """What waits for this person: one's own, and what came up because somebody is late; the first due first."""
    rows = Todo.objects.visible_to(viewer).filter(Q(owner=viewer.pk) | Q(escalated_to=viewer.pk), done_at__isnull=True)
    return rows.select_related("owner").order_by("due_on", "id")


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
    told of what is late, not of a client that is none of theirs. One query for each model they are about.
    An auditor, who stands above nobody, does not remind.
    """
    rows = list(todos)
    others: dict[str, list[Todo]] = {}
    for todo in rows:
        if todo.owner_id != viewer.pk:
            todo.may_nudge = todo.escalated_to_id == viewer.pk or Role.DEPARTMENT_HEAD in viewer.roles
            others.setdefault(todo.object_type, []).append(todo)
    for label, about in others.items():
        seen = _seen(label, {todo.object_id for todo in about}, viewer)
        for todo in about:
            todo.is_veiled = todo.object_id not in seen
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
    told = Notice.objects.filter(kind=NUDGED, object_type=Todo._meta.label_lower, due_at=nudge_moment())
    return {int(key) for key in told.filter(object_id__in=keys).values_list("object_id", flat=True)}


def sees_subject(person: Viewer, todo: Todo) -> bool:
    """Whether `person` sees what the to-do is about."""
    return todo.object_id in _seen(todo.object_type, {todo.object_id}, person)


def _seen(label: str, keys: set[str], viewer: Viewer) -> set[str]:
    """Of objects of one model those that `viewer` may see; what is no model of ours names nobody."""
    try:
        model = apps.get_model(label)
    except LookupError:
        return keys
    found = model._default_manager.visible_to(viewer).filter(pk__in=keys)
    return {str(key) for key in found.values_list("pk", flat=True)}


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
