"""The order of tests: among those that commit, the long ones come first.

pytest-django puts every test that commits at the end, and so the longest of all. With `--dist worksteal` a worker that
is done takes half of what waits at the other, so what is long must not be what is left. Long is what is marked `long`.
"""

from typing import Any

import pytest


def commits(item: Any) -> bool:
    """Whether the test commits to the database and is emptied out afterwards."""
    marker = item.get_closest_marker("django_db")
    fixtures = {"transactional_db", "live_server"} & set(item.fixturenames)
    return bool(fixtures or (marker and marker.kwargs.get("transaction")))


def put_long_first(items: list[Any]) -> list[Any]:
    """The items with the long ones at the head of those that commit; otherwise in their order."""
    committing = [item for item in items if commits(item)]
    long = [item for item in committing if item.get_closest_marker("long")]
    others = [item for item in committing if not item.get_closest_marker("long")]
    return [*(item for item in items if not commits(item)), *long, *others]


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """After pytest-django has sorted."""
    items[:] = put_long_first(items)
