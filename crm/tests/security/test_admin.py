"""Trust row 10, short: four roles try every way of writing that Django's admin has, on every model registered there."""

import pytest

from crm.tests.assurance import admin_is_no_bypass
from crm.tests.assurance.world import World

pytestmark = pytest.mark.django_db


def test_no_admin_declares_actions_editable_columns_or_inlines(world: World) -> None:
    assert admin_is_no_bypass.standing_problems() == []


def test_nothing_is_written_through_the_admins_own_ways_and_no_secret_column_is_a_filter(world: World) -> None:
    found = admin_is_no_bypass.run(full=False)
    assert found["attempts"] > 300
    assert found["problems"] == []
    assert found["ok"], found
