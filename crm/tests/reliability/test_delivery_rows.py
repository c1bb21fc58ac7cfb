"""Short forms of the trust page's rows about due work; `make assure` runs them in full."""

import pytest

from crm.tests.assurance import failing_delivery, scheduler_missing, worker_killed
from crm.tests.support.people import cast_member

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.long]


@pytest.fixture(autouse=True)
def broker(app_database_url: str) -> None:
    """Workers connect to this test's database in the application's role."""
    cast_member("owner")


def test_workers_killed_in_the_middle_lose_no_reminder_and_double_none():
    found = worker_killed.run(full=False)
    assert found["passed"], found


def test_a_day_without_a_beat_and_then_two_at_once_miss_and_double_nothing():
    found = scheduler_missing.run(full=False)
    assert found["passed"], found


def test_one_that_always_fails_holds_up_nobody_and_is_given_up():
    found = failing_delivery.run(full=False)
    assert found["passed"], found
