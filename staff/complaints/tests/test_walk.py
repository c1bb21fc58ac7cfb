"""A complaint from receipt to its end: what is in time, who may do what, and that nothing happens unrecorded."""

from datetime import date, datetime, timedelta

import pytest

from clients.file.tests.factories import ClientFactory
from crm.kernel.access.errors import BadInput, Conflict, NotPermitted, NotVisible, RuleRefused, Stale
from crm.kernel.audit.context import SYSTEM
from crm.kernel.audit.models import AuditEvent
from crm.kernel.notify.models import Notice
from crm.kernel.parameters.services import parameter_approve, parameter_propose
from crm.kernel.people.models import Person
from crm.kernel.workdays import clock
from crm.kernel.worklist.models import Todo
from crm.tests.support.people import cast_member
from staff.complaints import services
from staff.complaints.models import Complaint, ComplaintEvent, Kind, Status
from staff.complaints.services import duties
from staff.complaints.tests.factories import (
    DRAFT,
    FACTS,
    REPLY,
    act,
    anew,
    assigned,
    drafted,
    extended,
    recorded,
    replied,
)

pytestmark = pytest.mark.django_db
RECEIVED = date(2026, 3, 16)


def kinds(complaint: Complaint) -> list[str]:
    return list(ComplaintEvent.objects.filter(complaint=complaint).order_by("id").values_list("kind", flat=True))


def test_a_general_complaint_goes_from_receipt_to_its_end(
    complaints_officer: Person, colleague: Person, head: Person
) -> None:
    with clock.at(RECEIVED):
        complaint = assigned(colleague)
        complaint = act(services.complaint_acknowledge, complaint, colleague, how="电话告知已受理")
        complaint = replied(complaint)
        assert complaint.status == Status.REPLIED
        assert complaint.was_in_time is True
        complaint = act(services.complaint_close, complaint, head, note="已退费，流程补充说明")
    assert complaint.status == Status.CLOSED
    assert complaint.number == "TS-2026-0001"
    assert [complaint.due_none, complaint.internal_due] == [date(2026, 3, 31), date(2026, 3, 31)]
    assert kinds(complaint) == ["received", "assigned", "acknowledged", "drafted", "replied", "closed"]
    trail = AuditEvent.objects.filter(subject_type="staff.complaint", subject_id=str(complaint.pk))
    assert set(trail.values_list("action", flat=True)) >= {f"complaint.{kind}" for kind in kinds(complaint)}
    assert not trail.filter(payload__contains=FACTS["complainant_name"]).exists()


def test_a_second_person_has_the_days_of_the_parameter_to_close_it_counted_from_the_reply(
    colleague: Person, head: Person, system_admin: Person, second_system_admin: Person
) -> None:
    def due(complaint: Complaint) -> date | None:
        return Todo.objects.get(kind=duties.CLOSE, object_id=str(complaint.pk), done_at=None).due_on

    with clock.at(RECEIVED):
        first = replied(assigned(colleague))
    with clock.at(RECEIVED + timedelta(days=3)):
        duties.follow(first, by=SYSTEM)
        assert due(first) == RECEIVED + timedelta(days=7)
        draft = parameter_propose(
            code="complaint.close_days", value=2, effective_from=clock.today(), source="[D] test", by=system_admin
        )
        parameter_approve(version=draft, by=second_system_admin)
        duties.follow(first, by=SYSTEM)
        assert due(first) == RECEIVED + timedelta(days=7)
        assert due(replied(assigned(colleague))) == RECEIVED + timedelta(days=5)


def test_a_complaint_dated_tomorrow_is_refused_and_nothing_is_written(complaints_officer: Person) -> None:
    tomorrow = clock.now() + timedelta(days=1)
    with pytest.raises(BadInput) as refusal:
        recorded(received_at=tomorrow)
    assert refusal.value.field == "received_at"
    assert not Complaint.objects.exists()


def test_two_extensions_lead_to_day_sixty_and_no_further(
    colleague: Person, complaints_officer: Person, final_approver: Person
) -> None:
    with clock.at(RECEIVED):
        complaint = extended(assigned(colleague))
        assert (complaint.limit_days, complaint.due_on) == (30, date(2026, 4, 15))
        with pytest.raises(NotPermitted):
            extended(complaint)
        now = anew(complaint)
        services.extension_decide(
            complaint=now, approves=True, opinion="须境外取证", expected_version=now.version, by=final_approver
        )
        complaint = act(services.extension_tell, complaint, colleague, how="书面告知")
        assert (complaint.limit_days, complaint.due_on) == (60, date(2026, 5, 15))
        with pytest.raises(RuleRefused) as refusal:
            act(services.extension_request, complaint, colleague, reason="还需时间")
    assert refusal.value.code == "last"


def test_an_extension_asked_after_the_date_is_refused_and_the_case_stays_late(colleague: Person) -> None:
    with clock.at(RECEIVED):
        complaint = assigned(colleague)
    with clock.at(date(2026, 4, 1)):
        before = anew(complaint)
        with pytest.raises(RuleRefused) as refusal:
            act(services.extension_request, complaint, colleague, reason="资料尚未取齐")
        assert (refusal.value.code, refusal.value.field) == ("late", "reason")
        assert anew(complaint).due_on == before.due_on == date(2026, 3, 31)
        assert anew(complaint).was_in_time is False


def test_an_extension_that_is_told_after_the_date_does_not_count(colleague: Person, complaints_officer: Person) -> None:
    with clock.at(RECEIVED):
        complaint = act(services.extension_request, assigned(colleague), colleague, reason="需向评估机构调取底稿")
        complaint = act(
            services.extension_decide, complaint, complaints_officer, approves=True, opinion="情况复杂，同意"
        )
        assert complaint.due_on == date(2026, 3, 31)
    with clock.at(date(2026, 4, 1)), pytest.raises(RuleRefused):
        act(services.extension_tell, complaint, colleague, how="电话告知")
    assert anew(complaint).limit_days == 15


def test_a_clock_that_steps_back_gives_no_second_chance(colleague: Person) -> None:
    with clock.at(RECEIVED):
        complaint = assigned(colleague)
    with clock.at(date(2026, 4, 2)):
        services.overdue_note(pk=complaint.pk, by=SYSTEM)
    with clock.at(date(2026, 3, 20)), pytest.raises(RuleRefused):
        act(services.extension_request, complaint, colleague, reason="资料尚未取齐")


def test_a_pause_stops_the_clock_for_the_days_it_lasted(colleague: Person, complaints_officer: Person) -> None:
    with clock.at(RECEIVED):
        complaint = assigned(colleague)
        complaint = act(services.pause_start, complaint, complaints_officer, reason="mediation", note="双方同意调解")
        assert complaint.due_on == date(2026, 4, 14)  # ten working days at most: 30 March
    with clock.at(date(2026, 3, 20)):
        complaint = act(services.pause_end, complaint, colleague)
        assert (complaint.paused_days, complaint.due_on) == (4, date(2026, 4, 4))
        # Qingming: the internal limit is the last working day before.
        assert complaint.internal_due == date(2026, 4, 3)
        with pytest.raises(Conflict):
            act(services.pause_end, complaint, colleague)


def test_reopening_never_resets_the_clock(colleague: Person, head: Person, complaints_officer: Person) -> None:
    with clock.at(RECEIVED):
        complaint = act(services.complaint_close, replied(assigned(colleague)), head, note="已退费办结")
    with clock.at(date(2026, 6, 1)):
        complaint = act(services.complaint_reopen, complaint, complaints_officer, reason="客户称退费未到账")
        assert complaint.status == Status.INVESTIGATING
        assert complaint.due_on == date(2026, 3, 31)
        assert complaint.days_left is not None
        assert complaint.days_left < 0
        assert complaint.was_in_time is True


def test_a_major_complaint_is_passed_by_a_second_person_before_the_reply(
    complaints_officer: Person, final_approver: Person
) -> None:
    complaint = drafted(assigned(complaints_officer, channel="regulator"))
    assert complaint.grounds == ["regulator"]
    assert complaint.status == Status.REVIEW
    with pytest.raises(Conflict):
        act(services.complaint_reply, complaint, complaints_officer, how="书面寄出")
    with pytest.raises(NotPermitted):
        act(services.complaint_review, complaint, complaints_officer, passes=True, opinion="我自己看过了")
    complaint = act(services.complaint_review, complaint, final_approver, passes=False, opinion="退费依据未写明")
    assert complaint.status == Status.INVESTIGATING
    complaint = replied(complaint)
    assert complaint.status == Status.REPLIED
    assert complaint.events.get(kind=Kind.REPLIED).data["reply"].count(REPLY) == 1


def test_a_third_complaint_of_the_same_client_within_the_period_is_major(complaints_officer: Person) -> None:
    client = ClientFactory()
    made = []
    for day in (1, 2, 3):
        with clock.at(datetime(2026, 3, day, 10)):
            made.append(recorded(client_code=client.credit_code))
    assert [complaint.grounds for complaint in made] == [[], [], ["repeat"]]


def test_a_class_changes_with_its_facts_and_a_reason(complaints_officer: Person, head: Person) -> None:
    complaint = drafted(assigned(head))
    assert complaint.status == Status.TO_REPLY
    complaint = act(services.complaint_reclassify, complaint, complaints_officer, reason="媒体已报道", is_in_media=True)
    assert (complaint.grade, complaint.grounds, complaint.status) == ("major", ["media"], Status.REVIEW)
    assert complaint.responsible == head


def test_who_may_not_answer_for_a_major_complaint_loses_one_that_becomes_major(
    complaints_officer: Person, colleague: Person, head: Person
) -> None:
    complaint = drafted(assigned(colleague))
    complaint = act(services.complaint_reclassify, complaint, complaints_officer, reason="媒体已报道", is_in_media=True)
    assert (complaint.grade, complaint.status) == ("major", Status.INVESTIGATING)
    assert (complaint.responsible, complaint.escalated_to) == (None, head)
    assert complaint.events.filter(kind=Kind.ESCALATED).get().data["why"] == "major"
    assert Notice.objects.get(recipient=head, kind=duties.NOTICE).data["why"] == "major"
    assert Todo.objects.get(kind=duties.TODO, object_id=str(complaint.pk), done_at=None).owner == head
    assert act(services.complaint_assign, complaint, head, person=head).responsible == head


def test_a_stale_act_is_refused(complaints_officer: Person, colleague: Person) -> None:
    complaint = assigned(colleague)
    with pytest.raises(Stale):
        services.complaint_acknowledge(complaint=complaint, how="电话告知", expected_version=1, by=colleague)


def test_who_has_nothing_to_do_with_it_sees_nothing(stranger: Person, owner: Person, auditor: Person) -> None:
    complaint = assigned()
    seen = {person.pk: Complaint.objects.visible_to(person).filter(pk=complaint.pk).exists() for person in
            (stranger, owner, auditor, cast_member("colleague"))}  # fmt: skip
    assert list(seen.values()) == [False, False, True, True]
    with pytest.raises(NotVisible):
        act(services.complaint_draft, complaint, stranger, **DRAFT)
