"""Short forms of the trust page's rows about due work; `make assure` runs them in full."""

import pytest

from crm.assure import row27, row30, row33
from crm.testing.people import cast_member

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def broker(app_database_url: str) -> None:
    """Workers connect to this test's database in the application's role."""
    cast_member("owner")


def test_workers_killed_in_the_middle_lose_no_reminder_and_double_none():
    found = row27.run(full=False)
    assert found["passed"], found


def test_a_day_without_a_beat_and_then_two_at_once_miss_and_double_nothing():
    found = row30.run(full=False)
    assert found["passed"], found


def test_one_that_always_fails_holds_up_nobody_and_is_given_up():
    found = row33.run(full=False)
    assert found["passed"], found
