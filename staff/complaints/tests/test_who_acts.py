"""Each act on a complaint, and each single thing that keeps somebody from it."""

from collections.abc import Callable

import pytest

from crm.kernel.access.checks import may
from crm.kernel.people.models import Person
from crm.kernel.people.roles import Role
from crm.tests.support.people import cast_member, make_person
from staff.complaints import services
from staff.complaints.models import Complaint
from staff.complaints.policies import (
    BY_CHECKER,
    BY_HANDLER,
    BY_STEERING,
    NOT_CHECKER,
    NOT_HANDLER,
    NOT_SPECIAL,
    NOT_STEERING,
    OWN_CLAIM,
    OWN_WORK,
)
from staff.complaints.tests.factories import act, anew, assigned, extended, handler_of

pytestmark = pytest.mark.django_db


def why_not(complaint: Complaint, person: Person, action: str) -> str:
    """ "" for who may; else the reason."""
    answer = may(Person.objects.get(pk=person.pk), action, anew(complaint))
    return "" if answer else str(answer.reason)


def beside() -> Person:
    return make_person("二部主管", Role.DEPARTMENT_HEAD, place="0020")


@pytest.mark.parametrize("action", sorted(BY_HANDLER))
def test_the_handler_alone_answers(action: str) -> None:
    complaint = assigned(cast_member("colleague"))
    assert why_not(complaint, cast_member("colleague"), action) == ""
    for part in ("complaints_officer", "head", "owner", "auditor"):
        assert why_not(complaint, cast_member(part), action) == str(NOT_HANDLER)


@pytest.mark.parametrize("action", sorted(BY_CHECKER))
def test_a_second_person_checks_and_never_who_handles_or_handled_it(action: str, head: Person) -> None:
    first, second = make_person("先办", Role.COMPLAINTS_OFFICER), make_person("后办", Role.COMPLAINTS_OFFICER)
    complaint = assigned(first)
    assert why_not(complaint, first, action) == str(OWN_WORK)
    complaint = act(services.complaint_assign, complaint, cast_member("complaints_officer"), person=second)
    assert handler_of(complaint) == second
    for person in (first, second):
        assert why_not(complaint, person, action) == str(OWN_WORK)
    for person in (head, cast_member("complaints_officer"), cast_member("final_approver")):
        assert why_not(complaint, person, action) == ""
    for part in ("owner", "auditor", "risk_assessor"):
        assert why_not(complaint, cast_member(part), action) == str(NOT_CHECKER)


@pytest.mark.parametrize("action", sorted(BY_STEERING))
def test_an_officer_the_head_or_who_was_told_steers(action: str, head: Person) -> None:
    complaint, told = assigned(cast_member("colleague")), cast_member("second_final_approver")
    for person in (cast_member("complaints_officer"), head):
        assert why_not(complaint, person, action) == ""
    for person in (cast_member("colleague"), beside(), told):
        assert why_not(complaint, person, action) == str(NOT_STEERING)
    Complaint.objects.filter(pk=complaint.pk).update(escalated_to=told)
    assert why_not(complaint, told, action) == ""


def test_a_second_extension_is_decided_by_a_vice_president_and_a_first_one_by_any_checker(head: Person) -> None:
    approver = make_person("低权", Role.FINAL_APPROVER, place="0001", level=1)
    complaint = assigned(cast_member("colleague"))
    ask: Callable[[Complaint], Complaint] = lambda row: act(  # noqa: E731
        services.extension_request, row, cast_member("colleague"), reason="需向评估机构调取底稿"
    )
    assert why_not(ask(complaint), head, "decide_extension") == ""
    complaint = assigned(cast_member("colleague"))
    complaint = ask(extended(complaint))
    for person in (head, approver):
        assert why_not(complaint, person, "decide_extension") == str(NOT_SPECIAL)
    assert why_not(complaint, cast_member("final_approver"), "decide_extension") == ""


def test_who_made_a_claim_does_not_decide_on_it(head: Person, complaints_officer: Person) -> None:
    complaint = assigned(cast_member("colleague"))
    complaint = act(
        services.complaint_concern, complaint, complaints_officer, person=cast_member("owner"), reason="投诉人补充指明"
    )
    assert why_not(complaint, complaints_officer, "decide_claim") == str(OWN_CLAIM)
    assert why_not(complaint, cast_member("colleague"), "decide_claim") == str(OWN_WORK)
    assert why_not(complaint, head, "decide_claim") == ""
