"""One person cannot bury a complaint: who is complained of is a claim until a second, uninvolved person confirms it."""

from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.utils import InternalError, ProgrammingError

from crm.kernel.access.errors import BadInput, Conflict, NotPermitted, NotVisible, RuleRefused
from crm.kernel.audit.models import AuditEvent
from crm.kernel.notify.models import Notice
from crm.kernel.people.models import Person
from crm.kernel.people.roles import Role
from crm.kernel.worklist.models import Todo
from crm.tests.support.people import api_for, browser_for, make_person
from staff.complaints import services
from staff.complaints.models import Complaint, ComplaintClaim, Kind, Tie
from staff.complaints.tests.factories import act, anew, assigned, confirm_claims, recorded, replied

pytestmark = pytest.mark.django_db
WHY = "投诉人补充指明"
OPINION = "经核，与投诉人所述不符"


def sees(person: Person, complaint: Complaint) -> bool:
    return Complaint.objects.visible_to(person).filter(pk=complaint.pk).exists()


def asked(complaint: Complaint) -> Person:
    """Whose it is to decide on the claim."""
    return Todo.objects.get(kind="complaint.claim", object_id=str(complaint.pk), done_at=None).owner


def named(complaint: Complaint, person: Person, by: Person) -> Complaint:
    return act(services.complaint_concern, complaint, by, person=person, reason=WHY)


def decided(complaint: Complaint, by: Person, *, confirms: bool) -> Complaint:
    return act(services.claim_decide, complaint, by, confirms=confirms, opinion=OPINION)


def test_a_named_person_acts_no_more_but_knows_that_the_complaint_exists(
    complaints_officer: Person, colleague: Person, head: Person
) -> None:
    complaint = named(assigned(colleague), complaints_officer, colleague)
    with pytest.raises(NotVisible):
        act(services.complaint_assign, complaint, complaints_officer, person=head)
    assert not sees(complaints_officer, complaint)
    page = browser_for(complaints_officer).get("/complaints/").content.decode()
    assert complaint.number in page
    assert complaint.title not in page
    assert browser_for(complaints_officer).get(complaint.get_absolute_url()).status_code == 404


def test_the_handler_who_names_the_only_officer_is_not_alone_with_it(
    complaints_officer: Person, colleague: Person, head: Person
) -> None:
    complaint = named(assigned(colleague), complaints_officer, colleague)
    assert asked(complaint) == head
    for person, refusal in ((colleague, NotPermitted), (complaints_officer, NotVisible)):
        with pytest.raises(refusal):
            decided(complaint, person, confirms=True)
    assert anew(complaint).claims.get().is_confirmed is None
    complaint = decided(complaint, head, confirms=False)
    assert not complaint.seats.filter(person=complaints_officer).exists()
    assert sees(complaints_officer, complaint)
    assert act(services.complaint_assign, complaint, complaints_officer, person=head).responsible == head


def test_it_is_not_closed_while_a_claim_waits(complaints_officer: Person, colleague: Person, head: Person) -> None:
    complaint = replied(named(assigned(colleague), complaints_officer, colleague))
    with pytest.raises(Conflict):
        act(services.complaint_close, complaint, head, note="已退费，流程补充说明")
    complaint = decided(complaint, head, confirms=False)
    assert act(services.complaint_close, complaint, head, note="已退费，流程补充说明").status == "closed"


def test_a_confirmed_person_does_not_see_it_any_more_and_relatives_neither(
    complaints_officer: Person, colleague: Person, owner: Person, head: Person
) -> None:
    services.relation_declare(kind="spouse", related_person=colleague, by=owner)
    complaint = recorded(subjects=[colleague], confirmed=False)
    assert complaint.seats.get().tie == Tie.CLAIMED
    complaint = decided(complaint, asked(complaint), confirms=True)
    ties = dict(complaint.seats.values_list("person", "tie"))
    assert ties == {colleague.pk: Tie.SUBJECT, owner.pk: Tie.RELATIVE}
    assert complaint.number not in browser_for(colleague).get("/complaints/").content.decode()


def test_naming_is_undone_by_two_and_the_voice_comes_back(
    complaints_officer: Person, colleague: Person, owner: Person, head: Person
) -> None:
    services.relation_declare(kind="spouse", related_person=colleague, by=owner)
    complaint = confirm_claims(named(assigned(colleague), colleague, complaints_officer))
    assert complaint.seats.get(person=colleague).tie == Tie.SUBJECT
    complaint = act(services.complaint_unconcern, complaint, complaints_officer, person=colleague, reason=WHY)
    assert complaint.seats.get(person=colleague).tie == Tie.SUBJECT
    with pytest.raises(NotPermitted):
        decided(complaint, complaints_officer, confirms=True)
    complaint = decided(complaint, asked(complaint), confirms=True)
    seat = complaint.seats.get(person=colleague)
    assert (seat.tie, seat.barred_at) == ("", None)
    assert not complaint.seats.filter(person=owner).exists()
    assert act(services.complaint_assign, complaint, complaints_officer, person=colleague).responsible == colleague


def test_a_voice_that_came_back_is_lost_again_to_a_new_claim(
    complaints_officer: Person, colleague: Person, head: Person
) -> None:
    complaint = named(assigned(colleague), colleague, complaints_officer)
    complaint = decided(complaint, asked(complaint), confirms=False)
    complaint = act(services.complaint_assign, complaint, complaints_officer, person=colleague)
    complaint = named(complaint, colleague, complaints_officer)
    seat = complaint.seats.get(person=colleague)
    assert (seat.tie, seat.barred_at is None) == (Tie.CLAIMED, False)


def test_many_names_at_once_are_refused_and_nothing_is_written(
    owner: Person, colleague: Person, head: Person, stranger: Person, auditor: Person, assistant: Person
) -> None:
    people = [colleague, head, stranger, auditor, assistant, make_person("温如玉", Role.ACCOUNT_MANAGER)]
    with pytest.raises(BadInput) as refusal:
        recorded(by=owner, subjects=people)
    assert refusal.value.field == "subjects"
    with pytest.raises(BadInput):
        recorded(by=owner, subjects=[colleague, colleague])
    assert not Complaint.objects.exists()
    assert not Notice.objects.exists()


def test_who_would_leave_nobody_to_confirm_is_refused(
    owner: Person, head: Person, complaints_officer: Person, final_approver: Person, second_final_approver: Person
) -> None:
    with pytest.raises(RuleRefused) as refusal:
        recorded(by=owner, subjects=[head, complaints_officer, final_approver, second_final_approver])
    assert refusal.value.code == "no_second"
    assert not Complaint.objects.exists()


def test_an_auditor_is_not_blinded_by_one_person(auditor: Person, owner: Person, complaints_officer: Person) -> None:
    complaint = recorded(by=owner, subjects=[auditor, complaints_officer], confirmed=False)
    assert sees(auditor, complaint)
    assert not sees(auditor, confirm_claims(complaint))


def test_where_fewer_than_two_are_left_the_next_level_and_the_auditor_hear_of_it(
    owner: Person, colleague: Person, head: Person, complaints_officer: Person, auditor: Person, final_approver: Person
) -> None:
    alarms = AuditEvent.objects.filter(action="complaint.few_left")
    complaint = assigned(colleague)
    complaint = named(complaint, owner, colleague)
    assert not alarms.exists()
    complaint = named(complaint, complaints_officer, colleague)
    complaint = named(complaint, head, colleague)
    assert alarms.count() >= 1
    told = set(Notice.objects.filter(data__why="few").values_list("recipient", flat=True))
    assert told == {auditor.pk, final_approver.pk}
    assert sees(final_approver, complaint)


def test_relatives_whom_the_person_complained_of_declares_are_a_claim_too(
    complaints_officer: Person, colleague: Person, owner: Person, head: Person
) -> None:
    complaint = assigned(colleague, subjects=[owner])
    services.relation_declare(kind="sibling", related_person=complaints_officer, by=owner)
    complaint = anew(complaint)
    claim = complaint.claims.get(person=complaints_officer)
    assert (claim.what, claim.claimed_by, claim.is_confirmed) == ("relative", owner, None)
    with pytest.raises(NotPermitted):
        act(services.complaint_assign, complaint, complaints_officer, person=head)
    complaint = decided(complaint, asked(complaint), confirms=False)
    assert not complaint.seats.filter(person=complaints_officer).exists()
    # The same word does not bar them again.
    assert act(services.complaint_assign, complaint, complaints_officer, person=head).responsible == head


def test_page_and_api_ask_and_decide(complaints_officer: Person, colleague: Person, head: Person) -> None:
    complaint = assigned(colleague)
    api = api_for(colleague)
    url = f"/api/v1/complaints/{complaint.pk}/"

    def post(person: Person, what: str, body: dict[str, Any]) -> int:
        headers = {"HTTP_IF_MATCH": f'"{anew(complaint).version}"'}
        return int(api_for(person).post(f"{url}{what}/", body, format="json", **headers).status_code)

    assert api.get(url).status_code == 200
    assert post(colleague, "concern", {"person": complaints_officer.pk, "reason": WHY}) == 200
    assert post(colleague, "decide-claim", {"confirms": True, "opinion": OPINION}) == 403
    page = browser_for(head).get(f"/complaints/{complaint.pk}/decide-claim/")
    assert page.status_code == 200
    assert complaints_officer.name in page.content.decode()
    assert WHY in page.content.decode()
    given = {"verdict": "yes", "opinion": OPINION, "version": anew(complaint).version}
    assert browser_for(head).post(f"/complaints/{complaint.pk}/decide-claim/", given).status_code == 302
    assert anew(complaint).seats.get(person=complaints_officer).tie == Tie.SUBJECT
    assert post(head, "unconcern", {"person": complaints_officer.pk, "reason": WHY}) == 200
    assert anew(complaint).events.filter(kind=Kind.UNDO_CLAIMED).count() == 1


def test_an_answer_decides_the_claim_that_its_page_showed_and_no_other(
    complaints_officer: Person, colleague: Person, head: Person, owner: Person
) -> None:
    complaint = named(named(assigned(colleague), complaints_officer, colleague), owner, colleague)
    first, second = complaint.claims.order_by("id")
    page = browser_for(head).get(f"/complaints/{complaint.pk}/decide-claim/")
    shown = page.context["form"].initial["claim"]
    assert shown == first.pk
    act(services.claim_decide, complaint, head, claim=first.pk, confirms=False, opinion=OPINION)
    given = {"verdict": "yes", "opinion": OPINION, "claim": shown, "version": anew(complaint).version}
    assert browser_for(head).post(f"/complaints/{complaint.pk}/decide-claim/", given).status_code == 409
    second.refresh_from_db()
    assert second.is_confirmed is None


def test_the_api_lists_claims_and_their_decisions_for_who_sees_the_complaint(
    complaints_officer: Person, colleague: Person, head: Person
) -> None:
    complaint = named(assigned(colleague), complaints_officer, colleague)
    url = f"/api/v1/complaints/{complaint.pk}/claims/"
    [waiting] = api_for(head).get(url).json()["results"]
    assert (waiting["person"], waiting["claimed_by_name"], waiting["reason"]) == (
        complaints_officer.pk,
        colleague.name,
        WHY,
    )
    assert (waiting["is_confirmed"], waiting["decided_by"]) == (None, None)
    body = {"claim": waiting["id"], "confirms": False, "opinion": OPINION}
    version = {"HTTP_IF_MATCH": f'"{anew(complaint).version}"'}
    decision = api_for(head).post(url.replace("claims", "decide-claim"), body, format="json", **version)
    assert decision.status_code == 200
    [decided_one] = api_for(colleague).get(url).json()["results"]
    assert (decided_one["is_confirmed"], decided_one["decided_by_name"]) == (False, head.name)
    assert api_for(make_person("吕若谷", Role.ACCOUNT_MANAGER)).get(url).status_code == 404
    assert api_for(head).get(url, {"what": "undo"}).status_code == 400


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE staff_complaintseat SET tie = 'subject' WHERE complaint_id = %(c)s AND tie = 'claimed'",
        "DELETE FROM staff_complaintseat WHERE complaint_id = %(c)s AND tie = 'claimed'",
        "DELETE FROM staff_complaintclaim WHERE complaint_id = %(c)s",
        "UPDATE staff_complaintclaim SET is_confirmed = true, decided_at = now(), opinion = 'x', "
        "decided_by_id = claimed_by_id WHERE complaint_id = %(c)s",
        "UPDATE staff_complaintclaim SET is_confirmed = true, decided_at = now(), opinion = 'x', "
        "decided_by_id = person_id WHERE complaint_id = %(c)s",
        "UPDATE staff_complaintclaim SET is_confirmed = true, decided_at = now(), opinion = 'x', "
        "decided_by_id = %(h)s WHERE complaint_id = %(c)s",
        "INSERT INTO staff_complaintclaim (complaint_id, person_id, what, reason, claimed_by_id, claimed_at, "
        "decided_by_id, decided_at, is_confirmed, opinion) SELECT complaint_id, %(h)s, 'subject', 'x', claimed_by_id, "
        "now(), %(x)s, now(), true, 'x' FROM staff_complaintclaim WHERE complaint_id = %(c)s",
    ],
)
def test_the_database_takes_no_claim_for_decided_that_one_person_decides(
    statement: str, complaints_officer: Person, colleague: Person, owner: Person, head: Person
) -> None:
    complaint = named(assigned(colleague), owner, complaints_officer)
    assert ComplaintClaim.objects.get().claimed_by == complaints_officer
    values: Any = {"c": complaint.pk, "h": colleague.pk, "x": head.pk}
    refused = (IntegrityError, InternalError, ProgrammingError)
    with pytest.raises(refused), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
