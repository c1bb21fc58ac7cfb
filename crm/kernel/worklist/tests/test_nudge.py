"""Who stands above somebody late reminds them, once a day; their row says so and is no longer the filled one."""

from datetime import timedelta

import pytest
from django.urls import reverse

from crm.kernel.access.checks import may
from crm.kernel.access.errors import Conflict, NotPermitted, NotVisible
from crm.kernel.audit.context import SYSTEM
from crm.kernel.audit.models import AuditEvent
from crm.kernel.notify.models import Notice
from crm.kernel.people.models import Person
from crm.kernel.people.roles import Role
from crm.kernel.workdays import clock
from crm.kernel.worklist.kinds import Step, TodoKind, register
from crm.kernel.worklist.models import Todo
from crm.kernel.worklist.services import todo_close, todo_escalate, todo_nudge, todo_open
from crm.kernel.worklist.waiting import Row, list_waiting
from crm.tests.support.people import api_for, browser_for, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def late(owner: Person, head: Person) -> Todo:
    """Something that 林晓雯 should have done yesterday."""
    register(TodoKind("test.nudge", "Call the client", "Call", step=lambda todo: Step("Call", "/call/")))
    yesterday = clock.today() - timedelta(days=1)
    todo = todo_open(kind="test.nudge", subject=owner, owner=owner, due_on=yesterday, url="/matter/", by=SYSTEM)
    todo_escalate(todo=todo, by=SYSTEM)
    todo.refresh_from_db()
    return todo


def row_of(person: Person) -> Row:
    [row] = [row for band in list_waiting(person=person) for row in band.rows if row.line.kind == "todo"]
    return row


def test_ones_own_row_leads_to_the_act_and_that_of_another_to_the_reminder(
    late: Todo, owner: Person, head: Person
) -> None:
    own, above = row_of(owner), row_of(head)
    assert (own.line.url, own.line.act, own.line.act_address) == ("/matter/", "Call", "/call/")
    assert above.line.act_address == late.nudge_url
    assert own.is_filled and above.is_filled


def test_the_head_reminds_once_a_day_and_then_waits(late: Todo, owner: Person, head: Person) -> None:
    browser = browser_for(head)
    page = browser.get(late.nudge_url)
    assert page.status_code == 200 and owner.name in page.content.decode()
    answer = browser.post(late.nudge_url, {"version": late.version})
    assert (answer.status_code, answer.headers["Location"]) == (302, reverse("worklist:waiting"))
    [notice] = Notice.objects.filter(kind="todo.nudged")
    assert (notice.recipient, notice.url) == (owner, "/matter/")
    assert head.name in notice.title and "Call the client" in notice.title
    assert AuditEvent.objects.filter(action="todo.nudged", person_id=head.pk).count() == 1
    row = row_of(head)
    assert row.line.done and not row.is_filled and row.line.act_address == "/matter/"
    assert browser.post(late.nudge_url, {"version": late.version}).status_code == 409
    with clock.at(clock.now() + timedelta(days=1)):
        todo_nudge(todo=late, by=head)
    assert Notice.objects.filter(kind="todo.nudged").count() == 2


def test_only_who_stands_above_reminds(late: Todo, owner: Person, colleague: Person, auditor: Person) -> None:
    with pytest.raises(NotPermitted):
        todo_nudge(todo=late, by=owner)
    with pytest.raises(NotPermitted):
        todo_nudge(todo=late, by=auditor)
    with pytest.raises(NotVisible):
        todo_nudge(todo=late, by=colleague)
    assert not Notice.objects.filter(kind="todo.nudged").exists()


def test_a_head_beside_does_not_stand_above_and_who_it_came_up_to_does(late: Todo, head: Person) -> None:
    beside, above = (make_person("主管", Role.DEPARTMENT_HEAD, place=place) for place in ("0020", "0001"))
    told = make_person("被告知", Role.FINAL_APPROVER, place="0001", level=2)
    assert [bool(may(person, "nudge", late)) for person in (head, above, beside, told)] == [True, True, False, False]
    late.escalated_to = told
    assert may(told, "nudge", late)


def test_what_is_done_is_not_reminded_of(late: Todo, owner: Person, head: Person) -> None:
    todo_close(kind="test.nudge", subject=owner, outcome="done", by=owner)
    with pytest.raises(Conflict):
        todo_nudge(todo=late, by=head)


def test_the_api_reminds(late: Todo, head: Person) -> None:
    api = api_for(head)
    assert api.post(f"/api/v1/worklist/{late.pk}/nudge/", {}, format="json").status_code == 201
    assert api.post(f"/api/v1/worklist/{late.pk}/nudge/", {}, format="json").status_code == 409
