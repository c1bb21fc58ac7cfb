"""pytest plugin (loaded with `-p` before anything reads the settings): services and databases of the tests.

Without DATABASE_OWNER_URL it starts a throw-away PostgreSQL and Valkey below `var/test` and stops them at the end; with
it, that server is used. Either way the migrations run once into a template database, and each test database (one per
xdist worker) is a copy. TEST_DB_NAME names the test database, TEST_TEMPLATE=0 does without the template.

Tests connect as the owner role, which may empty tables. For attacks with raw SQL in the application's role there are
the fixtures `app_database_url` and `app_connection`.
"""

import fcntl
import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

import psycopg2
import pytest
from django.db import connection

from crm.settings.keys import NAMES, PASSWORDS, kept_secrets, new_secret
from tools.services.errors import RuntimeRefusal
from tools.services.postgres import APP, OWNER, SUPERUSER, Cluster
from tools.services.templatedb import ensure_template, with_database
from tools.services.valkey import start_valkey
from tools.translations import compile_catalogues

BASE = Path(__file__).resolve().parent.parent.parent
HOME = BASE / "var" / "test"

pytest_plugins = ["crm.tests.support.browser"]


def check_packages(base: Path) -> None:
    """Refuse packages that an older lock file installed: a missing import would say less."""
    lock, stamp = base / "requirements-dev.lock", base / ".venv" / ".sanshen-stamp-requirements-dev.lock"
    if stamp.is_file() and stamp.read_text() != hashlib.sha256(lock.read_bytes()).hexdigest():
        raise RuntimeRefusal(f"The packages in .venv are not those of {lock.name}: run python3 tools/bootstrap.py test")


class Services:
    """The servers of one test session, and how to be rid of them."""

    def __init__(self) -> None:
        self.cluster: Cluster | None = None
        self.children: list[Any] = []
        self.scratch: list[Path] = []
        self.lock: IO[str] | None = None

    def start(self) -> None:
        """Start what the environment does not name, and tell the settings by environment variables."""
        check_packages(BASE)
        for name in NAMES:
            os.environ.setdefault(name, new_secret(name))
        # Whatever a shell has exported for a server: tests have their own settings.
        os.environ["DJANGO_SETTINGS_MODULE"] = "crm.settings.test"
        own = not os.environ.get("DATABASE_OWNER_URL")
        home = self._home()
        self._folders(home)
        if own:
            self._start_postgres(home)
        if not os.environ.get("REDIS_URL"):
            child, url = start_valkey(
                home / "redis", password=new_secret("REDIS_PASSWORD"), log=home / "valkey.log", keep=False
            )
            self.children.append(child)
            os.environ["REDIS_URL"] = url
        compile_catalogues(BASE)
        if os.environ.get("TEST_TEMPLATE") != "0":
            owner_url = os.environ["DATABASE_OWNER_URL"]
            os.environ["TEST_DB_TEMPLATE"] = ensure_template(
                BASE, owner_url=owner_url, maintenance="postgres", drop_others=own
            )

    def _home(self) -> Path:
        """`var/test`, kept between sessions; a second session at the same time gets a folder of its own."""
        HOME.mkdir(parents=True, exist_ok=True)
        self.lock = (HOME / "lock").open("a")
        try:
            fcntl.flock(self.lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return HOME
        except OSError:
            extra = Path(tempfile.mkdtemp(prefix="extra-", dir=HOME))
            self.scratch.append(extra)
            return extra

    def _folders(self, home: Path) -> None:
        """Fresh folders for uploads, anchors and mail, so that no session sees another's files."""
        for name in ("MEDIA_ROOT", "ANCHOR_DIR"):
            folder = Path(tempfile.mkdtemp(prefix=name.lower() + "-", dir=home))
            self.scratch.append(folder)
            os.environ[name] = str(folder)

    def _start_postgres(self, home: Path) -> None:
        """The throw-away cluster. One that does not start any more is thrown away at once."""
        values = kept_secrets(home / "passwords", PASSWORDS)
        names = {SUPERUSER: PASSWORDS[0], OWNER: PASSWORDS[1], APP: PASSWORDS[2]}
        passwords = {role: values[name] for role, name in names.items()}
        cluster = Cluster(home, passwords=passwords, log=home / "postgres.log", throwaway=True)
        self.cluster = cluster
        try:
            cluster.start()
        except RuntimeRefusal:
            shutil.rmtree(cluster.data, ignore_errors=True)
            cluster.start()
        os.environ["DATABASE_OWNER_URL"] = cluster.url(OWNER, "postgres")
        os.environ["DATABASE_URL"] = cluster.url(APP, "postgres")

    def stop(self) -> None:
        """Stop everything this session started and remove its scratch folders."""
        for child in reversed(self.children):
            child.stop()
        if self.cluster is not None:
            self.cluster.stop()
        for folder in self.scratch:
            shutil.rmtree(folder, ignore_errors=True)
        if self.lock is not None:
            self.lock.close()


_services: Services | None = None


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Iterator[None]:
    """Start before pytest-django reads the settings. xdist workers inherit the controller's environment."""
    global _services
    options = early_config.known_args_namespace
    idle = options.help or options.version or "PYTEST_XDIST_WORKER" in os.environ
    if not idle and _services is None:
        _services = Services()
        try:
            _services.start()
        except RuntimeRefusal as refusal:
            _services.stop()
            raise pytest.UsageError(str(refusal)) from None
    return (yield)


@pytest.hookimpl(trylast=True)
def pytest_unconfigure() -> None:
    """Stop the servers after the last test database is dropped."""
    global _services
    if _services is not None:
        _services.stop()
        _services = None


@pytest.fixture
def app_database_url(transactional_db: None) -> str:
    """The URL of this test's database in the application's role (`sanshen_app`). Rows are really committed."""
    return with_database(os.environ["DATABASE_URL"], str(connection.settings_dict["NAME"]))


@pytest.fixture
def app_connection(app_database_url: str) -> "Iterator[psycopg2.extensions.connection]":
    """A raw psycopg2 connection in the application's role to this test's database, rolled back at the end."""
    raw = psycopg2.connect(app_database_url)
    yield raw
    raw.rollback()
    raw.close()
