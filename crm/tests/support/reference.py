"""Reference data in the test database: calendar, parameters, industries, regions.

Loaded once into each test database and copied aside; a transactional test empties all tables, so the copy is put back
before the next test that needs it (a few milliseconds instead of a second).
"""

from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from pytest_django.plugin import DjangoDbBlocker

# In the order in which they may be written: what is pointed to comes first.
TABLES = ("kernel_calendarday", "kernel_parameter", "kernel_parameterversion", "clients_industry", "clients_region")


def _columns(table: str) -> str:
    """The table's columns that may be written: generated ones are left out."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) FROM pg_attribute "
            "WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''",
            [table],
        )
        return str(cursor.fetchone()[0])


def keep_reference() -> None:
    """Load reference data and copy it aside, into a schema that no test empties."""
    call_command("load_reference", verbosity=0, stdout=StringIO())
    with connection.cursor() as cursor:
        cursor.execute("DROP SCHEMA IF EXISTS kept CASCADE")
        cursor.execute("CREATE SCHEMA kept")
        for table in TABLES:
            cursor.execute(f"CREATE TABLE kept.{table} AS SELECT {_columns(table)} FROM {table}")


def restore_reference() -> None:
    """Put the copy back into emptied tables."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT 1 FROM kernel_parameter)")
        if cursor.fetchone()[0]:
            return
        for table in TABLES:
            columns = _columns(table)
            cursor.execute(f"INSERT INTO {table} ({columns}) SELECT {columns} FROM kept.{table}")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """Fill the session's database once, before the first test's transaction opens."""
    with django_db_blocker.unblock():
        keep_reference()


@pytest.fixture(autouse=True)
def _reference_data(request: pytest.FixtureRequest) -> Iterator[None]:
    """Every test that touches the database finds reference data in it."""
    if _marked(request) or {"db", "transactional_db"} & set(request.fixturenames):
        request.getfixturevalue("transactional_db" if _is_transactional(request) else "db")
        restore_reference()
    yield


def _marked(request: pytest.FixtureRequest) -> Any:
    return request.node.get_closest_marker("django_db")


def _is_transactional(request: pytest.FixtureRequest) -> bool:
    marker = _marked(request)
    return bool(marker and marker.kwargs.get("transaction")) or "transactional_db" in request.fixturenames
