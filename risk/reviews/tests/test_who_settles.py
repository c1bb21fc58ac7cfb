"""Each single thing that keeps somebody from verifying a condition: asked of one condition and of the list of them."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from clients.file.services import co_manager_add
from crm.kernel.access.checks import may
from crm.kernel.people.models import Person
from crm.kernel.people.roles import Role
from crm.kernel.workdays import clock
from crm.tests.support.people import cast_member, make_person
from risk.reviews.models import Condition
from risk.reviews.policies import ITS_OWN, NOT_A_SETTLER
from risk.reviews.services import condition_report
from risk.reviews.tests.factories import decide, make_project, submit
from risk.reviews.tests.helpers import fresh

pytestmark = pytest.mark.django_db


def reported(**more: object) -> Condition:
    """The condition of an approved case that its account manager has reported as met."""
    case = submit(make_project())
    row = {"text": "接入系统批复原件", "due_on": clock.today() + timedelta(days=20), **more}
    decide(case, cast_member("initial_reviewer"))
    decide(case, cast_member("recheck_reviewer"), "approve_with_conditions", conditions=[row])
    decide(case, cast_member("final_approver"))
    condition = Condition.objects.get(case=case)
    return condition_report(
        condition=condition, evidence="批复原件已归档。", expected_version=condition.version, by=cast_member("owner")
    )


def may_settle(condition: Condition, person: Person) -> str:
    """ "" for who may verify it; else why not. The list of what one may verify says the same."""
    row, person = Condition.objects.get(pk=condition.pk), fresh(person)
    answer = may(person, "settle", row)
    assert Condition.objects.visible_to(person, "settle").filter(pk=row.pk).exists() is bool(answer)
    return "" if answer else str(answer.reason)


def answers_for_it(condition: Condition, person: Person) -> None:
    Condition.objects.filter(pk=condition.pk).update(owner=person)


def reported_it(condition: Condition, person: Person) -> None:
    Condition.objects.filter(pk=condition.pk).update(reported_by=person)


def co_manages_the_client(condition: Condition, person: Person) -> None:
    co_manager_add(client=condition.case.project.client, person=person, by=cast_member("owner"))


def investigates_another_deal(condition: Condition, person: Person) -> None:
    make_project(condition.case.project.client, assistant=person)


@pytest.mark.parametrize("tie", [answers_for_it, reported_it, co_manages_the_client, investigates_another_deal])
def test_each_tie_to_a_condition_keeps_from_verifying_it(tie: Callable[[Condition, Person], None]) -> None:
    condition = reported()
    person = make_person("季云舒", Role.RISK_ASSESSOR, Role.ACCOUNT_MANAGER, place="0030")
    assert may_settle(condition, person) == ""
    tie(condition, person)
    assert may_settle(condition, person) == str(ITS_OWN)


def test_the_head_above_the_client_or_a_risk_assessor_verifies_and_nobody_else() -> None:
    condition = reported()
    beside = make_person("二部主管", Role.DEPARTMENT_HEAD, place="0020")
    for part in ("head", "risk_assessor"):
        assert may_settle(condition, cast_member(part)) == ""
    for person in (beside, cast_member("final_approver"), cast_member("auditor"), cast_member("stranger")):
        answer = may(fresh(person), "settle", Condition.objects.get(pk=condition.pk))
        assert str(answer.reason) == str(NOT_A_SETTLER)
