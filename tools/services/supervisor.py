"""One command that runs the whole house on one machine: `make run`.

Order: lock, port, PostgreSQL, Valkey, migrations and static files, reference and demo data, then web server, worker and
beat; stopped in the reverse order. Every child dies with the supervisor, even when that is killed with -9. When
PostgreSQL or Valkey dies, it is started again at its address; when a part of the site dies, all stop and the exit
code is 1. Whatever is configured by URL is used and not started; with production settings nothing embedded starts.
"""

import fcntl
import hashlib
import http.client
import os
import shutil
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO
from urllib.parse import urlsplit

from crm.settings.keys import NAMES, kept_secrets, write_env_file
from crm.static_files import collected_from
from tools.services.errors import RuntimeRefusal, disk_full, from_os_error
from tools.services.layout import BASE, Layout, port_of, wants_demo
from tools.services.ports import is_taken
from tools.services.postgres import APP, OWNER, SUPERUSER, Cluster
from tools.services.process import Child, die_with_parent, run_to_end, spawn
from tools.services.valkey import start_valkey
from tools.translations import compile_catalogues

REAL, DEMO = "sanshen", "sanshen_demo"
HOST = "127.0.0.1"
PY = sys.executable
REVIVAL_SECONDS = 60


class Stopped(Exception):
    """Somebody asked us to stop (Ctrl-C, TERM, HUP) before we were done starting."""


def web_command(port: int) -> list[str]:
    """The web server at `port`. Asked to end, it answers what it has taken; a busy machine needs a while for it."""
    web = [PY, "-m", "granian", "--interface", "wsgi", "--host", HOST, "--port", str(port)]
    web += ["--workers", "2", "--blocking-threads", "4", "--no-ws", "--respawn-failed-workers"]
    return [*web, "--workers-kill-timeout", "25", "crm.wsgi:application"]


def worker_command(name: str = "sanshen") -> list[str]:
    """A worker of two processes; the names of workers at one broker differ."""
    worker = [PY, "-W", "ignore", "-m", "celery", "-A", "crm.celery", "worker", "--loglevel=INFO"]
    return [*worker, "--concurrency=2", "--without-gossip", "--without-mingle", f"--hostname={name}@%h"]


def beat_command(schedule: Path) -> list[str]:
    """The scheduler. No pid file: a stale one would block the start after a crash."""
    beat = [PY, "-W", "ignore", "-m", "celery", "-A", "crm.celery", "beat", "--loglevel=INFO", "--pidfile="]
    return [*beat, "--schedule", str(schedule)]


def say(text: str) -> None:
    """One line of progress, at once."""
    print(text, flush=True)


class Supervisor:
    """Starts, watches and stops everything. `run()` returns the exit code."""

    def __init__(self, base: Path = BASE) -> None:
        self.embedded = not os.environ.get("DATABASE_URL")
        self.demo = wants_demo(os.environ.get("DEMO", ""), embedded=self.embedded)
        self.layout = Layout(base, DEMO if self.demo else REAL)
        self.port = port_of(os.environ.get("PORT", ""))
        self.env = {**os.environ, "PYTHONUNBUFFERED": "1"}
        self.env.setdefault("DJANGO_SETTINGS_MODULE", "crm.settings.dev")
        self.children: list[Child] = []
        # How a service that died is started again, by its name.
        self.again: dict[str, Callable[[], Child]] = {}
        self.cluster: Cluster | None = None
        self.lock: IO[str] | None = None
        self.stopping = False

    def run(self) -> int:
        """`make run`: serve until somebody stops us."""
        started = time.monotonic()
        return self._guarded(lambda: self._serve(started))

    def rebuild_demo(self) -> int:
        """`make demo`: a new demo database, then stop."""
        return self._guarded(self._rebuild_demo)

    def _guarded(self, work) -> int:  # type: ignore[no-untyped-def]
        """Run `work` with signals handled; every failure becomes one line, and whatever runs is stopped."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._on_signal)
        if os.environ.get("MAKELEVEL"):
            # A `make` that is killed outright must not leave us behind; a gentle end is passed on by make itself.
            die_with_parent(signal.SIGTERM, os.getppid())
        try:
            work()
            return 0
        except Stopped:
            return 0
        except RuntimeRefusal as refusal:
            sys.stderr.write(f"sanshen: {refusal}\n")
        except OSError as error:
            sys.stderr.write(f"sanshen: {from_os_error(error, self.layout.var)}\n")
        finally:
            self._stop_all()
        return 1

    def _on_signal(self, number: int, frame: object) -> None:
        self.stopping = True

    def _serve(self, started: float) -> None:
        self._begin()
        if is_taken(self.port):
            raise RuntimeRefusal(
                f"Port {self.port} is taken by another program. Choose one: make run PORT={self.port + 1}"
            )
        self._services()
        self._prepare()
        self._start_site()
        self._wait_ready()
        say(f"Sanshen is ready at http://{HOST}:{self.port}/")
        if self.demo:
            self._print_accounts()
        else:
            say("The first administrator: .venv/bin/python manage.py first_admin --login LOGIN --name NAME")
        say(f"(started in {time.monotonic() - started:.1f} s; logs in {self.layout.var / 'log'}; Ctrl-C stops)")
        self._watch()

    def _rebuild_demo(self) -> None:
        if not self.embedded:
            raise RuntimeRefusal("make demo builds its own embedded database; DATABASE_URL must not be set for it.")
        self.demo, self.layout = True, Layout(self.layout.base, DEMO)
        self._begin()
        self.layout.complete.unlink(missing_ok=True)
        self._services()
        self._prepare()
        say("The demo database is new; `make run` shows it.")
        self._print_accounts()

    def _begin(self) -> None:
        """Folders, lock, secrets."""
        production = self.env["DJANGO_SETTINGS_MODULE"].endswith(".prod")
        if production and not (os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL")):
            raise RuntimeRefusal(
                "Production settings start no embedded services: set DATABASE_URL, DATABASE_OWNER_URL and REDIS_URL."
            )
        if not self.embedded and not os.environ.get("DATABASE_OWNER_URL"):
            raise RuntimeRefusal("DATABASE_URL is set, DATABASE_OWNER_URL is not: migrations run in the owner's role.")
        self.layout.ready()
        self._take_lock()
        if not production:
            kept = kept_secrets(self.layout.secrets)
            for name in NAMES:
                self.env.setdefault(name, kept[name])
            self.env.setdefault("MEDIA_ROOT", str(self.layout.data / "media"))
            self.env.setdefault("ANCHOR_DIR", str(self.layout.data / "anchors"))

    def _take_lock(self) -> None:
        """Only one supervisor per checkout. The lock dies with its holder, so a crash leaves none."""
        path = self.layout.run / "supervisor.lock"
        self.lock = path.open("a+")
        try:
            fcntl.flock(self.lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            self.lock.seek(0)
            pid = self.lock.read().strip() or "?"
            self.lock = None
            raise RuntimeRefusal(
                f"Sanshen already runs from this folder (pid {pid}). Stop that one first: Ctrl-C there, or kill {pid}"
            ) from None
        self.lock.truncate(0)
        self.lock.write(f"{os.getpid()}\n")
        self.lock.flush()

    def _services(self) -> None:
        """PostgreSQL and Valkey, unless they are named by URL; their addresses go into the environment."""
        kept = kept_secrets(self.layout.secrets) if self.embedded or not self.env.get("REDIS_URL") else {}
        if self.embedded:
            passwords = {
                SUPERUSER: kept["PG_SUPER_PASSWORD"],
                OWNER: kept["PG_OWNER_PASSWORD"],
                APP: kept["PG_APP_PASSWORD"],
            }
            self.cluster = Cluster(self.layout.var, passwords=passwords, log=self.layout.log("postgres"))
            self.children.append(self.cluster.start())
            self.again["postgres"] = self.cluster.start
            self._database(self.cluster)
            self.env["DATABASE_URL"] = self.cluster.url(APP, self.layout.database)
            self.env["DATABASE_OWNER_URL"] = self.cluster.url(OWNER, self.layout.database)
        if not self.env.get("REDIS_URL"):
            folder, log, password = self.layout.var / "redis", self.layout.log("valkey"), kept["REDIS_PASSWORD"]
            child, self.env["REDIS_URL"] = start_valkey(folder, password=password, log=log)
            port = urlsplit(self.env["REDIS_URL"]).port or 0
            self.children.append(child)
            self.again["valkey"] = lambda: start_valkey(folder, password=password, log=log, port=port)[0]
        names = ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL", "MEDIA_ROOT", "ANCHOR_DIR")
        if not self.env["DJANGO_SETTINGS_MODULE"].endswith(".prod"):
            write_env_file(self.layout.services, {name: self.env[name] for name in names})
        self._check_stop()

    def _database(self, cluster: Cluster) -> None:
        """The database of this run. A demo database whose filling was interrupted is begun anew; a real one never."""
        if self.demo and not self.layout.complete.exists():
            cluster.drop_database(self.layout.database)
            for name in ("media", "anchors"):
                shutil.rmtree(self.layout.data / name, ignore_errors=True)
                (self.layout.data / name).mkdir()
        cluster.create_database(self.layout.database)

    def _prepare(self) -> None:
        """Catalogues, migrations and static files (side by side), then reference and demo data."""
        compile_catalogues(self.layout.base)
        collecting = self._start_collectstatic()
        self._step("migrate", "migrations", [PY, "-m", "tools.services.prepare", "migrate"])
        if collecting is not None:
            self._finish(collecting[0], "static files")
            (self.layout.run / "static.stamp").write_text(collecting[1])
        if self.demo and not self.layout.complete.exists():
            say("sanshen: filling the demo database; the first start takes a little longer")
        command = [PY, "-m", "tools.services.prepare", "data", *(["--demo"] if self.demo else [])]
        self._step("data", "reference and demo data", command)
        self.layout.complete.touch()

    def _start_collectstatic(self) -> tuple[Child, str] | None:
        """Start collectstatic when a source file changed; returns it with the new stamp."""
        digest = hashlib.sha256()
        for path in collected_from(self.layout.base):
            digest.update(f"{path.relative_to(self.layout.base)}\0".encode() + path.read_bytes())
        stamp = self.layout.run / "static.stamp"
        manifest = self.layout.var / "static" / "staticfiles.json"
        if manifest.exists() and stamp.exists() and stamp.read_text() == digest.hexdigest():
            return None
        command = [PY, "manage.py", "collectstatic", "--no-input", "--clear", "-v0"]
        return self._spawn("collectstatic", command), digest.hexdigest()

    def _step(self, name: str, what: str, command: list[str]) -> None:
        self._finish(self._spawn(name, command), what)

    def _finish(self, child: Child, what: str) -> None:
        """Wait for a job; remove it from the children; refuse with the end of its log when it failed."""
        code = run_to_end(child, timeout=600, wanted=lambda: self.stopping)
        self.children.remove(child)
        self._check_stop()
        if code:
            if "No space left on device" in child.tail(60):
                raise disk_full(self.layout.var)
            raise RuntimeRefusal(f"{what} failed; the log {child.log} ends:\n{child.tail(25)}")

    def _spawn(
        self, name: str, command: list[str], *, patience: float = 15, env: dict[str, str] | None = None
    ) -> Child:
        child = spawn(
            name, command, log=self.layout.log(name), env=env or self.env, cwd=self.layout.base, patience=patience
        )
        self.children.append(child)
        return child

    def _start_site(self) -> None:
        """Web server, worker and beat. They are not told the owner's address: they own nothing."""
        env = {name: value for name, value in self.env.items() if name != "DATABASE_OWNER_URL"}
        self._spawn("worker", worker_command(), patience=30, env={**env, "DATABASE_PURPOSE": "task"})
        self._spawn("web", web_command(self.port), patience=30, env={**env, "DATABASE_PURPOSE": "web"})
        self._spawn("beat", beat_command(self.layout.run / "beat-schedule"), env={**env, "DATABASE_PURPOSE": "task"})

    def _wait_ready(self) -> None:
        """Until /readyz answers that pages can be served."""
        deadline, said = time.monotonic() + 90, "nothing"
        while time.monotonic() < deadline:
            self._check_stop()
            self._check_children()
            try:
                status, said = self._ask("/readyz")
                if status < 500:
                    return
            except OSError:
                pass
            time.sleep(0.1)
        web = next(child for child in self.children if child.name == "web")
        raise RuntimeRefusal(f"The web server is not ready; /readyz says {said}; its log {web.log} ends:\n{web.tail()}")

    def _ask(self, path: str) -> tuple[int, str]:
        connection = http.client.HTTPConnection(HOST, self.port, timeout=5)
        try:
            connection.request("GET", path)
            response = connection.getresponse()
            return response.status, response.read(500).decode("utf-8", "replace")
        finally:
            connection.close()

    def _print_accounts(self) -> None:
        child = self._spawn("accounts", [PY, "-m", "tools.services.prepare", "accounts"])
        child.log.write_bytes(b"")
        run_to_end(child, timeout=60, wanted=lambda: self.stopping)
        self.children.remove(child)
        if text := child.tail(60):
            say(text)

    def _watch(self) -> None:
        while not self.stopping:
            self._check_children()
            time.sleep(0.2)
        say("sanshen: stopping")

    def _check_stop(self) -> None:
        if self.stopping:
            raise Stopped

    def _check_children(self) -> None:
        for child in list(self.children):
            if child.died() and not self.stopping:
                # A full disk shows first in whoever writes next, in that program's own words.
                if self.layout.free() < 2**23 or "No space left on device" in child.tail(60):
                    raise disk_full(self.layout.var)
                code = child.process.returncode
                if child.name in self.again:
                    say(f"sanshen: {child.name} ended (code {code}); it is started again")
                    self._revive(child)
                    continue
                raise RuntimeRefusal(
                    f"{child.name} ended (code {code}), so all stop; its log {child.log} ends:\n{child.tail()}"
                )

    def _revive(self, child: Child) -> None:
        """Put a new service in the place of a dead one, at the same address: the site reconnects by itself."""
        deadline = time.monotonic() + REVIVAL_SECONDS
        while True:
            try:
                self.children[self.children.index(child)] = self.again[child.name]()
                return
            except RuntimeRefusal:
                # A killed server's last processes may still hold its memory: they go as soon as they notice.
                self._check_stop()
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.2)

    def _stop_all(self) -> None:
        """In reverse order of starting: beat, web, worker, Valkey, PostgreSQL. A second Ctrl-C changes nothing."""
        for child in reversed(self.children):
            child.stop()
        self.children.clear()
        if self.lock is not None:
            self.layout.services.unlink(missing_ok=True)
            self.lock.close()


def main(arguments: list[str]) -> int:
    """`run` (default) or `demo`."""
    verb = arguments[0] if arguments else "run"
    if verb not in ("run", "demo"):
        sys.stderr.write("usage: python -m tools.services.supervisor [run|demo]\n")
        return 2
    try:
        supervisor = Supervisor()
    except RuntimeRefusal as refusal:
        sys.stderr.write(f"sanshen: {refusal}\n")
        return 1
    return supervisor.run() if verb == "run" else supervisor.rebuild_demo()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
