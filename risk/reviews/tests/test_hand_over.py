"""A client handed over during a review: its new account manager carries on, the old one is out."""

import pytest

from clients.file.services import client_reassign
from crm.kernel.access.errors import NotVisible
from crm.kernel.people.models import Person
from crm.tests.support.people import browser_for
from risk.reviews.models import Condition
from risk.reviews.services import review_withdraw
from risk.reviews.tests.factories import decide, make_client, make_project, submit

pytestmark = pytest.mark.django_db


def test_cases_and_new_conditions_are_the_new_account_managers(
    owner: Person, head: Person, stranger: Person, colleague: Person, initial_reviewer: Person
) -> None:
    client = make_client(owner)
    case = submit(make_project(client, lead=colleague))
    client_reassign(client=client, owner=stranger, expected_version=client.version, by=head)
    decide(case, initial_reviewer, "approve_with_conditions")
    assert Condition.objects.get(case=case).owner == stranger
    page = browser_for(stranger).get(case.get_absolute_url()).content.decode()
    assert "马天放" in page
    assert browser_for(owner).get(case.get_absolute_url()).status_code == 404
    with pytest.raises(NotVisible):
        review_withdraw(case=case, expected_version=case.version, reason="旧主办撤回", by=owner)


def test_a_submission_is_no_more_the_old_account_managers(
    owner: Person, head: Person, stranger: Person, colleague: Person
) -> None:
    client = make_client(owner)
    project = make_project(client, lead=colleague)
    client_reassign(client=client, owner=stranger, expected_version=client.version, by=head)
    with pytest.raises(NotVisible):
        submit(project, by=owner)
    assert submit(project, by=stranger).project_id == project.pk
