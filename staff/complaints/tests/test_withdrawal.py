"""A withdrawal closes on the day it came in; a wrong client is corrected on record; what was late is shown as late."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from clients.file.tests.factories import ClientFactory
from crm.kernel.access.errors import BadInput, Conflict, NotPermitted
from crm.kernel.audit.context import SYSTEM
from crm.kernel.people.models import Person
from crm.kernel.workdays import clock
from crm.kernel.worklist.models import Todo
from crm.tests.support.people import api_for, browser_for
from staff.complaints import services
from staff.complaints.models import Complaint, Kind
from staff.complaints.tests.factories import act, anew, assigned, recorded

pytestmark = pytest.mark.django_db
RECEIVED = date(2026, 3, 16)
HOW = "投诉人来电撤诉，录音留存"


def test_a_withdrawal_that_is_typed_later_closes_on_the_day_it_came_in(colleague: Person, head: Person) -> None:
    with clock.at(RECEIVED):
        complaint = assigned(colleague)
    with clock.at(date(2026, 4, 2)):
        services.overdue_note(pk=complaint.pk, by=SYSTEM)
        complaint = act(services.complaint_withdraw, complaint, head, withdrawn_on=date(2026, 3, 20), how=HOW)
    with clock.at(date(2026, 6, 1)):
        complaint = anew(complaint)
        assert (complaint.status, complaint.outcome) == ("closed", "withdrawn")
        assert (complaint.withdrawn_on, complaint.days_used) == (date(2026, 3, 20), 4)
        assert complaint.was_in_time is None, "it ended before its limit, without a reply"
        assert not Todo.objects.filter(object_id=str(complaint.pk), done_at=None).exists()


def test_a_withdrawal_after_the_limit_leaves_it_late(colleague: Person, head: Person) -> None:
    with clock.at(RECEIVED):
        complaint = assigned(colleague)
    with clock.at(date(2026, 4, 2)):
        complaint = act(services.complaint_withdraw, complaint, head, withdrawn_on=date(2026, 4, 1), how=HOW)
        assert complaint.was_in_time is False


@pytest.mark.parametrize("day", [RECEIVED - timedelta(days=1), date(2026, 3, 21), None])
def test_a_withdrawal_has_a_day_between_receipt_and_today(colleague: Person, head: Person, day: date | None) -> None:
    with clock.at(RECEIVED):
        complaint = assigned(colleague)
    with clock.at(date(2026, 3, 20)), pytest.raises(BadInput) as refusal:
        act(services.complaint_withdraw, complaint, head, withdrawn_on=day, how=HOW)
    assert refusal.value.field == "withdrawn_on"


def test_the_handler_ends_nothing_by_calling_it_withdrawn(colleague: Person, head: Person) -> None:
    complaint = assigned(colleague)
    with pytest.raises(NotPermitted):
        act(services.complaint_withdraw, complaint, colleague, withdrawn_on=clock.today(), how=HOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        row = Complaint.objects.filter(pk=complaint.pk)
        row.update(status="closed", outcome="withdrawn", withdrawn_on=clock.today(), closed_at=clock.now())


def test_a_withdrawn_complaint_can_be_taken_up_again(colleague: Person, head: Person) -> None:
    complaint = assigned(colleague)
    complaint = act(services.complaint_withdraw, complaint, head, withdrawn_on=clock.today(), how=HOW)
    complaint = act(services.complaint_reopen, complaint, head, reason="撤诉非本人意愿")
    assert (complaint.status, complaint.withdrawn_on, complaint.outcome) == ("investigating", None, "")


def test_one_that_nobody_answers_for_yet_can_be_withdrawn(complaints_officer: Person) -> None:
    complaint = act(services.complaint_withdraw, recorded(), complaints_officer, withdrawn_on=clock.today(), how=HOW)
    assert complaint.status == "closed"


def test_a_late_acknowledgement_is_shown_late(colleague: Person) -> None:
    with clock.at(RECEIVED):
        late, kept = assigned(colleague), assigned(colleague)
        kept = act(services.complaint_acknowledge, kept, colleague, how="电话告知")
    with clock.at(date(2026, 3, 23)):
        late = act(services.complaint_acknowledge, late, colleague, how="电话告知")
        assert (late.acknowledged_late, kept.acknowledged_late) == (True, False)
        for row, words in ((late, True), (kept, False)):
            page = browser_for(colleague).get(row.get_absolute_url()).content.decode()
            assert ("逾期受理告知" in page) is words
            assert api_for(colleague).get(f"/api/v1/complaints/{row.pk}/").json()["acknowledged_late"] is words


def test_a_wrong_client_is_corrected_with_its_reason_on_record(complaints_officer: Person, colleague: Person) -> None:
    wrong, right = ClientFactory(by=colleague), ClientFactory(by=colleague)
    complaint = assigned(colleague, client_code=wrong.credit_code)
    given = {"client_code": right.credit_code, "project_name": "", "reason": "登记时误选同名客户"}
    with pytest.raises(NotPermitted):
        act(services.complaint_correct, complaint, colleague, **given)
    complaint = act(services.complaint_correct, complaint, complaints_officer, **given)
    assert complaint.client == right
    event = complaint.events.get(kind=Kind.CORRECTED)
    assert (event.text, event.data["former"]["client_code"]) == (given["reason"], wrong.credit_code)
    with pytest.raises(Conflict):
        act(services.complaint_correct, complaint, complaints_officer, **given)


def test_a_correction_that_changes_the_class_is_a_second_persons(complaints_officer: Person, head: Person) -> None:
    client = ClientFactory(by=head)
    for _n in range(2):
        recorded(client_code=client.credit_code)
    complaint = assigned(complaints_officer)
    given = {"client_code": client.credit_code, "project_name": "", "reason": "投诉人补充所属企业"}
    with pytest.raises(NotPermitted):
        act(services.complaint_correct, complaint, complaints_officer, **given)
    assert anew(complaint).grade == "general"
    Complaint.objects.filter(pk=complaint.pk).update(department=head.department)
    complaint = act(services.complaint_correct, complaint, head, **given)
    assert (complaint.grade, complaint.grounds) == ("major", ["repeat"])
    assert complaint.seats.get(person=head).part == "checker"
