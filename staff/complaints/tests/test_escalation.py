"""Trust row 32, short: the alarm of a deadline reaches somebody, round whoever is concerned, within the hour."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal

import pytest
from django.core.mail import EmailMessage

from crm.kernel.audit.context import SYSTEM
from crm.kernel.declarations.schedule import WORK
from crm.kernel.notify.models import Notice
from crm.kernel.outbox.models import DueItem
from crm.kernel.outbox.relay import relay_due
from crm.kernel.outbox.services import schedule
from crm.kernel.people.models import Account, Person
from crm.kernel.people.services import person_deactivate
from crm.kernel.workdays import clock
from crm.kernel.worklist.models import Todo
from crm.tests.support.people import browser_for
from staff.complaints import services
from staff.complaints.models import Complaint, Kind
from staff.complaints.services.duties import ESCALATE, OVERDUE
from staff.complaints.tests.factories import FACTS, act, anew, assigned, recorded, replied

pytestmark = pytest.mark.django_db
RECEIVED = date(2026, 3, 16)


def told(person: Person | None) -> int:
    return Notice.objects.filter(recipient=person, kind="complaint.escalated").count()


def test_the_moments_of_the_rule_are_due_work_from_the_start(complaints_officer: Person) -> None:
    with clock.at(RECEIVED):
        complaint = recorded()
    due = DueItem.objects.filter(object_type="staff.complaint", object_id=str(complaint.pk))
    days = [item.due_at.astimezone(clock.SHANGHAI).date() for item in due.filter(kind=ESCALATE).order_by("due_at")]
    assert days == [RECEIVED + timedelta(days=count) for count in (10, 13, 15)]
    assert due.get(kind=OVERDUE).due_at.astimezone(clock.SHANGHAI).date() == date(2026, 4, 1)


def test_an_unanswered_complaint_climbs_and_the_passed_limit_is_written_down(
    colleague: Person, head: Person, complaints_officer: Person
) -> None:
    with clock.at(RECEIVED):
        complaint = assigned(colleague)
    for day in (date(2026, 3, 27), date(2026, 3, 30), date(2026, 4, 2)):
        with clock.at(day):
            relay_due()
    complaint = anew(complaint)
    assert [event.data["to"] for event in complaint.events.filter(kind=Kind.ESCALATED)][:2] == [
        head.pk,
        complaints_officer.pk,
    ]
    assert complaint.events.filter(kind=Kind.OVERDUE).count() == 1
    assert told(head) == 1
    assert complaint.was_in_time is False


def test_an_answered_complaint_climbs_no_further(colleague: Person, head: Person) -> None:
    with clock.at(RECEIVED):
        replied(assigned(colleague))
    with clock.at(date(2026, 4, 10)):
        relay_due()
    assert told(head) == 0


@pytest.mark.parametrize("how", ["left", "shut_out"])
def test_a_complaint_of_who_is_gone_reaches_the_next_within_the_hour(colleague: Person, head: Person, how: str) -> None:
    complaint = assigned(colleague)
    if how == "left":
        person_deactivate(person=colleague, reason="离职", expected_version=colleague.version, by=SYSTEM)
    else:
        Account.objects.filter(person=colleague).update(is_active=False)
    assert services.deserted_escalate(by=SYSTEM) == 1
    complaint = anew(complaint)
    assert (complaint.responsible, complaint.escalated_to) == (None, head)
    assert told(head) == 1
    assert Todo.objects.filter(owner=head, object_id=str(complaint.pk), done_at=None).exists()
    assert services.deserted_escalate(by=SYSTEM) == 0
    poked = next(work for work in WORK.values() if work.task == "staff.complaints.tasks.watch_complaints")
    assert isinstance(poked.when, float)
    assert poked.when <= 3600


def test_it_goes_round_a_head_who_is_complained_of(
    colleague: Person, head: Person, complaints_officer: Person, stranger: Person
) -> None:
    with clock.at(RECEIVED):
        complaint = recorded(subjects=[head])
        complaint.department = head.department
        Complaint.objects.filter(pk=complaint.pk).update(department=head.department)
    for step, day in enumerate((date(2026, 3, 27), date(2026, 3, 30), date(2026, 4, 2))):
        with clock.at(datetime.combine(day, datetime.min.time()) + timedelta(hours=12)):
            relay_due()
            assert told(head) == 0, step
    assert anew(complaint).escalated_to not in (None, head)


def test_with_nobody_left_it_is_recorded_and_nobody_concerned_is_told(colleague: Person) -> None:
    complaint = assigned(colleague)
    Account.objects.all().update(is_active=False)
    services.deserted_escalate(by=SYSTEM)
    assert anew(complaint).escalated_to is None
    assert anew(complaint).events.filter(kind=Kind.ESCALATED).get().data["to"] is None


def test_who_should_name_somebody_and_is_gone_is_passed_by_within_the_hour(
    complaints_officer: Person, final_approver: Person, second_final_approver: Person
) -> None:
    complaint = recorded()
    assert Todo.objects.get(object_id=str(complaint.pk)).owner == complaints_officer
    Account.objects.filter(person=complaints_officer).update(is_active=False)
    assert services.deserted_escalate(by=SYSTEM) == 1
    assert Todo.objects.get(object_id=str(complaint.pk), done_at=None).owner == final_approver
    Account.objects.filter(person=final_approver).update(is_active=False)
    assert services.deserted_escalate(by=SYSTEM) == 1
    assert anew(complaint).escalated_to == second_final_approver
    assert Todo.objects.get(object_id=str(complaint.pk), done_at=None).owner == second_final_approver
    assert services.deserted_escalate(by=SYSTEM) == 0


def test_no_mail_that_waited_goes_to_who_became_a_party_concerned(
    colleague: Person, head: Person, complaints_officer: Person, mailoutbox: list[EmailMessage]
) -> None:
    Person.objects.filter(pk__in=[colleague.pk, head.pk]).update(email="somebody@sanshen.example")
    with clock.at(RECEIVED):
        complaint = assigned(colleague)
        services.escalate_due(pk=complaint.pk, step=0, by=SYSTEM)
        assert told(head) == 1
        act(services.complaint_concern, complaint, complaints_officer, person=head, reason="投诉人补充指明")
        act(services.complaint_concern, complaint, complaints_officer, person=colleague, reason="投诉人补充指明")
    with clock.at(RECEIVED + timedelta(days=1)):
        relay_due()
    assert [message for message in mailoutbox if "somebody@sanshen.example" in message.to] == []


def test_a_step_that_was_put_off_while_it_was_on_its_way_is_taken_at_its_new_moment(
    colleague: Person, head: Person
) -> None:
    with clock.at(RECEIVED):
        complaint = assigned(colleague)
        former = DueItem.objects.get(kind=ESCALATE, object_id=str(complaint.pk), data__step=0)
        later = former.due_at + timedelta(days=1)
        schedule(kind=ESCALATE, subject=complaint, due_at=later, data={"step": 0})
        assert services.escalate_due(pk=complaint.pk, step=0, item=former, by=SYSTEM) is None
        assert told(head) == 0
        anew_item = DueItem.objects.get(kind=ESCALATE, due_at=later)
        DueItem.objects.filter(pk=former.pk).update(state=DueItem.State.DONE, done_at=clock.now())
        assert services.escalate_due(pk=complaint.pk, step=0, item=anew_item, by=SYSTEM) == head


def test_a_clock_that_steps_back_tells_nobody_twice(colleague: Person, head: Person) -> None:
    with clock.at(RECEIVED):
        complaint = assigned(colleague)
    for day in (date(2026, 4, 2), date(2026, 3, 20), date(2026, 4, 2), date(2026, 3, 27)):
        with clock.at(day):
            relay_due()
            services.overdue_note(pk=complaint.pk, by=SYSTEM)
    assert complaint.events.filter(kind=Kind.OVERDUE).count() == 1
    assert complaint.events.filter(kind=Kind.ESCALATED).count() == 4
    assert told(head) == 1


def unanswered(complaint: Complaint) -> int:
    """How often somebody was told that it is not answered yet."""
    return complaint.events.filter(kind=Kind.ESCALATED, data__why="unanswered").count()


def test_a_complaint_that_becomes_major_late_is_escalated_at_once(complaints_officer: Person, head: Person) -> None:
    with clock.at(RECEIVED):
        complaint = assigned(head)
    with clock.at(RECEIVED + timedelta(days=8)):
        complaint = act(
            services.complaint_reclassify, complaint, complaints_officer, reason="媒体已报道", is_in_media=True
        )
        relay_due()
        assert unanswered(complaint) == 1
        # The last moment that has passed is rung once, whatever is dated again afterwards.
        act(services.extension_request, complaint, head, reason="需向评估机构调取底稿")
        act(services.complaint_reclassify, complaint, complaints_officer, reason="争议金额更正", amount=Decimal("100"))
        relay_due()
        assert unanswered(complaint) == 1


def test_a_major_complaint_recorded_two_days_late_is_reported_at_once(complaints_officer: Person) -> None:
    with clock.at(RECEIVED + timedelta(days=2)):
        complaint = recorded(is_in_media=True, received_at=datetime.combine(RECEIVED, time(10), tzinfo=clock.SHANGHAI))
        relay_due()
        assert unanswered(complaint) == 1
    due = DueItem.objects.filter(kind=ESCALATE, object_id=str(complaint.pk), state=DueItem.State.PENDING)
    days = [item.due_at.astimezone(clock.SHANGHAI).date() for item in due.order_by("due_at")]
    assert days == [RECEIVED + timedelta(days=count) for count in (5, 7)]


def test_an_alarm_that_was_due_when_somebody_acted_still_rings(colleague: Person, complaints_officer: Person) -> None:
    with clock.at(RECEIVED):
        complaint = assigned(colleague)
        complaint = act(services.extension_request, complaint, colleague, reason="需向评估机构调取底稿")
        decided = {"approves": True, "opinion": "情况复杂，同意延期"}
        complaint = act(services.extension_decide, complaint, complaints_officer, **decided)
    with clock.at(RECEIVED + timedelta(days=10)):
        complaint = act(services.extension_tell, complaint, colleague, how="电话告知")
        relay_due()
        assert unanswered(complaint) == 1


@pytest.mark.parametrize("how", ["recorded", "filed"])
def test_a_vice_president_who_has_to_name_somebody_sees_it_and_may(
    complaints_officer: Person, final_approver: Person, head: Person, colleague: Person, how: str
) -> None:
    """No officer is free and no head stands above the place: it is recorded in the head office, or lies nowhere."""
    if how == "recorded":
        complaint = recorded(by=complaints_officer, subjects=[complaints_officer])
    else:
        Account.objects.filter(person=complaints_officer).update(is_active=False)
        complaint, _code = services.complaint_file(facts=FACTS, address="203.0.113.7", token="form", by=SYSTEM)
    todo = Todo.objects.get(object_id=str(complaint.pk), object_type="staff.complaint", done_at=None)
    assert todo.owner == final_approver
    assert browser_for(final_approver).get(todo.url).status_code == 200
    assert act(services.complaint_assign, complaint, final_approver, person=head).responsible == head
    # Told for as long as it is theirs to do: who answers is named, and it is no business of theirs any more.
    assert not Complaint.objects.visible_to(final_approver).filter(pk=complaint.pk).exists()


def test_an_officer_or_the_head_of_the_place_who_has_to_name_somebody_is_not_called_the_one_told(
    complaints_officer: Person, colleague: Person, head: Person
) -> None:
    assert anew(recorded()).escalated_to is None
    Account.objects.filter(person=complaints_officer).update(is_active=False)
    complaint = anew(recorded(by=colleague))
    assert Todo.objects.get(object_id=str(complaint.pk), done_at=None).owner == head
    assert complaint.escalated_to is None
