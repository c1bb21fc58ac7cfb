"""Each single thing that keeps somebody from closing a warning: asked of one warning and of the list of them."""

from collections.abc import Callable

import pytest

from clients.file.services import co_manager_add
from clients.file.tests.factories import ClientFactory
from crm.kernel.access.checks import may
from crm.kernel.people.models import Person
from crm.kernel.people.roles import Role
from crm.tests.support.people import cast_member, make_person
from risk.indicators.models import WarningEpisode
from risk.indicators.policies import ANSWERED_IT, NOT_A_CLOSER, WORKS_ON_IT
from risk.indicators.services import warning_respond
from risk.indicators.tests.factories import open_warning
from risk.reviews.tests.factories import make_project

pytestmark = pytest.mark.django_db


@pytest.fixture
def warning(owner: Person) -> WarningEpisode:
    """A warning that its account manager has answered."""
    found = open_warning(ClientFactory(by=owner))
    return warning_respond(warning=found, response="已约客户下周现场核实。", expected_version=1, by=owner)


def why_not(warning: WarningEpisode, person: Person) -> str:
    """ "" for who may close it; else the reason. The list of what one may close says the same."""
    person, row = Person.objects.get(pk=person.pk), WarningEpisode.objects.get(pk=warning.pk)
    answer = may(person, "close", row)
    assert WarningEpisode.objects.visible_to(person, "close").filter(pk=row.pk).exists() is bool(answer)
    return "" if answer else str(answer.reason)


def answered_it(warning: WarningEpisode, person: Person) -> None:
    WarningEpisode.objects.filter(pk=warning.pk).update(responded_by=person)


def co_manages_the_client(warning: WarningEpisode, person: Person) -> None:
    co_manager_add(client=warning.client, person=person, by=cast_member("owner"))


def investigates_a_deal(warning: WarningEpisode, person: Person) -> None:
    make_project(warning.client, assistant=person)


@pytest.mark.parametrize("role", [Role.DEPARTMENT_HEAD, Role.RISK_ASSESSOR])
@pytest.mark.parametrize(
    ("tie", "reason"),
    [(answered_it, ANSWERED_IT), (co_manages_the_client, WORKS_ON_IT), (investigates_a_deal, WORKS_ON_IT)],
)
def test_each_tie_to_a_warning_keeps_from_closing_it(
    warning: WarningEpisode, tie: Callable[[WarningEpisode, Person], None], reason: str, role: Role
) -> None:
    person = make_person("季云舒", role, Role.ACCOUNT_MANAGER, place="0010")
    assert why_not(warning, person) == ""
    tie(warning, person)
    assert why_not(warning, person) == str(reason)


def test_the_head_above_the_client_or_a_risk_assessor_closes_and_nobody_else(warning: WarningEpisode) -> None:
    beside = make_person("二部主管", Role.DEPARTMENT_HEAD, place="0020")
    for part in ("head", "risk_assessor"):
        assert why_not(warning, cast_member(part)) == ""
    for person in (beside, cast_member("auditor"), cast_member("final_approver")):
        assert why_not(warning, person) == str(NOT_A_CLOSER)
