"""Reads of the work list, and the moments at which a due day makes itself heard."""

from collections.abc import Iterable, Mapping
from datetime import date, time, timedelta
from typing import Any

from django.apps import apps
from django.db.models import CharField, Count, Q, QuerySet, Value
from django.db.models.functions import Cast

from crm.kernel.access.policies import Viewer
from crm.kernel.parameters.selectors import value
from crm.kernel.workdays import clock
from crm.kernel.workdays.rules.calendar import WorkCalendar, reach
from crm.kernel.workdays.selectors import calendar_between
from crm.kernel.worklist.models import Todo
from crm.kernel.worklist.rules.moments import Moments, moments_of


def todo_list(*, viewer: Viewer) -> QuerySet[Todo]:
    """What waits for this person: one's own, and what came up because somebody is late; the first due first."""
    rows = Todo.objects.visible_to(viewer).filter(Q(owner=viewer.pk) | Q(escalated_to=viewer.pk), done_at__isnull=True)
    return rows.select_related("owner").order_by("due_on", "id")


def todo_shares(*, viewer: Viewer, most: int) -> list[Todo]:
    """The first of one's own, and the first of what came up because somebody is late: `most` of each, no more of them
    than a line says. One query.
    """
    is_open = Todo.objects.filter(done_at__isnull=True).select_related("owner").order_by("due_on", "id")
    shown = is_open.only("kind", "object_type", "object_id", "data", "url", "due_on", "owner__name")
    # One's own are seen whatever they are about.
    own, others = shown.filter(owner=viewer.pk), shown.visible_to(viewer).filter(escalated_to=viewer.pk)
    return list(own[:most].union(others.exclude(owner=viewer.pk)[:most], all=True))


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
    """
    rows = list(todos)
    others: dict[str, list[Todo]] = {}
    for todo in rows:
        if todo.owner_id != viewer.pk:
            others.setdefault(todo.object_type, []).append(todo)
    seen = _seen({label: {todo.object_id for todo in about} for label, about in others.items()}, viewer)
    for label, about in others.items():
        for todo in about:
            todo.is_veiled = (label, todo.object_id) not in seen
    return rows


def sees_subject(person: Viewer, todo: Todo) -> bool:
    """Whether `person` sees what the to-do is about."""
    return (todo.object_type, todo.object_id) in _seen({todo.object_type: {todo.object_id}}, person)


def _seen(about: Mapping[str, set[str]], viewer: Viewer) -> set[tuple[str, str]]:
    """Of objects by their model's label those that `viewer` may see; what is no model of ours names nobody."""
    parts, seen = [], set()
    for label, keys in about.items():
        try:
            model = apps.get_model(label)
        except LookupError:
            seen |= {(label, key) for key in keys}
            continue
        found = model._default_manager.visible_to(viewer).filter(pk__in=keys).order_by()
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
