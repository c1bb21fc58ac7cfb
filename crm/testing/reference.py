"""Reference data in the test database: calendar, parameters, industries, regions.

Loaded once into each test database; a transactional test empties all tables, so it is put back when it is gone.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.management import call_command
from pytest_django.plugin import DjangoDbBlocker

from crm.kernel.parameters.models import Parameter


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """Fill the session's database once, before the first test's transaction opens."""
    with django_db_blocker.unblock():
        call_command("load_reference", verbosity=0)


@pytest.fixture(autouse=True)
def _reference_data(request: pytest.FixtureRequest) -> Iterator[None]:
    """After a transactional test has emptied the tables, the next test finds them filled again."""
    if "db" in request.fixturenames or "transactional_db" in request.fixturenames or _marked(request):
        request.getfixturevalue(
            "transactional_db" if _is_transactional(request) else "db",
        )
        if not Parameter.objects.exists():
            call_command("load_reference", verbosity=0)
    yield


def _marked(request: pytest.FixtureRequest) -> Any:
    return request.node.get_closest_marker("django_db")


def _is_transactional(request: pytest.FixtureRequest) -> bool:
    marker = _marked(request)
    return bool(marker and marker.kwargs.get("transaction")) or "transactional_db" in request.fixturenames
