"""Nobody concerned has a part in a complaint: the services say why, the database holds it against whoever writes."""

from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.utils import InternalError, ProgrammingError
from django.test.utils import CaptureQueriesContext

from clients.file.services import client_create
from clients.file.tests.factories import ClientFactory, identity_number
from crm.kernel.access.errors import NotPermitted, NotVisible, RuleRefused
from crm.kernel.audit.context import SYSTEM
from crm.kernel.audit.models import AuditEvent
from crm.kernel.notify.models import Notice
from crm.kernel.people.models import Person, RoleGrant
from crm.kernel.people.roles import Role
from crm.kernel.workdays import clock
from crm.kernel.worklist.models import Todo
from crm.kernel.worklist.selectors import todo_list
from crm.tests.support.people import api_for, browser_for, cast_member, make_person
from risk.reviews.tests.factories import approve_all, decide, make_client, make_project, submit
from staff.complaints import services
from staff.complaints.models import Complaint, DeclaredRelation, Part, Tie
from staff.complaints.selectors.eligible import candidates, ladder
from staff.complaints.tasks import watch_complaints
from staff.complaints.tests.factories import act, anew, assigned, recorded, replied

pytestmark = pytest.mark.django_db


def refused(complaint: Complaint, by: Person, person: Person) -> str:
    """The reason why `person` may not answer for it."""
    with pytest.raises(RuleRefused) as refusal:
        act(services.complaint_assign, complaint, by, person=person)
    assert refusal.value.field == "person"
    assert anew(complaint).responsible is None
    return str(refusal.value.message)


def test_the_person_complained_of_cannot_answer_and_sees_nothing(complaints_officer: Person, colleague: Person) -> None:
    complaint = recorded(subjects=[colleague])
    assert refused(complaint, complaints_officer, colleague)
    assert not Complaint.objects.visible_to(colleague).exists()
    browser = browser_for(colleague)
    assert browser.get(f"/complaints/{complaint.pk}/").status_code == 404
    assert complaint.title not in browser.get("/complaints/").content.decode()


def test_whoever_recorded_a_complaint_about_themselves_sees_it_no_more(colleague: Person) -> None:
    complaint = recorded(by=colleague, subjects=[colleague])
    assert not Complaint.objects.visible_to(colleague).filter(pk=complaint.pk).exists()


def test_a_relative_by_the_register_does_not_answer_whichever_of_the_two_declared(
    complaints_officer: Person, colleague: Person, owner: Person
) -> None:
    services.relation_declare(kind="spouse", related_person=owner, by=colleague)
    for subject, relative in ((colleague, owner), (owner, colleague)):
        complaint = recorded(subjects=[subject])
        assert refused(complaint, complaints_officer, relative)
        assert not Complaint.objects.visible_to(relative).filter(pk=complaint.pk).exists()


def test_the_person_complained_of_blinds_nobody_by_declaring_them(
    complaints_officer: Person, auditor: Person, colleague: Person, owner: Person, head: Person
) -> None:
    complaint = assigned(colleague, subjects=[owner])
    named = (colleague, complaints_officer, auditor)
    for person in named:
        services.relation_declare(kind="sibling", related_person=person, by=owner)
    complaint = anew(complaint)
    assert dict(complaint.seats.filter(person__in=named).values_list("person", "tie")) == {
        person.pk: Tie.NAMED for person in named
    }
    # They act no more, and see on.
    assert complaint.responsible is None
    for service, person, more in (
        (services.complaint_acknowledge, colleague, {"how": "电话告知"}),
        (services.complaint_assign, complaints_officer, {"person": head}),
    ):
        with pytest.raises(NotPermitted):
            act(service, complaint, person, **more)
    for person in named:
        assert browser_for(person).get(f"/complaints/{complaint.pk}/").status_code == 200
    # What is to be done is asked of somebody who is free of it.
    todo = Todo.objects.get(kind="complaint.handle", object_id=str(complaint.pk), done_at=None)
    assert todo.owner not in (owner, *named)
    # Their own word binds them whole.
    services.relation_declare(kind="sibling", related_person=owner, by=complaints_officer)
    assert anew(complaint).seats.get(person=complaints_officer).tie == Tie.RELATIVE
    assert not Complaint.objects.visible_to(complaints_officer).filter(pk=complaint.pk).exists()
    assert Complaint.objects.visible_to(auditor).filter(pk=complaint.pk).exists()


def test_the_named_ones_own_word_that_passed_a_complaint_by_is_found_within_the_hour(
    auditor: Person, owner: Person, colleague: Person
) -> None:
    complaint = assigned(colleague, subjects=[owner])
    services.relation_declare(kind="sibling", related_person=auditor, by=owner)
    DeclaredRelation.objects.create(person=auditor, kind="sibling", related_person=owner)
    watch_complaints()
    assert anew(complaint).seats.get(person=auditor).tie == Tie.RELATIVE


def test_who_declares_many_colleagues_is_told_to_the_auditors(
    owner: Person, colleague: Person, stranger: Person, head: Person
) -> None:
    alarms = AuditEvent.objects.filter(action="complaint.relations_many")
    for related, expected in ((colleague, 0), (stranger, 0), (head, 1)):
        services.relation_declare(kind="other", related_person=related, by=owner)
        assert alarms.count() == expected
    with clock.at(date(2026, 3, 2)):
        services.relation_declare(kind="other", related_person=owner, by=colleague)
    assert alarms.count() == 1


def test_a_relation_that_is_declared_later_takes_the_complaint_away_at_once(
    complaints_officer: Person, colleague: Person, owner: Person
) -> None:
    complaint = assigned(colleague, subjects=[owner])
    services.relation_declare(kind="sibling", related_person=owner, by=colleague)
    complaint = anew(complaint)
    assert complaint.responsible is None
    assert complaint.escalated_to is not None
    assert complaint.escalated_to != colleague
    with pytest.raises(NotVisible):
        act(services.complaint_acknowledge, complaint, colleague, how="电话告知")


def test_a_relative_of_the_complaining_client_does_not_answer(complaints_officer: Person, colleague: Person) -> None:
    number = identity_number(321)
    services.relation_declare(kind="parent", identity_number=number, by=colleague)
    client = client_create(name="江小帆", client_type="individual", identity_number=number, by=colleague)
    complaint = recorded()
    Complaint.objects.filter(pk=complaint.pk).update(client=client)
    assert refused(complaint, complaints_officer, colleague)


def test_an_approver_of_the_deal_does_not_answer_for_it(complaints_officer: Person, owner: Person) -> None:
    with clock.at(date(2026, 3, 2)):
        project = make_project(make_client(owner))
        approve_all(submit(project))
        complaint = recorded(client_code=project.client.credit_code, project_name=project.name)
        deciders = set(complaint.seats.filter(tie=Tie.APPROVER).values_list("person__name", flat=True))
    assert deciders == {"周启明", "沈若岚", "韩致远"}
    assert "韩致远" not in {person.name for person in ladder(complaint)}


def test_a_complaint_about_the_head_goes_round_the_head(
    complaints_officer: Person, head: Person, colleague: Person
) -> None:
    complaint = recorded(subjects=[head], client_code=ClientFactory(by=colleague).credit_code)
    assert complaint.department is not None
    assert complaint.department.path == head.department.path
    assert head.pk not in {person.pk for person in ladder(complaint)}
    # A subordinate of the head is not independent.
    assert refused(complaint, complaints_officer, colleague)
    assert {one.person.name: bool(one.reason) for one in candidates(complaint)}[head.name] is True
    complaint = act(services.complaint_assign, complaint, complaints_officer, person=complaints_officer)
    services.escalate_due(pk=complaint.pk, step=0, by=SYSTEM)
    assert anew(complaint).escalated_to not in (None, head)
    assert not Notice.objects.filter(recipient=head).exists()
    assert not Todo.objects.visible_to(head).filter(object_id=str(complaint.pk), object_type="staff.complaint").exists()


def test_a_head_who_is_added_later_takes_it_from_a_subordinate(
    complaints_officer: Person, head: Person, colleague: Person
) -> None:
    complaint = assigned(colleague)
    complaint = act(services.complaint_concern, complaint, complaints_officer, person=head, reason="投诉人补充指明")
    assert complaint.responsible is None
    assert complaint.escalated_to not in (None, head, colleague)


def test_a_responsible_person_who_is_complained_of_loses_it_and_somebody_is_told(
    complaints_officer: Person, colleague: Person
) -> None:
    complaint = act(
        services.complaint_concern, assigned(colleague), complaints_officer, person=colleague, reason="投诉人补充指明"
    )
    assert complaint.responsible is None
    seat = complaint.seats.get(person=colleague)
    assert (seat.part, seat.tie, seat.barred_at is not None) == (Part.HANDLER, Tie.CLAIMED, True)
    assert Notice.objects.filter(recipient=complaint.escalated_to, is_escalation=True).exists()


# -- a tie that arises late ------------------------------------


def decider(name: str = "曹怀谷") -> Person:
    """Somebody who heads a department and decides last on its deals."""
    with clock.at(date(2020, 6, 1)):
        return make_person(name, Role.DEPARTMENT_HEAD, Role.FINAL_APPROVER, level=2)


def answered_by_who_decided(person: Person) -> Complaint:
    """A complaint about a deal in review that `person` answers, and then approves the deal."""
    project = make_project(make_client(cast_member("owner")))
    case = submit(project)
    complaint = assigned(person, client_code=project.client.credit_code, project_name=project.name)
    for one in (cast_member("initial_reviewer"), cast_member("recheck_reviewer"), person):
        decide(case, one)
    return anew(complaint)


def test_a_tie_that_arises_while_somebody_answers_freezes_nothing(complaints_officer: Person) -> None:
    with clock.at(date(2026, 3, 2)):
        person = decider()
        complaint = answered_by_who_decided(person)
        with pytest.raises(NotPermitted):
            act(services.complaint_acknowledge, complaint, person, how="电话告知")
        # Whoever acts next is not told that something changed, again and again.
        complaint = act(services.complaint_assign, complaint, complaints_officer, person=cast_member("colleague"))
    assert complaint.responsible == cast_member("colleague")
    assert complaint.seats.get(person=person).tie == Tie.APPROVER


def test_who_decided_on_the_deal_loses_its_complaint_within_the_hour(complaints_officer: Person) -> None:
    with clock.at(date(2026, 3, 2)):
        person = decider()
        complaint = answered_by_who_decided(person)
        assert watch_complaints() == 1
        complaint = anew(complaint)
        assert complaint.responsible is None
        assert complaint.escalated_to not in (None, person)
        assert Notice.objects.filter(recipient=complaint.escalated_to, is_escalation=True).exists()
        assert not Todo.objects.filter(object_id=str(complaint.pk), owner=person, done_at=None).exists()
        assert watch_complaints() == 0


@pytest.mark.parametrize("then", ["complaint_close", "complaint_reopen"])
def test_a_relation_declared_after_the_reply_keeps_the_record_and_bars_the_seat(
    complaints_officer: Person, colleague: Person, owner: Person, head: Person, then: str
) -> None:
    complaint = replied(assigned(colleague, subjects=[owner]))
    services.relation_declare(kind="sibling", related_person=owner, by=colleague)
    complaint = anew(complaint)
    assert (complaint.responsible, complaint.status) == (colleague, "replied")
    assert browser_for(colleague).get(f"/complaints/{complaint.pk}/").status_code == 404
    if then == "complaint_close":
        complaint = act(services.complaint_close, complaint, head, note="已退费，流程已补充说明")
        assert (complaint.responsible, complaint.status) == (colleague, "closed")
    complaint = act(services.complaint_reopen, complaint, complaints_officer, reason="客户称退费未到账")
    # Who comes to be concerned does not answer again.
    assert (complaint.responsible, complaint.status) == (None, "investigating")
    assert complaint.escalated_to not in (None, colleague, owner)
    assert Notice.objects.filter(recipient=complaint.escalated_to, is_escalation=True).exists()


def test_a_second_person_who_becomes_concerned_loses_the_to_do(
    complaints_officer: Person, colleague: Person, owner: Person, head: Person
) -> None:
    complaint = replied(assigned(colleague, subjects=[owner]))
    asked = Todo.objects.filter(kind="complaint.close", object_id=str(complaint.pk), done_at=None)
    assert asked.get().owner == head
    services.relation_declare(kind="sibling", related_person=owner, by=head)
    assert asked.get().owner == complaints_officer


def test_who_was_told_and_becomes_concerned_is_not_the_one_told_any_more(
    complaints_officer: Person, colleague: Person, owner: Person, head: Person
) -> None:
    complaint = assigned(colleague, subjects=[owner])
    services.escalate_due(pk=complaint.pk, step=0, by=SYSTEM)
    assert anew(complaint).escalated_to == head
    services.relation_declare(kind="sibling", related_person=owner, by=head)
    assert anew(complaint).escalated_to is None
    assert anew(complaint).responsible == colleague


def test_a_declaration_asks_nothing_of_complaints_about_others(
    colleague: Person, owner: Person, stranger: Person, assistant: Person
) -> None:
    counts = []
    for related in (owner, assistant):
        assigned(colleague, subjects=[stranger])
        with CaptureQueriesContext(connection) as asked:
            services.relation_declare(kind="sibling", related_person=related, by=colleague)
        counts.append(len(asked))
    assert counts[0] == counts[1]


@pytest.mark.parametrize("tie", ["declared", "declared by", "client"])
def test_a_declaration_that_passed_a_new_complaint_by_is_found_within_the_hour(
    complaints_officer: Person, colleague: Person, owner: Person, tie: str
) -> None:
    number = identity_number(321)
    client = client_create(name="江小帆", client_type="individual", identity_number=number, by=owner)
    complaint = assigned(colleague, subjects=[] if tie == "client" else [owner])
    Complaint.objects.filter(pk=complaint.pk).update(client=client)
    assert watch_complaints() == 0
    # As if both were written at the same moment, neither seeing the other.
    one, other = (owner, colleague) if tie == "declared by" else (colleague, owner)
    given = {"related_hash": client.identity_hash} if tie == "client" else {"related_person": other}
    DeclaredRelation.objects.create(person=one, kind="sibling", **given)
    assert watch_complaints() == 1
    assert anew(complaint).responsible is None
    assert watch_complaints() == 0


# -- the second person -----------------------------------------


def test_who_handed_a_complaint_on_is_not_asked_to_check_it(
    complaints_officer: Person, colleague: Person, head: Person
) -> None:
    complaint = act(services.complaint_assign, assigned(head), complaints_officer, person=colleague)
    complaint = act(services.extension_request, complaint, colleague, reason="需向评估机构调取底稿")
    todo = Todo.objects.get(kind="complaint.extension", object_id=str(complaint.pk), done_at=None)
    assert todo.owner == complaints_officer
    complaint = replied(complaint)
    for kind in ("complaint.close", "complaint.extension"):
        assert not Todo.objects.filter(kind=kind, object_id=str(complaint.pk), owner=head).exists()
    owner = Todo.objects.get(kind="complaint.close", object_id=str(complaint.pk), done_at=None).owner
    assert act(services.complaint_close, complaint, owner, note="已退费，流程已补充说明").status == "closed"


def test_a_level_that_has_run_out_makes_nobody_a_vice_president(complaints_officer: Person) -> None:
    with clock.at(date(2020, 6, 1)):
        person = make_person("卢敬亭", Role.FINAL_APPROVER, place="0001", level=1)
    RoleGrant.objects.create(
        person=person, role=Role.FINAL_APPROVER, authority_level=2, power=person.role_grants.get().power,
        valid_from=date(2019, 1, 1), valid_until=date(2019, 12, 31),
    )  # fmt: skip
    assert person not in ladder(recorded())


def test_the_list_of_candidates_asks_as_often_for_many_as_for_one(complaints_officer: Person) -> None:
    complaint = recorded()
    counts = []
    for name in ("温如玉", "温如璋", "温如琢"):
        make_person(name, Role.COMPLAINTS_OFFICER, place="0001")
        with CaptureQueriesContext(connection) as asked:
            found = candidates(Complaint.objects.get(pk=complaint.pk))
        assert name in {one.person.name for one in found}
        counts.append(len(asked))
    assert len(set(counts)) == 1


@pytest.mark.parametrize("handler", ["complaints_officer", "head"])
def test_who_answers_for_a_major_complaint_does_not_make_it_a_general_one(
    complaints_officer: Person, head: Person, handler: str
) -> None:
    person = cast_member(handler)
    complaint = assigned(person, is_in_media=True)
    with pytest.raises(NotPermitted) as refusal:
        act(services.complaint_reclassify, complaint, person, reason="媒体已撤稿", is_in_media=False)
    assert "second person" in str(refusal.value.message)
    assert anew(complaint).is_major
    # They may still say what makes it graver, and somebody else may lower it: who then has that part alone.
    complaint = act(services.complaint_reclassify, complaint, person, reason="另查明信息泄露", is_suspicion=True)
    other = cast_member("head" if handler == "complaints_officer" else "complaints_officer")
    complaint.department = head.department
    Complaint.objects.filter(pk=complaint.pk).update(department=head.department)
    lowered = {"is_in_media": False, "is_suspicion": False}
    complaint = act(services.complaint_reclassify, complaint, other, reason="媒体已撤稿", **lowered)
    assert complaint.grade == "general"
    assert refused_with(complaint, complaints_officer, other)


def refused_with(complaint: Complaint, by: Person, person: Person) -> str:
    """The reason why `person` may not take it over."""
    with pytest.raises(RuleRefused) as refusal:
        act(services.complaint_assign, complaint, by, person=person)
    return str(refusal.value.message)


# -- whoever writes ----------------------------------------


def sql(statement: str, *values: object) -> None:
    """Run it as the database's owner, past every service."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_the_database_takes_no_party_concerned_as_responsible(colleague: Person, owner: Person) -> None:
    complaint = recorded(subjects=[colleague])
    for person in (colleague, owner):
        with pytest.raises(IntegrityError):
            sql("UPDATE staff_complaint SET responsible_id = %s WHERE id = %s", person.pk, complaint.pk)
    with pytest.raises(IntegrityError):
        sql(
            "INSERT INTO staff_complaintseat (complaint_id, person_id, part, tie, since) "
            "VALUES (%s, %s, 'handler', '', now())",
            complaint.pk,
            colleague.pk,
        )


@pytest.mark.parametrize(
    "change",
    [
        "limit_days = 30, extensions = 1, due_none = received_on + 30, due_on = received_on + 30, "
        "due_forward = received_on + 40",
        "due_none = received_on + 60, due_on = received_on + 60, due_forward = received_on + 60",
        "paused_days = 5, due_none = received_on + 20, due_on = received_on + 20, due_forward = received_on + 25",
        "received_on = received_on + 1",
        "status = 'replied', replied_at = now(), first_replied_at = now(), outcome = 'upheld'",
        "status = 'closed', closed_at = now(), replied_at = now(), outcome = 'upheld'",
        "grade = 'major', grounds = '[\"media\"]'",
        "reopened = 1",
    ],
)
def test_the_database_moves_nothing_without_its_record(change: str) -> None:
    complaint = assigned()
    with pytest.raises((IntegrityError, InternalError, ProgrammingError)):
        sql(f"UPDATE staff_complaint SET {change} WHERE id = %s", complaint.pk)


def test_the_database_lets_nobody_take_the_second_person_away_or_answer_again_without_a_voice(
    colleague: Person, owner: Person, complaints_officer: Person
) -> None:
    major = assigned(complaints_officer, is_in_media=True)
    with pytest.raises(IntegrityError):
        sql(
            "INSERT INTO staff_complaintevent (complaint_id, kind, at, person_id, text, data) "
            "VALUES (%s, 'classed', now(), %s, 'x', '{\"grade\": \"general\"}'); "
            "UPDATE staff_complaint SET grade = 'general', grounds = '[]' WHERE id = %s",
            major.pk,
            complaints_officer.pk,
            major.pk,
        )
    complaint = replied(assigned(colleague, subjects=[owner]))
    services.relation_declare(kind="sibling", related_person=owner, by=colleague)
    with pytest.raises(IntegrityError):
        sql(
            "INSERT INTO staff_complaintevent (complaint_id, kind, at, text, data) "
            "VALUES (%s, 'reopened', now(), 'x', '{}'); "
            "UPDATE staff_complaint SET status = 'investigating', reopened = 1, replied_at = NULL WHERE id = %s",
            complaint.pk,
            complaint.pk,
        )


def test_events_and_extensions_stay_as_they_were(colleague: Person) -> None:
    complaint = act(services.extension_request, assigned(colleague), colleague, reason="需向评估机构调取底稿")
    for statement in (
        "UPDATE staff_complaintevent SET text = 'x' WHERE complaint_id = %s",
        "DELETE FROM staff_complaintevent WHERE complaint_id = %s",
        "UPDATE staff_extension SET days = 60 WHERE complaint_id = %s",
        "UPDATE staff_extension SET is_approved = true, decided_at = now(), decided_by_id = requested_by_id "
        "WHERE complaint_id = %s",
        "DELETE FROM staff_complaint WHERE id = %s",
    ):
        with pytest.raises((IntegrityError, InternalError, ProgrammingError)):
            sql(statement, complaint.pk)


def test_an_officer_is_no_checker_of_a_complaint_they_answer_for() -> None:
    person = make_person("温如玉", Role.COMPLAINTS_OFFICER, place="0001")
    complaint = assigned(person)
    with pytest.raises(NotPermitted):
        act(services.pause_start, complaint, person, reason="mediation", note="双方同意调解")


def test_only_who_may_answer_is_offered_and_only_to_who_may_name_somebody(
    complaints_officer: Person, head: Person, colleague: Person, stranger: Person, back_office: Person
) -> None:
    complaint = recorded(subjects=[head], client_code=ClientFactory(by=colleague).credit_code)
    asked = f"/complaints/handlers/?complaint={complaint.pk}&q="
    found = browser_for(complaints_officer).get(asked).json()["results"]
    assert {row["text"] for row in found} >= {complaints_officer.name, stranger.name}
    assert not {row["text"] for row in found} & {head.name, colleague.name, back_office.name}
    assert [row["text"] for row in browser_for(complaints_officer).get(asked + "马").json()["results"]] == ["马天放"]
    for person in (head, stranger):
        assert browser_for(person).get(asked).status_code == 404
    assert browser_for(head).get("/complaints/handlers/?complaint=x").json() == {"results": []}


# -- what others read of it --------------------------------


def test_who_is_whose_relative_is_shown_to_few_only(
    complaints_officer: Person, auditor: Person, head: Person, colleague: Person, owner: Person, stranger: Person
) -> None:
    services.relation_declare(kind="spouse", related_person=stranger, by=owner)
    complaint = assigned(colleague, subjects=[stranger])
    for person, reads in ((complaints_officer, True), (auditor, True), (head, True), (colleague, False)):
        shown = browser_for(person).get(complaint.get_absolute_url()).content.decode()
        assert stranger.name in shown, person
        assert (owner.name in shown, "被投诉人的亲属" in shown) == (reads, reads), person


def test_a_todo_about_a_complaint_is_not_shown_to_whom_the_complaint_does_not_exist(
    complaints_officer: Person, auditor: Person, head: Person, colleague: Person, stranger: Person
) -> None:
    with clock.at(date(2026, 3, 2)):
        services.relation_declare(kind="spouse", related_person=stranger, by=head)
        complaint = assigned(complaints_officer, subjects=[stranger])
        other = assigned(colleague)
    # Past every rule: answered in the department of the husband, as before the register said so.
    Todo.objects.filter(object_id=str(complaint.pk)).update(owner=colleague)

    def listed(person: Person) -> set[str]:
        rows = api_for(person).get("/api/v1/worklist/", {"kind": "complaint.handle"}).json()["results"]
        return {row["subject_id"] for row in rows}

    assert listed(head) == {str(other.pk)}
    assert listed(auditor) == listed(colleague) == {str(complaint.pk), str(other.pk)}
    todo = Todo.objects.get(object_id=str(complaint.pk), done_at=None)
    assert api_for(head).get(f"/api/v1/worklist/{todo.pk}/").status_code == 404
    Todo.objects.filter(pk=todo.pk).update(escalated_to=head, escalated_at=clock.now())
    assert not todo_list(viewer=head).filter(pk=todo.pk).exists()
    assert not Todo.objects.visible_to(head, "reassign").filter(pk=todo.pk).exists()


def test_who_is_told_that_a_part_in_it_is_late_sees_what_it_is_about(colleague: Person) -> None:
    row, chief = assigned(colleague), cast_member("final_approver")
    assert not Complaint.objects.visible_to(chief).exists()
    todo = Todo.objects.get(kind="complaint.handle", object_id=str(row.pk), done_at=None)
    Todo.objects.filter(pk=todo.pk).update(escalated_to=chief, escalated_at=clock.now())
    assert list(Complaint.objects.visible_to(chief)) == [row]
    assert list(todo_list(viewer=chief)) == [todo]
