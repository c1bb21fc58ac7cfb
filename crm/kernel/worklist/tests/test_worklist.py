"""A to-do is opened once, reminds in time, goes up when it is late, and is silent when it is done."""

from datetime import date, datetime, timedelta

import pytest

from crm.kernel.audit.context import SYSTEM
from crm.kernel.audit.models import AuditEvent
from crm.kernel.notify.models import Notice
from crm.kernel.outbox.models import DueItem
from crm.kernel.outbox.relay import relay_due
from crm.kernel.people.selectors import superior_of
from crm.kernel.workdays import clock
from crm.kernel.worklist import services
from crm.kernel.worklist.models import Todo
from crm.tests.support.people import browser_for

pytestmark = pytest.mark.django_db
# Ahead of the real day, on which the cast gets its roles.
MONDAY, FRIDAY = date(2030, 3, 4), date(2030, 3, 8)
LIST = "/todos/"
NINE = {"hour": 9, "tzinfo": clock.SHANGHAI}


def opened(subject, owner, *, due_on=FRIDAY, by=SYSTEM, **more):
    return services.todo_open(
        kind="test.todo", subject=subject, owner=owner, due_on=due_on, url="/clients/", by=by, **more
    )


def told(person):
    return list(Notice.objects.filter(recipient=person).order_by("pk").values_list("kind", flat=True))


def moments():
    rows = DueItem.objects.filter(object_type="kernel.todo", state="pending").order_by("due_at", "kind")
    return [(item.kind.split(".")[1], item.due_at.astimezone(clock.SHANGHAI)) for item in rows]


def test_it_reminds_before_and_at_the_day_and_goes_up_after_it(owner, head):
    with clock.at(MONDAY):
        opened(owner, owner, by=owner)
    assert moments() == [
        ("remind", datetime(2030, 3, 5, **NINE)),
        ("remind", datetime(2030, 3, 8, **NINE)),
        ("escalate", datetime(2030, 3, 11, **NINE)),
    ]
    with clock.at(datetime(2030, 3, 8, 10, tzinfo=clock.SHANGHAI)):
        relay_due()
    assert told(owner) == ["todo.reminder", "todo.reminder"]
    with clock.at(datetime(2030, 3, 11, 10, tzinfo=clock.SHANGHAI)):
        relay_due()
        relay_due()
    assert told(head) == ["todo.escalated"]
    assert Todo.objects.get().escalated_to == head


def test_whoever_gets_it_from_somebody_else_is_told_once(owner, colleague):
    with clock.at(MONDAY):
        opened(owner, owner, by=owner)
        opened(owner, colleague, by=owner)
        opened(owner, colleague, by=owner)
    assert told(owner) == []
    assert told(colleague) == ["todo.assigned"]


def test_opened_again_it_is_brought_up_to_date_and_its_reminders_with_it(owner, colleague):
    with clock.at(MONDAY):
        first = opened(owner, owner)
        assert opened(owner, owner).version == 1
        again = opened(owner, colleague, due_on=FRIDAY + timedelta(days=7), data={"a": 1})
    assert (again.pk, again.owner, again.version) == (first.pk, colleague, 2)
    assert moments()[-1] == ("escalate", datetime(2030, 3, 18, **NINE))
    assert {item.recipient_id for item in DueItem.objects.filter(kind=services.REMIND, state="pending")} == {
        colleague.pk
    }
    with clock.at(MONDAY):
        opened(owner, owner)
    assert moments()[-1] == ("escalate", datetime(2030, 3, 11, **NINE))


def test_closed_it_is_silent_and_a_new_one_may_be_opened(owner, head):
    with clock.at(MONDAY):
        opened(owner, owner)
        closed = services.todo_close(kind="test.todo", subject=owner, outcome="done", by=owner)
        assert services.todo_close(kind="test.todo", subject=owner, outcome="done", by=owner) is None
    assert (closed.done_by, closed.outcome, moments()) == (owner, "done", [])
    with clock.at(MONDAY):
        assert opened(owner, owner).pk != closed.pk


def test_it_goes_up_step_by_step_and_never_round_in_circles(owner, head, final_approver):
    assert superior_of(owner) == head
    assert superior_of(head) == final_approver
    assert superior_of(final_approver) is None
    with clock.at(MONDAY):
        todo = opened(owner, owner)
        assert services.todo_escalate(todo=todo, by=SYSTEM) == head
        assert services.todo_escalate(todo=todo, by=SYSTEM) == final_approver
        assert services.todo_escalate(todo=todo, by=SYSTEM) is None
    assert told(head) == told(final_approver) == ["todo.escalated"]


def test_with_nobody_above_the_administrators_hear_of_it(owner, system_admin):
    with clock.at(MONDAY):
        todo = opened(owner, owner)
        services.todo_escalate(todo=todo, by=SYSTEM)
        services.todo_escalate(todo=todo, by=SYSTEM)
    assert told(system_admin) == ["todo.nobody_above"]
    assert AuditEvent.objects.filter(action="todo.nobody_above").count() == 1


def test_who_sees_a_todo(owner, colleague, head, stranger, auditor):
    with clock.at(MONDAY):
        opened(owner, owner)
    seen = [person for person in (owner, colleague, head, stranger, auditor) if Todo.objects.visible_to(person)]
    assert seen == [owner, head, auditor]


def relay(day, hour=10):
    with clock.at(datetime(2030, 3, day, hour, tzinfo=clock.SHANGHAI)):
        while relay_due():
            pass


def test_a_late_one_that_changes_hands_goes_up_again_from_its_new_owner(owner, colleague, head, final_approver):
    with clock.at(MONDAY):
        opened(owner, owner)
    relay(11)
    assert told(head) == ["todo.escalated"]
    with clock.at(datetime(2030, 3, 11, 11, tzinfo=clock.SHANGHAI)):
        opened(owner, colleague)
    relay(11, hour=12)
    assert told(head) == ["todo.escalated"]
    relay(12)
    relay(12)
    assert told(head) == ["todo.escalated"] * 2
    assert Todo.objects.get().escalated_to == head
    with clock.at(datetime(2030, 3, 12, 11, tzinfo=clock.SHANGHAI)):
        opened(owner, owner)
    relay(13)
    assert told(head) == ["todo.escalated"] * 3
    relay(14)
    assert told(final_approver) == ["todo.escalated"]


def test_new_words_of_a_late_one_neither_stop_nor_repeat_what_goes_up(owner, head, final_approver):
    with clock.at(MONDAY):
        opened(owner, owner)
    relay(11)
    with clock.at(datetime(2030, 3, 11, 11, tzinfo=clock.SHANGHAI)):
        opened(owner, owner, data={"level": "red"})
    relay(12)
    assert (told(head), told(final_approver)) == (["todo.escalated"], ["todo.escalated"])


def test_an_escalation_that_was_on_its_way_as_it_changed_hands_is_not_meant_any_more(owner, colleague, head):
    with clock.at(MONDAY):
        todo = opened(owner, owner)
    former = DueItem.objects.get(kind=services.ESCALATE).data
    with clock.at(datetime(2030, 3, 11, 11, tzinfo=clock.SHANGHAI)):
        opened(owner, colleague)
        assert services.todo_escalate(todo=todo, meant=former, by=SYSTEM) is None
    assert told(head) == []


def test_the_page_shows_every_open_one_and_pages_them(owner, head, stranger):
    with clock.at(MONDAY):
        for number in range(60):
            services.todo_open(
                kind="test.todo", subject=("test.thing", number), owner=owner, due_on=FRIDAY, url="/clients/", by=SYSTEM
            )
    for person, found in ((owner, 50), (head, 50), (stranger, 0)):
        assert browser_for(person).get(LIST).content.decode().count('href="/clients/" title=') == found
    assert browser_for(owner).get(f"{LIST}?page=2").content.decode().count('href="/clients/" title=') == 10
    assert browser_for(head).get(f"{LIST}?whose=mine").content.decode().count('href="/clients/" title=') == 0
