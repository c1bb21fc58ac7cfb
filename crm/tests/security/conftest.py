"""One world for all tests of this folder: built once, in a transaction that is rolled back at the end."""

from collections.abc import Iterator

import pytest
from django.core.management import call_command
from django.db import transaction
from pytest_django.plugin import DjangoDbBlocker

from crm.kernel.parameters.models import Parameter
from crm.tests.assurance import world as worlds
from crm.tests.assurance.access_matrix import walked
from crm.tests.assurance.matrix import Walker
from crm.tests.assurance.world import World


@pytest.fixture(scope="package")
def world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    """People, rows and ways in; whatever a test does to them it undoes itself."""
    with django_db_blocker.unblock():
        block = transaction.atomic()
        # Django's word for a transaction that belongs to the test: refusals are recorded inside it.
        block._from_testcase = True  # type: ignore[attr-defined]
        with block:
            if not Parameter.objects.exists():
                call_command("load_reference", verbosity=0)
            worlds.use(worlds.build())
            walked.cache_clear()
            yield worlds.the_world()
            worlds.use(None)
            walked.cache_clear()
            transaction.set_rollback(True)


@pytest.fixture(scope="package")
def walker(world: World) -> Walker:
    """Asks cells in the world."""
    return Walker(world)
