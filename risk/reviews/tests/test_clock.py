"""A case on the clock: reminders to those who may decide, a nudge a day, the heads when it is late."""

from datetime import date, datetime, time, timedelta

import pytest

from crm.kernel.access.errors import Conflict, NotPermitted
from crm.kernel.audit.context import SYSTEM
from crm.kernel.audit.models import AuditEvent
from crm.kernel.notify.models import Notice
from crm.kernel.outbox.models import DueItem
from crm.kernel.outbox.relay import relay_due
from crm.kernel.parameters import selectors as parameters
from crm.kernel.parameters.services import parameter_approve, parameter_propose
from crm.kernel.people.models import Account, Person
from crm.kernel.workdays import clock
from crm.kernel.workdays.services import add_workdays
from crm.tests.support.people import api_for, browser_for
from crm.tests.support.workdays import official_calendar
from risk.reviews.models import ReviewCase
from risk.reviews.services import dates_refresh, review_nudge, waiting_refresh
from risk.reviews.services.reminders import ESCALATE
from risk.reviews.tests.factories import decide, make_client, make_project, submit

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(owner, head, initial_reviewer, recheck_reviewer, final_approver):
    return submit(make_project(make_client(owner)))


def at(day, hour=10):
    return clock.at(datetime.combine(day, time(hour), clock.SHANGHAI))


def told(kind):
    return sorted(Notice.objects.filter(kind=kind).values_list("recipient__name", flat=True))


def test_who_may_decide_is_reminded_before_and_on_the_day_and_the_head_hears_the_day_after(case):
    with at(case.due_on):
        relay_due()
        relay_due()
    assert told("review.reminder") == ["周启明", "周启明", "许嘉宁", "许嘉宁"]
    assert told("review.late") == []
    with at(add_workdays(case.due_on, 1).date):
        relay_due()
    assert "陈国栋" in told("review.late")
    assert AuditEvent.objects.filter(action="review.escalated_late").count() == 1


def test_a_stage_that_was_decided_in_time_reminds_nobody_of_the_old_one(case, initial_reviewer):
    decide(case, initial_reviewer, "approve")
    case.refresh_from_db()
    with at(case.due_on):
        relay_due()
    assert set(told("review.reminder")) == {"沈若岚", "罗文博"}


def test_a_changed_hour_silences_no_reminder_and_no_escalation(case, system_admin, second_system_admin):
    rule = {**parameters.value("worklist.reminders").value, "at": "08:30"}
    draft = parameter_propose(
        code="worklist.reminders", value=rule, effective_from=clock.today(), source="[D] test", by=system_admin
    )
    parameter_approve(version=draft, by=second_system_admin)
    with at(case.due_on):
        relay_due()
        relay_due()
    assert told("review.reminder") == ["周启明", "周启明", "许嘉宁", "许嘉宁"]
    with at(add_workdays(case.due_on, 1).date):
        relay_due()
    assert "陈国栋" in told("review.late")


def test_a_case_that_is_gone_or_closed_leaves_its_moments_empty(case, initial_reviewer):
    decide(case, initial_reviewer, "reject")
    DueItem.objects.filter(kind=ESCALATE).update(object_id="987654321")
    with at(clock.today() + timedelta(days=60)):
        relay_due()
    assert Notice.objects.filter(object_type="risk.reviewcase").count() == 0
    assert not DueItem.objects.filter(state="pending", object_type="risk.reviewcase").exists()


def test_a_nudge_a_working_day_and_no_more(case, owner, head, stranger, initial_reviewer):
    day = add_workdays(clock.today(), 1).date
    with at(day):
        assert [person.name for person in review_nudge(case=case, by=owner)] == ["许嘉宁", "周启明"]
        with pytest.raises(Conflict):
            review_nudge(case=case, by=head)
        with pytest.raises(NotPermitted):
            review_nudge(case=case, by=initial_reviewer)
    with at(add_workdays(day, 1).date):
        review_nudge(case=case, by=head)
    assert told("review.nudged") == ["周启明", "周启明", "许嘉宁", "许嘉宁"]


@pytest.mark.parametrize("decided", [True, False])
def test_a_nudge_whose_mail_waited_is_not_mailed_once_the_case_was_decided(
    case, owner, initial_reviewer, mailoutbox, decided
):
    Person.objects.filter(pk=initial_reviewer.pk).update(email="reviewer@sanshen.example")
    day = add_workdays(clock.today(), 1).date
    with at(day, hour=22):
        review_nudge(case=case, by=owner)
        if decided:
            decide(case, initial_reviewer, "approve")
    with at(add_workdays(day, 1).date):
        relay_due()
    found = [message for message in mailoutbox if "reviewer@sanshen.example" in message.to]
    assert [owner.name in message.subject for message in found if case.number in message.subject].count(True) == (
        not decided
    )


def test_the_button_and_the_api_nudge(case, owner):
    browser = browser_for(owner)
    assert f"/reviews/{case.pk}/nudge/" in browser.get(f"/reviews/{case.pk}/").content.decode()
    assert browser.post(f"/reviews/{case.pk}/nudge/").status_code == 302
    assert api_for(owner).post(f"/api/v1/reviews/{case.pk}/nudge/", {}, format="json").status_code == 409
    assert told("review.nudged") == ["周启明", "许嘉宁"]


def test_a_case_nobody_may_decide_is_told_to_who_can_see_to_it(case, initial_reviewer):
    Person.objects.filter(name__in=["周启明", "许嘉宁"]).update(is_active=False)
    for _ in range(2):
        waiting_refresh(by=SYSTEM)
    assert told("review.nobody") == ["林晓雯", "陈国栋"]


def test_each_time_that_nobody_is_left_within_one_stage_it_is_told_anew(case):
    reviewers = Person.objects.filter(name__in=["周启明", "许嘉宁"])
    for times in (1, 2):
        reviewers.update(is_active=False)
        for _ in range(2):
            waiting_refresh(by=SYSTEM)
        assert told("review.nobody") == sorted(["林晓雯", "陈国栋"] * times)
        reviewers.update(is_active=True)
        waiting_refresh(by=SYSTEM)


@pytest.fixture
def over_the_year(owner, head, initial_reviewer, recheck_reviewer, final_approver):
    with at(date(2026, 12, 30)):
        case = submit(make_project(make_client(owner)))
    assert case.due_provisional
    return case


def test_once_the_official_calendar_is_there_the_stage_is_due_and_reminds_on_another_day(over_the_year):
    former = over_the_year.due_on
    with at(date(2026, 12, 31)):
        assert dates_refresh(by=SYSTEM) == 0
        official_calendar(former)
        assert dates_refresh(by=SYSTEM) == 1
        assert dates_refresh(by=SYSTEM) == 0
    case = ReviewCase.objects.select_related("project").get()
    assert (case.due_on, case.due_provisional) == (add_workdays(former, 1).date, False)
    assert case.project.due_on == case.due_on
    assert told("review.redated") == ["周启明", "许嘉宁"]
    with at(case.due_on, hour=7):
        relay_due()
    Notice.objects.filter(kind="review.reminder").delete()
    with at(case.due_on):
        relay_due()
    assert told("review.reminder") == ["周启明", "许嘉宁"]
    assert told("review.late") == []
    with at(add_workdays(case.due_on, 1).date):
        relay_due()
    assert told("review.late")


def test_a_due_day_that_has_passed_stays(over_the_year):
    with at(over_the_year.due_on + timedelta(days=1)):
        official_calendar(over_the_year.due_on)
        assert dates_refresh(by=SYSTEM) == 0
    assert ReviewCase.objects.get().due_on == over_the_year.due_on


def test_who_has_no_open_account_is_not_the_head_who_is_told(case, head):
    Account.objects.filter(person=head).update(is_active=False)
    Person.objects.filter(name__in=["周启明", "许嘉宁"]).update(is_active=False)
    waiting_refresh(by=SYSTEM)
    assert "陈国栋" not in told("review.nobody")
