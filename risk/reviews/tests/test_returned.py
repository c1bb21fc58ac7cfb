"""A returned deal is somebody's to complete until a day, or to give up; nothing of it is left waiting for nobody."""

from datetime import datetime, time

import pytest
from django.urls import reverse

from clients.file.services import client_reassign
from crm.kernel.access.errors import Conflict, NotPermitted, Stale
from crm.kernel.notify.models import Notice
from crm.kernel.outbox.relay import relay_due
from crm.kernel.people.models import Person
from crm.kernel.workdays import clock
from crm.kernel.workdays.services import add_workdays
from crm.kernel.worklist.models import Todo
from crm.tests.support.people import api_for, browser_for
from risk.reviews.models import ReturnItem, ReviewCase
from risk.reviews.services import review_withdraw
from risk.reviews.services.returned import COMPLETE
from risk.reviews.tasks import refresh_waiting
from risk.reviews.tests.factories import decide, make_client, make_project, submit

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(owner: Person, colleague: Person, head: Person, initial_reviewer: Person) -> ReviewCase:
    case = submit(make_project(make_client(owner), lead=colleague))
    decide(case, initial_reviewer, "return")
    return case


def told(kind: str) -> list[str]:
    return sorted(Notice.objects.filter(kind=kind).values_list("recipient__name", flat=True))


def test_a_returned_deal_is_its_owners_to_do_until_the_day_of_the_return(case: ReviewCase, owner: Person) -> None:
    todo = Todo.objects.get(kind=COMPLETE)
    case.project.refresh_from_db()
    assert (todo.owner, todo.due_on, todo.url) == (owner, case.project.due_on, case.project.get_absolute_url())
    assert told("todo.assigned") == [owner.name]
    assert case.project.name in todo.title


def test_a_return_that_is_not_completed_reminds_the_owner_and_goes_up(case: ReviewCase) -> None:
    day = Todo.objects.get(kind=COMPLETE).due_on
    with clock.at(datetime.combine(day, time(10), clock.SHANGHAI)):
        relay_due()
        relay_due()
    assert set(told("todo.reminder")) == {"林晓雯"} and told("todo.escalated") == []
    with clock.at(datetime.combine(add_workdays(day, 1).date, time(10), clock.SHANGHAI)):
        relay_due()
    assert told("todo.escalated") == ["陈国栋"]


def test_the_deals_page_says_what_the_return_asks_for_where_it_is_brought(case: ReviewCase, owner: Person) -> None:
    items = list(ReturnItem.objects.filter(decision__case=case).values_list("text", flat=True))
    panel = reverse("risk:project_panel", args=[case.project_id])
    browser = browser_for(owner)
    page = browser.get(panel).content.decode()
    assert items and [text for text in items if text not in page] == []
    submit(case.project)
    assert [text for text in items if text in browser.get(panel).content.decode()] == []


def test_submitted_again_there_is_nothing_left_to_complete(case: ReviewCase) -> None:
    submit(case.project)
    assert [todo.outcome for todo in Todo.objects.filter(kind=COMPLETE)] == ["submitted"]


def test_a_client_handed_over_takes_the_return_to_complete_along_within_the_minute(
    case: ReviewCase, owner: Person, stranger: Person, head: Person
) -> None:
    client = case.project.client
    client_reassign(client=client, owner=stranger, expected_version=client.version, by=head)
    assert refresh_waiting() == 1 and refresh_waiting() == 0
    assert Todo.objects.get(kind=COMPLETE, done_at=None).owner == stranger


def test_a_return_from_before_there_were_to_dos_gets_its_own(case: ReviewCase) -> None:
    Todo.objects.all().delete()
    assert refresh_waiting() == 1 and refresh_waiting() == 0
    assert Todo.objects.filter(kind=COMPLETE, done_at=None).count() == 1


def test_a_returned_case_is_given_up_with_a_reason_and_waits_for_nobody(case: ReviewCase, owner: Person) -> None:
    review_withdraw(case=case, expected_version=case.version, reason="客户不再需要", by=owner)
    case.refresh_from_db()
    case.project.refresh_from_db()
    assert (case.status, case.withdrawn_reason) == ("withdrawn", "客户不再需要")
    assert (case.project.status, case.project.due_on, case.project.waiting_for) == ("withdrawn", None, [])
    assert Todo.objects.get(kind=COMPLETE).outcome == "withdrawn"
    again = submit(case.project)
    assert (again.round, again.stage, again.status) == (2, "initial", "open")


def test_only_its_makers_give_up_a_returned_case_and_only_as_it_stands(
    case: ReviewCase, owner: Person, head: Person
) -> None:
    with pytest.raises(NotPermitted):
        review_withdraw(case=case, expected_version=case.version, reason="x", by=head)
    with pytest.raises(Stale):
        review_withdraw(case=case, expected_version=case.version - 1, reason="x", by=owner)
    review_withdraw(case=case, expected_version=case.version, reason="x", by=owner)
    with pytest.raises(Conflict):
        review_withdraw(case=case, expected_version=case.version, reason="x", by=owner)


def test_page_and_api_give_up_a_returned_case(case: ReviewCase, owner: Person) -> None:
    assert f"/reviews/{case.pk}/withdraw/" in browser_for(owner).get(case.get_absolute_url()).content.decode()
    body = {"reason": "客户不再需要", "expected_version": case.version}
    answer = api_for(owner).post(f"/api/v1/reviews/{case.pk}/withdraw/", body, format="json")
    assert (answer.status_code, answer.json()["status"]) == (201, "withdrawn")
