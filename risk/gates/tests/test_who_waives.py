"""Each single thing that keeps somebody from deciding on a waiver: asked of one waiver and of the list of them."""

from collections.abc import Callable

import pytest

from clients.file.services import co_manager_add
from crm.kernel.access.checks import may
from crm.kernel.people.models import Person, RoleGrant
from crm.kernel.people.roles import Role
from crm.tests.support.people import cast_member, make_person
from projects.deals.models import ProjectEditor
from risk.gates.models import GateWaiver
from risk.gates.policies import A_MAKER, DECIDE, TOO_LOW
from risk.gates.services import waiver_ask
from risk.reviews.tests.factories import make_project
from risk.reviews.tests.helpers import fresh

pytestmark = pytest.mark.django_db


def asked(person: Person) -> GateWaiver:
    """A waiver of the level of a vice-president that waits for the word of `person`."""
    project = make_project(approval_no=None, approval_date=None)
    reason = "备案已受理，预计两周内出具备案证明。"
    return waiver_ask(project=project, gate="project_approval", asked_of=person, reason=reason, by=cast_member("owner"))


def why_not(waiver: GateWaiver, person: Person) -> str:
    """ "" for who may decide on it; else the reason. The list of what one may decide says the same."""
    person, row = fresh(person), GateWaiver.objects.select_related("asked_of").get(pk=waiver.pk)
    answer = may(person, DECIDE, row)
    assert GateWaiver.objects.visible_to(person, DECIDE).filter(pk=row.pk).exists() is bool(answer)
    return "" if answer else str(answer.reason)


def approver(name: str = "宋知行", level: int = 2) -> Person:
    """Somebody of the level who also helps to keep clients."""
    return make_person(name, Role.FINAL_APPROVER, Role.ACCOUNT_MANAGER, place="0001", level=level)


def wrote_to_the_deal(waiver: GateWaiver, person: Person) -> None:
    ProjectEditor.objects.create(project=waiver.project, person=person)


def co_manages_the_client(waiver: GateWaiver, person: Person) -> None:
    co_manager_add(client=waiver.project.client, person=person, by=cast_member("owner"))


def has_a_lower_level_now(waiver: GateWaiver, person: Person) -> None:
    RoleGrant.objects.filter(person=person, role=Role.FINAL_APPROVER).update(authority_level=1)


def holds_the_role_no_more(waiver: GateWaiver, person: Person) -> None:
    RoleGrant.objects.filter(person=person, role=Role.FINAL_APPROVER).delete()


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (wrote_to_the_deal, A_MAKER),
        (co_manages_the_client, A_MAKER),
        (has_a_lower_level_now, TOO_LOW),
        (holds_the_role_no_more, TOO_LOW),
    ],
)
def test_what_comes_up_after_the_request_takes_the_decision_away(
    change: Callable[[GateWaiver, Person], None], reason: str
) -> None:
    person = approver()
    waiver = asked(person)
    assert why_not(waiver, person) == ""
    change(waiver, person)
    assert why_not(waiver, person) == str(reason)


def test_another_approver_of_the_level_does_not_decide_what_was_asked_of_one() -> None:
    first, second = approver(), approver("章怀瑾", level=3)
    waiver = asked(first)
    assert first.name in why_not(waiver, second)
