"""Whoever may not decide any more reads no further: what a review let them see ends with their last deciding role."""

import pytest

from clients.file.models import Client, ClientGrant
from crm.kernel.audit.context import SYSTEM
from crm.kernel.people.models import Person
from crm.kernel.people.roles import DECIDING, Role
from crm.kernel.people.services import role_grant, role_revoke
from crm.tests.support.people import api_for, browser_for
from projects.deals.models import Project, ProjectGrant
from risk.reviews.policies import DECIDERS
from risk.reviews.tests.factories import decide, make_project, submit

pytestmark = pytest.mark.django_db


def test_a_reviewer_who_loses_the_role_reads_deal_and_client_no_more_from_the_next_request(
    initial_reviewer: Person, recheck_reviewer: Person
) -> None:
    case = submit(make_project())
    decide(case, initial_reviewer)
    deal, client = case.project, case.project.client
    pages = [row.get_absolute_url() for row in (deal, client, case)]
    for person in (initial_reviewer, recheck_reviewer):
        browser, api = browser_for(person), api_for(person)
        assert [browser.get(page).status_code for page in pages] == [200, 200, 200]
        role_revoke(grant=person.role_grants.get(), by=SYSTEM)
        assert [browser.get(page).status_code for page in pages] == [404, 404, 404]
        assert api.get(f"/api/v1/clients/{client.pk}/").status_code == 404
        # The grants are still there; the policies do not count them.
        assert ProjectGrant.objects.filter(user__person=person).exists()
        assert ClientGrant.objects.filter(user__person=person).exists()
    # Another role of theirs gives what it gives.
    role_grant(person=recheck_reviewer, role=Role.DEPARTMENT_HEAD, by=SYSTEM)
    person = Person.objects.get(pk=recheck_reviewer.pk)
    assert not Project.objects.visible_to(person).exists()
    assert not Client.objects.visible_to(person).exists()


def test_the_deciding_roles_are_those_of_the_stages() -> None:
    assert DECIDING == DECIDERS
