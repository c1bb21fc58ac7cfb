"""Every review test has the whole cast of deciders at hand: an eligible set is only as large as who exists."""

import pytest

from crm.tests.support.people import cast_member

DECIDERS = (
    "initial_reviewer",
    "second_initial_reviewer",
    "recheck_reviewer",
    "second_recheck_reviewer",
    "final_approver",
    "second_final_approver",
)


@pytest.fixture(autouse=True)
def deciders(request):
    """Make them where the test has a database."""
    if request.node.get_closest_marker("django_db") or "db" in request.fixturenames:
        request.getfixturevalue("transactional_db" if _transactional(request) else "db")
        for part in DECIDERS:
            cast_member(part)


def _transactional(request):
    marker = request.node.get_closest_marker("django_db")
    return bool(marker and marker.kwargs.get("transaction"))
