"""One world for all tests of this folder: built once, emptied out at the end."""

from collections.abc import Iterator

import pytest
from django.core.management import call_command
from pytest_django.plugin import DjangoDbBlocker

from crm.tests.assurance import world as worlds
from crm.tests.assurance.access_matrix import walked
from crm.tests.assurance.matrix import Walker
from crm.tests.assurance.world import World
from crm.tests.support.reference import restore_reference


@pytest.fixture(scope="package")
def world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    """People, rows and ways in; whatever a test does to them it undoes itself.

    Committed: a transaction that stays open for minutes keeps every sealer of the same server waiting.
    """
    with django_db_blocker.unblock():
        restore_reference()
        worlds.use(None)
        walked.cache_clear()
        yield worlds.the_world()
        worlds.use(None)
        walked.cache_clear()
        # As after any test that commits: what the migrations wrote into tables is written again, numbers go on.
        call_command("flush", verbosity=0, interactive=False, reset_sequences=False)


@pytest.fixture(scope="package")
def walker(world: World) -> Walker:
    """Asks cells in the world."""
    return Walker(world)
