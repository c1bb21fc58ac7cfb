"""A whole house that is thrown away afterwards: for the pictures, the benchmark and the assurance runs.

`open_house()` starts the test services, makes a migrated database of its own and sets Django up on it; `served()`
puts the real web server in front. The database is dropped at the end.
"""

import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import django
import psycopg2
from psycopg2 import sql

from tools.services.ports import free_port
from tools.services.pytest_services import Services
from tools.services.templatedb import with_database

BASE = Path(__file__).resolve().parents[3]


@dataclass(frozen=True)
class House:
    """The addresses of a throw-away house: its database for owner and application."""

    owner_url: str
    app_url: str

    def manage(self, *arguments: str, role: str = "app") -> None:
        """Run manage.py on this house's database as a process of its own."""
        environment = {**os.environ, "DATABASE_ROLE": role, "DJANGO_SETTINGS_MODULE": "crm.settings.dev"}
        subprocess.run([sys.executable, "manage.py", *arguments], cwd=BASE, env=environment, check=True)


@contextmanager
def open_house(name: str, *, settings: str = "crm.settings.test") -> Iterator[House]:
    """Services, an empty migrated database `name` with reference data, Django set up; all gone afterwards."""
    services = Services()
    services.start()
    owner, app = os.environ["DATABASE_OWNER_URL"], os.environ["DATABASE_URL"]
    house = House(owner_url=with_database(owner, name), app_url=with_database(app, name))
    try:
        _create(owner, name)
        os.environ |= {"DATABASE_OWNER_URL": house.owner_url, "DATABASE_URL": house.app_url}
        os.environ["DJANGO_SETTINGS_MODULE"] = settings
        django.setup()
        # The template was migrated with other secrets: this gives the database the key of today's proofs.
        house.manage("migrate", "-v0")
        house.manage("load_reference", "-v0")
        yield house
    finally:
        _drop(owner, name)
        services.stop()


def _maintenance(owner: str) -> "psycopg2.extensions.connection":
    connection = psycopg2.connect(with_database(owner, "postgres"))
    connection.autocommit = True
    return connection


def _create(owner: str, name: str) -> None:
    _drop(owner, name)
    template = os.environ["TEST_DB_TEMPLATE"]
    with _maintenance(owner).cursor() as cursor:
        statement = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
        cursor.execute(statement.format(sql.Identifier(name), sql.Identifier(template)))


def _drop(owner: str, name: str) -> None:
    with _maintenance(owner).cursor() as cursor:
        drop = sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name))
        try:
            cursor.execute(drop + sql.SQL(" WITH (FORCE)"))
        except psycopg2.errors.InsufficientPrivilege:
            # An autovacuum worker of the server's own is at it: that one leaves when asked without force.
            cursor.execute(drop)


@contextmanager
def served(
    *,
    workers: int = 1,
    threads: int = 4,
    settings: str = "crm.settings.dev",
    application: str = "crm.wsgi:application",
    with_assets: bool = True,
) -> Iterator[str]:
    """The web server over the open house, in the application's role; yields its address without a final slash."""
    port = free_port()
    environment = {**os.environ, "DATABASE_ROLE": "app", "DJANGO_SETTINGS_MODULE": settings}
    if with_assets:
        collect = [sys.executable, "manage.py", "collectstatic", "--no-input", "-v0"]
        subprocess.run(collect, cwd=BASE, env=environment, check=True)
    command = [str(Path(sys.executable).parent / "granian"), "--interface", "wsgi", "--host", "127.0.0.1"]
    command += [
        "--port",
        str(port),
        "--workers",
        str(workers),
        "--blocking-threads",
        str(threads),
        application,
    ]
    server = subprocess.Popen(command, cwd=BASE, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    try:
        _wait(address, server)
        yield address
    finally:
        server.terminate()
        server.wait(timeout=120)


def _wait(address: str, server: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + 180
    while time.monotonic() < deadline:
        try:
            urllib.request.urlopen(f"{address}/healthz", timeout=5).close()
            return
        except (urllib.error.URLError, OSError):
            if server.poll() is not None:
                raise RuntimeError("the web server stopped before it answered") from None
            time.sleep(0.1)
    raise RuntimeError("the web server did not answer within 180 s")
