"""What was reviewed must still be so when it is decided."""

import pytest

from clients.file.models import Client
from crm.kernel.access.errors import (
    RuleRefused,
)
from crm.tests.support.people import cast_member
from risk.reviews import selectors
from risk.reviews.tests.factories import (
    decide,
    give_grade,
    make_client,
    make_project,
    submit,
)

pytestmark = pytest.mark.django_db


def test_a_material_change_of_the_client_refuses_approval_until_the_case_is_returned(initial_reviewer):
    project = make_project()
    case = submit(project)
    Client.objects.filter(pk=project.client_id).update(name="改名有限公司")
    changes = selectors.find_live_changes(selectors.get_review(viewer=initial_reviewer, pk=case.pk))
    assert any(change.is_material for change in changes)
    with pytest.raises(RuleRefused) as refused:
        decide(case, initial_reviewer)
    assert refused.value.code == "material_change"
    decide(case, initial_reviewer, "return")
    again = submit(project)
    decide(again, initial_reviewer)
    assert again.stage == "recheck"


def test_an_address_is_shown_and_does_not_refuse(initial_reviewer):
    project = make_project()
    case = submit(project)
    Client.objects.filter(pk=project.client_id).update(address="盐城市大丰区 1 号")
    changes = selectors.find_live_changes(selectors.get_review(viewer=initial_reviewer, pk=case.pk))
    assert [(change.path, change.is_material) for change in changes] == [("client.address", False)]
    decide(case, initial_reviewer)
    assert case.stage == "recheck"


def test_a_grade_that_changed_refuses_approval(initial_reviewer):
    project = make_project()
    case = submit(project)
    give_grade(project.client, "B")
    with pytest.raises(RuleRefused) as refused:
        decide(case, initial_reviewer)
    assert refused.value.code == "material_change"


def test_authority_is_measured_on_the_day_of_the_decision(final_approver):
    client = make_client(cast_member("owner"))
    first, second = submit(make_project(client)), submit(make_project(client))
    for case in (first, second):
        decide(case, cast_member("initial_reviewer"))
        decide(case, cast_member("recheck_reviewer"))
    decide(first, final_approver)
    with pytest.raises(RuleRefused) as refused:
        decide(second, final_approver)
    assert refused.value.code == "authority_risen"
