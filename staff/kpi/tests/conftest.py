"""The people of these tests were there before the quarters they are measured in."""

from datetime import date

import pytest

from crm.kernel.workdays import clock
from crm.tests.support.people import cast_member

PARTS = (
    "owner", "colleague", "stranger", "assistant", "head", "finance", "auditor", "system_admin", "risk_assessor",
    "initial_reviewer", "recheck_reviewer", "final_approver",
)  # fmt: skip


@pytest.fixture(autouse=True)
def _people_of_old(request: pytest.FixtureRequest, _reference_data: None) -> None:
    if request.node.get_closest_marker("django_db"):
        with clock.at(date(2025, 9, 1)):
            for part in PARTS:
                cast_member(part)
