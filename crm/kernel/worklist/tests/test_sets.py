"""What a job opens at once reminds, goes up and is silent as if each had been opened alone."""

from datetime import date, datetime, timedelta

import pytest

from crm.kernel.access.errors import NotPermitted
from crm.kernel.audit.context import SYSTEM
from crm.kernel.audit.models import AuditEvent
from crm.kernel.notify.models import Notice
from crm.kernel.outbox.models import DueItem
from crm.kernel.outbox.relay import relay_due
from crm.kernel.workdays import clock
from crm.kernel.worklist import services
from crm.kernel.worklist.models import Todo

pytestmark = pytest.mark.django_db
MONDAY, FRIDAY = date(2030, 3, 4), date(2030, 3, 8)
ROWS = """
SELECT given.id::text AS object_id, %(owner)s::bigint AS owner_id, %(due_on)s::date AS due_on, '/clients/' AS url,
    '{"a": 1}'::jsonb AS data
FROM unnest(%(objects)s::bigint[]) AS given(id)
"""
OBJECTS = "SELECT given.id::text AS object_id FROM unnest(%(objects)s::bigint[]) AS given(id)"


def opened(owner, *objects: int, due_on=FRIDAY, at=MONDAY, by=SYSTEM) -> tuple[int, int]:
    given = {"owner": owner.pk, "due_on": due_on, "objects": list(objects)}
    with clock.at(at):
        return services.todo_open_set(kind="test.set", object_type="test.thing", rows=ROWS, parameters=given, by=by)


def closed(*objects: int) -> int:
    told = {"kind": "test.set", "object_type": "test.thing", "outcome": "gone", "by": SYSTEM}
    with clock.at(MONDAY):
        return services.todo_close_set(rows=OBJECTS, parameters={"objects": list(objects)}, **told)


def told(person) -> list[tuple[str, str]]:
    rows = Notice.objects.filter(recipient=person).order_by("due_at", "pk")
    about = dict(Todo.objects.values_list("pk", "object_id"))
    return [(notice.kind.split(".")[1], about[int(notice.object_id)]) for notice in rows]


def relay(day: int) -> None:
    """Everything that is due on a morning of March, as often as the beat would come."""
    with clock.at(datetime(2030, 3, day, 10, tzinfo=clock.SHANGHAI)):
        while relay_due():
            pass


def test_each_of_a_set_is_reminded_of_before_and_at_its_day_and_goes_up_after_it(owner, head):
    assert opened(owner, 1, 2) == (2, 0)
    relay(4)
    assert told(owner) == []
    relay(5)
    assert told(owner) == [("reminder", "1"), ("reminder", "2")]
    relay(8)
    assert told(owner) == [("reminder", "1"), ("reminder", "2")] * 2
    relay(11)
    relay(11)
    assert told(head) == [("escalated", "1"), ("escalated", "2")]
    assert {todo.escalated_to for todo in Todo.objects.all()} == {head}


def test_a_set_writes_a_row_of_due_work_per_moment_and_one_event_however_many_it_holds(owner):
    opened(owner, *range(1, 500))
    assert DueItem.objects.count() == 3
    event = AuditEvent.objects.get(action="todo.set_opened")
    keys = Todo.objects.order_by("pk").values_list("pk", flat=True)
    assert event.data == {"kind": "test.set", "opened": 499, "changed": 0, "first": keys[0], "last": keys[498]}


def test_what_a_set_handed_on_is_on_record_by_itself(owner, colleague):
    opened(owner, 1, 2)
    opened(colleague, 2)
    moved = Todo.objects.get(object_id="2")
    event = AuditEvent.objects.get(action="todo.changed")
    assert (event.subject_id, event.data["owner"]) == (str(moved.pk), colleague.pk)


def test_told_again_nothing_is_written(owner):
    opened(owner, 1, 2)
    before = (*Todo.objects.values(), *DueItem.objects.values(), AuditEvent.objects.count())
    assert opened(owner, 1, 2) == (0, 0)
    assert (*Todo.objects.values(), *DueItem.objects.values(), AuditEvent.objects.count()) == before


def test_what_changed_is_due_on_its_new_day_only_and_by_its_new_owner(owner, colleague):
    opened(owner, 1, 2)
    assert opened(colleague, 2, due_on=FRIDAY + timedelta(days=7)) == (0, 1)
    assert Todo.objects.get(object_id="2").version == 2
    for day in (5, 8, 12, 15):
        relay(day)
    assert told(owner) == [("reminder", "1"), ("reminder", "1")]
    assert told(colleague) == [("reminder", "2"), ("reminder", "2")]


def test_what_was_already_due_one_by_one_falls_silent_when_its_day_moves(owner):
    opened(owner, 1)
    with clock.at(datetime(2030, 3, 5, 10, tzinfo=clock.SHANGHAI)):
        relay_due(limit=1)
    assert DueItem.objects.get(kind=services.REMIND).state == "pending"
    opened(owner, 1, due_on=FRIDAY + timedelta(days=7), at=date(2030, 3, 5))
    assert DueItem.objects.get(kind=services.REMIND).state == "cancelled"


def test_closed_in_a_set_they_are_silent(owner, head):
    opened(owner, 1, 2, 3)
    assert closed(1, 2, 7) == 2
    assert closed(1, 2) == 0
    done = Todo.objects.filter(done_at__isnull=False)
    assert {(todo.object_id, todo.outcome, todo.version) for todo in done} == {("1", "gone", 2), ("2", "gone", 2)}
    assert AuditEvent.objects.get(action="todo.set_closed").data["closed"] == 2
    for day in (5, 8, 11):
        relay(day)
    assert told(owner) == [("reminder", "3"), ("reminder", "3")]
    assert told(head) == [("escalated", "3")]


def test_opened_late_they_are_not_reminded_of_but_go_up(owner, head):
    opened(owner, 1, at=date(2030, 3, 20))
    relay(20)
    assert (told(owner), told(head)) == ([], [("escalated", "1")])


def test_a_late_one_that_a_set_hands_on_goes_up_again_a_working_day_later(owner, colleague, head):
    opened(owner, 1)
    relay(11)
    assert told(head) == [("escalated", "1")]
    assert opened(colleague, 1, 2, at=date(2030, 3, 11)) == (1, 1)
    relay(11)
    assert told(head) == [("escalated", "1"), ("escalated", "2")]
    relay(12)
    relay(12)
    assert told(head).count(("escalated", "1")) == 2


def test_people_do_not_open_sets(owner):
    with pytest.raises(NotPermitted):
        opened(owner, 1, by=owner)
