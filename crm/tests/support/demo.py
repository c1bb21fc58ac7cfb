"""The demo institution for tests: built by whoever needs it first in a run; each test has a copy of its own."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg2
import pytest
from django.db import connections, transaction
from psycopg2 import sql
from pytest_django.plugin import DjangoDbBlocker

from crm.home.demo.build import build
from crm.kernel.workdays import clock
from crm.tests.support.reference import keep_reference
from tools.services.templatedb import PREFIX, with_database

_LOCK = 7_363_102  # two workers must not build it at once


def _demo_name() -> str:
    """One database for all workers of a run; its prefix lets the next run throw it away."""
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID", str(os.getpid()))
    return f"{PREFIX}demo_{run[:12]}"


@contextmanager
def _maintenance() -> Iterator[Any]:
    """A cursor that may create databases, held by one worker at a time."""
    raw = psycopg2.connect(with_database(os.environ["DATABASE_OWNER_URL"], "postgres"))
    raw.autocommit = True
    try:
        with raw.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [_LOCK])
            yield cursor
    finally:
        raw.close()


def _copy(cursor: Any, template: str, name: str) -> None:
    parts = {"name": sql.Identifier(name), "template": sql.Identifier(template)}
    cursor.execute(sql.SQL("CREATE DATABASE {name} TEMPLATE {template}").format(**parts))


@contextmanager
def _inside(name: str) -> Iterator[None]:
    """One transaction in another database, as the tests' own transactions are; what pytest-django has open waits."""
    usual = connections["default"]
    other = connections.create_connection("default")
    other.settings_dict = {**usual.settings_dict, "NAME": name}
    connections["default"] = other
    outer: Any = transaction.atomic()
    # What says `durable` is content with a test's transaction around it.
    outer._from_testcase = True
    try:
        with outer:
            yield
            other.run_on_commit = []
    finally:
        other.close()
        connections["default"] = usual


@pytest.fixture
def demo(settings: Any, tmp_path: Any, django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The test runs in the demo institution, with anchors of its own. Not beside live servers: they see another."""
    settings.ANCHOR_DIR = tmp_path / "anchors"
    built, own = _demo_name(), f"{_demo_name()}_{clock.now():%H%M%S%f}"
    with django_db_blocker.unblock():
        with _maintenance() as cursor:
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [built])
            if cursor.fetchone() is None:
                _copy(cursor, os.environ["TEST_DB_TEMPLATE"], f"{built}_new")
                with _inside(f"{built}_new"):
                    keep_reference()
                    build()
                change = sql.SQL("ALTER DATABASE {} RENAME TO {}")
                cursor.execute(change.format(sql.Identifier(f"{built}_new"), sql.Identifier(built)))
            _copy(cursor, built, own)
        try:
            with _inside(own):
                yield
                transaction.set_rollback(True)
        finally:
            with _maintenance() as cursor:
                cursor.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(own)))
