"""核查: asked for within thirty days, answered within thirty by another person one level up; late ones are refused."""

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.utils import InternalError, ProgrammingError

from crm.kernel.access.errors import BadInput, Conflict, NotPermitted
from crm.kernel.people.models import Person
from crm.kernel.workdays import clock
from crm.kernel.worklist.models import Todo
from crm.tests.support.people import api_for, browser_for
from staff.complaints import services
from staff.complaints.models import Complaint, ComplaintRecheck, Kind
from staff.complaints.tests.factories import DRAFT, act, anew, assigned, replied

pytestmark = pytest.mark.django_db
TOLD = date(2026, 3, 20)
ANSWER = {"answer": DRAFT["reasons"], "how": "书面寄出核查意见"}


@pytest.fixture
def answered(colleague: Person, head: Person) -> Complaint:
    """A complaint that was replied to on TOLD."""
    with clock.at(TOLD):
        return replied(assigned(colleague))


def ask(complaint: Complaint, by: Person, day: date, **more: Any) -> Complaint:
    return act(services.recheck_request, complaint, by, requested_on=day, grounds="不认可答复所述理由", **more)


def test_a_request_in_time_waits_for_somebody_above_without_a_part(
    answered: Complaint, colleague: Person, head: Person
) -> None:
    with clock.at(date(2026, 4, 19)):
        complaint = ask(answered, colleague, date(2026, 4, 19))
        row = complaint.rechecks.get()
        # Day 30 after TOLD is Sunday 19 April; rolled forward it is Monday.
        assert (row.ask_none, row.ask_forward) == (date(2026, 4, 19), date(2026, 4, 20))
        assert (row.due_none, row.due_forward) == (date(2026, 5, 19), date(2026, 5, 19))
        todo = Todo.objects.get(kind="complaint.recheck", object_id=str(complaint.pk), done_at=None)
        assert (todo.owner, todo.due_on) == (head, date(2026, 5, 19))
        with pytest.raises(NotPermitted):
            act(services.recheck_decide, complaint, colleague, verdict="upheld", **ANSWER)
        act(services.recheck_decide, complaint, head, verdict="upheld", **ANSWER)
        row.refresh_from_db()
        assert (row.verdict, row.answered_by, row.was_in_time) == ("upheld", head, True)
        assert anew(complaint).status == "replied"


def test_a_request_that_is_typed_later_keeps_its_day(answered: Complaint, colleague: Person) -> None:
    with clock.at(date(2026, 5, 6)):
        row = ask(answered, colleague, date(2026, 4, 20)).rechecks.get()
        assert (row.verdict, row.requested_on) == ("", date(2026, 4, 20))


def test_a_late_request_is_refused_in_writing(answered: Complaint, colleague: Person) -> None:
    with clock.at(date(2026, 4, 21)):
        with pytest.raises(BadInput) as refusal:
            ask(answered, colleague, date(2026, 4, 21))
        assert set(refusal.value.errors) == {"how"}
        complaint = ask(answered, colleague, date(2026, 4, 21), how="挂号信寄出")
        row = complaint.rechecks.get()
        assert (row.verdict, row.answered_on) == ("late", date(2026, 4, 21))
        assert "2026-04-20" in row.answer
        assert complaint.events.filter(kind=Kind.RECHECK_REFUSED, text=row.answer).exists()
        assert not Todo.objects.filter(kind="complaint.recheck", done_at=None).exists()


def test_who_checked_the_complaint_does_not_answer_its_review(
    answered: Complaint, colleague: Person, head: Person, complaints_officer: Person
) -> None:
    with clock.at(date(2026, 3, 25)):
        complaint = act(services.complaint_close, answered, head, note="已退费，流程补充说明")
        complaint = ask(complaint, colleague, date(2026, 3, 25))
        with pytest.raises(NotPermitted):
            act(services.recheck_decide, complaint, head, verdict="upheld", **ANSWER)
        act(services.recheck_decide, complaint, complaints_officer, verdict="upheld", **ANSWER)


def test_to_be_handled_again_gives_new_days_and_keeps_the_first_dates(
    answered: Complaint, colleague: Person, head: Person
) -> None:
    with clock.at(date(2026, 4, 1)):
        complaint = ask(answered, colleague, date(2026, 4, 1))
        complaint = act(services.recheck_decide, complaint, head, verdict="redo", **ANSWER)
        assert (complaint.status, complaint.reopened) == ("investigating", 1)
        assert complaint.due_on == answered.due_on
        assert complaint.rechecks.get().redo_due == date(2026, 4, 16)
        todo = Todo.objects.get(kind="complaint.handle", object_id=str(complaint.pk), done_at=None)
        assert todo.due_on == date(2026, 4, 16)
        # What is decided anew can be reviewed anew.
        complaint = replied(complaint)
        assert ask(complaint, colleague, date(2026, 4, 1)).rechecks.count() == 2


def test_a_corrected_decision_names_the_new_one(answered: Complaint, colleague: Person, head: Person) -> None:
    with clock.at(date(2026, 4, 1)):
        complaint = ask(answered, colleague, date(2026, 4, 1))
        with pytest.raises(BadInput):
            act(services.recheck_decide, complaint, head, verdict="corrected", **ANSWER)
        complaint = act(services.recheck_decide, complaint, head, verdict="corrected", outcome="partly", **ANSWER)
        assert (complaint.outcome, complaint.status) == ("partly", "replied")
        with pytest.raises(Conflict):
            ask(complaint, colleague, date(2026, 4, 1))


def test_an_answer_after_its_limit_stays_late(answered: Complaint, colleague: Person, head: Person) -> None:
    with clock.at(date(2026, 4, 1)):
        complaint = ask(answered, colleague, date(2026, 4, 1))
    with clock.at(date(2026, 5, 2)):
        assert complaint.rechecks.get().was_in_time is False
        act(services.recheck_decide, complaint, head, verdict="upheld", **ANSWER)
        assert complaint.rechecks.get().was_in_time is False


@pytest.mark.parametrize(
    "change",
    [
        "verdict = 'upheld', answer = 'x', told_how = 'x', answered_at = now(), answered_on = now()::date, "
        "answered_by_id = %(handler)s",
        "requested_on = requested_on - 5",
        "due_none = due_none + 9",
        "verdict = 'late', answer = 'x', told_how = 'x', answered_at = now(), answered_on = now()::date, "
        "answered_by_id = %(head)s",
    ],
)
def test_the_database_keeps_a_review_as_it_was_asked(
    answered: Complaint, colleague: Person, head: Person, change: str
) -> None:
    with clock.at(date(2026, 4, 1)):
        complaint = ask(answered, colleague, date(2026, 4, 1))
    values: Any = {"handler": colleague.pk, "head": head.pk, "pk": complaint.pk}
    refused = (IntegrityError, InternalError, ProgrammingError)
    with pytest.raises(refused), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE staff_complaintrecheck SET {change} WHERE complaint_id = %(pk)s", values)
    assert ComplaintRecheck.objects.get().verdict == ""


def test_page_and_api_ask_and_answer(answered: Complaint, colleague: Person, head: Person) -> None:
    with clock.at(date(2026, 4, 1)):
        url, match = f"/api/v1/complaints/{answered.pk}/ask-recheck/", f'"{answered.version}"'
        body = {"requested_on": "2026-04-01", "grounds": "不认可答复所述理由"}
        assert api_for(colleague).post(url, body, format="json", HTTP_IF_MATCH=match).status_code == 200
        page = f"/complaints/{answered.pk}/decide-recheck/"
        assert browser_for(head).get(page).status_code == 200
        given = {"verdict": "upheld", **ANSWER, "version": anew(answered).version}
        assert browser_for(head).post(page, given).status_code == 302
        shown = browser_for(colleague).get(answered.get_absolute_url()).content.decode()
        assert "维持处理决定" in shown


def test_no_second_review_is_asked_for_while_one_waits(answered: Complaint, colleague: Person, head: Person) -> None:
    first, second = date(2026, 3, 25), date(2026, 4, 1)
    with clock.at(first):
        ask(answered, colleague, first)
        act(services.complaint_reopen, answered, head, reason="客户称退费未到账")
    with clock.at(second):
        again = replied(anew(answered))
        with pytest.raises(Conflict):
            ask(again, colleague, second)
    assert anew(answered).rechecks.count() == 1


def test_the_api_lists_the_reviews_of_handling(answered: Complaint, colleague: Person, head: Person) -> None:
    day = date(2026, 3, 25)
    with clock.at(day):
        ask(answered, colleague, day)
        act(services.recheck_decide, answered, head, verdict="upheld", **ANSWER)
    [row] = api_for(colleague).get(f"/api/v1/complaints/{answered.pk}/rechecks/").json()["results"]
    assert (row["requested_on"], row["verdict"], row["answered_by_name"]) == ("2026-03-25", "upheld", head.name)
    assert (row["ask_none"], row["ask_forward"]) == ("2026-04-19", "2026-04-20")
