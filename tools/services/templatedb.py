"""Migrate once, copy often: the template database the tests start from.

Its name holds the hash of all migrations and of the locked packages, so a change of either makes a new one and an
unchanged tree starts in the time of one `CREATE DATABASE ... TEMPLATE`.
"""

import hashlib
import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg2
from psycopg2 import sql

from tools.services.errors import RuntimeRefusal

PREFIX = "sanshen_template_"
APPS = ("crm/kernel", "crm/home", "clients", "projects", "risk", "staff")
_LOCK = 7_363_101  # any number: two sessions of tests must not build the same template at once


def with_database(url: str, name: str) -> str:
    """The same server and role, another database."""
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


def template_name(base: Path) -> str:
    """`sanshen_template_<hash>` for the migrations of this tree."""
    digest = hashlib.sha256()
    files = [base / "requirements.lock", base / "crm" / "settings" / "base.py"]
    for app in APPS:
        # Migrations read code beside them (seeds, guards, trigger SQL), so the apps' models and data count as well.
        files += sorted((base / app).rglob("migrations/*.py"))
        files += sorted(path for path in (base / app).rglob("data/*") if path.is_file())
        files += sorted((base / app).rglob("parameters/*.json"))
    for path in files:
        if path.is_file():
            digest.update(path.relative_to(base).as_posix().encode() + path.read_bytes())
    return PREFIX + digest.hexdigest()[:16]


def ensure_template(base: Path, *, owner_url: str, maintenance: str, drop_others: bool) -> str:
    """The name of a migrated template database, built when missing.

    `owner_url`: any database of the owner role, which may create databases. `maintenance`: a database to connect to.
    `drop_others`: remove the templates of earlier trees (only in a cluster that is ours alone).
    """
    name = template_name(base)
    connection = psycopg2.connect(with_database(owner_url, maintenance))
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [_LOCK])
            cursor.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [PREFIX])
            present = {row[0] for row in cursor.fetchall()}
            if drop_others:
                for old in present - {name}:
                    cursor.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(old)))
            if name not in present:
                _build(base, cursor, name, owner_url)
    finally:
        connection.close()
    return name


def _build(base: Path, cursor: "psycopg2.extensions.cursor", name: str, owner_url: str) -> None:
    """Migrate into a database with a working name and rename it: a half migrated one is never taken for a template."""
    working = name + "_new"
    cursor.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(working)))
    cursor.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(working)))
    env = {
        **os.environ,
        "DATABASE_OWNER_URL": with_database(owner_url, working),
        "DATABASE_URL": with_database(os.environ["DATABASE_URL"], working),
        "DJANGO_SETTINGS_MODULE": "crm.settings.test",
    }
    command = [sys.executable, "manage.py", "migrate", "--no-input", "-v0"]
    done = subprocess.run(command, cwd=base, env=env, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeRefusal("migrate failed for the tests' template database:\n" + (done.stdout + done.stderr)[-3000:])
    cursor.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(working), sql.Identifier(name)))
