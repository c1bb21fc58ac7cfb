"""What a transactional test commits is gone before the next one: reference data are the release's, nothing more."""

import pytest

from crm.kernel.declarations.parameters import list_seeds
from crm.kernel.parameters.models import ParameterVersion
from crm.kernel.parameters.services import parameter_approve, parameter_propose
from crm.kernel.workdays import clock
from crm.tests.support.people import cast_member


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", ["first", "second"])
def test_a_published_parameter_does_not_outlive_its_test(turn: str) -> None:
    seeded = sum(len(item["versions"]) for item in list_seeds())
    assert ParameterVersion.objects.count() == seeded
    by, second = cast_member("system_admin"), cast_member("second_system_admin")
    draft = parameter_propose(
        code="client.reveals_per_day", value=5, effective_from=clock.today(), source="[D] test", by=by
    )
    parameter_approve(version=draft, by=second)
    assert ParameterVersion.objects.count() == seeded + 1
