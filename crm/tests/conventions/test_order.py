"""`make test` begins its longest tests before its short ones of the same kind."""

from types import SimpleNamespace
from typing import Any

import pytest

from crm.tests.support.order import put_long_first


def item_with(name: str, *marks: Any, fixtures: tuple[str, ...] = ()) -> Any:
    found = {mark.name: mark for mark in marks}
    return SimpleNamespace(name=name, get_closest_marker=found.get, fixturenames=fixtures)


def test_long_tests_come_first_among_those_that_commit() -> None:
    database, commit = pytest.mark.django_db.mark, pytest.mark.django_db(transaction=True).mark
    long = pytest.mark.long.mark
    items = [
        item_with("form", database),
        item_with("guard", commit),
        item_with("page", fixtures=("live_server",)),
        item_with("story", commit, long),
        item_with("long but alone", long),
    ]
    assert [item.name for item in put_long_first(items)] == ["form", "long but alone", "story", "guard", "page"]
