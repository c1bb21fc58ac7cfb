"""People who have worked here long enough: a complaint of this spring is handled by whoever had a role then."""

from collections.abc import Iterator
from datetime import date

import pytest

from crm.kernel.workdays import clock
from crm.tests.support.people import cast_member

LONG_AGO = date(2020, 6, 1)
PARTS = ("complaints_officer", "colleague", "owner", "head", "stranger", "final_approver", "second_final_approver",
         "auditor", "back_office", "assistant", "initial_reviewer", "recheck_reviewer", "risk_assessor",
         "system_admin", "second_system_admin")  # fmt: skip


@pytest.fixture(autouse=True)
def staff_of_long_ago(request: pytest.FixtureRequest) -> Iterator[None]:
    """Everybody of the cast that complaints need, with roles since 2020."""
    if "django_db" in request.keywords:
        request.getfixturevalue("db")
        with clock.at(LONG_AGO):
            for part in PARTS:
                cast_member(part)
    yield
