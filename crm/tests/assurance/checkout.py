"""`make run` in a copy of this tree: the real supervisor over services, secrets and data of its own."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from crm.settings.keys import read_env_file
from crm.tests.support.throwaway import BASE
from tools.services.ports import free_port
from tools.services.process import log_tail

LEFT_BEHIND = (".git", "var", ".venv", ".tools", "node_modules", "__pycache__", ".*_cache")
READY_SECONDS = 900
# An account manager with a key to the API, in a database that has only reference data.
WRITER = """
import django
django.setup()
from crm.kernel.audit.context import SYSTEM
from crm.kernel.people.services import api_key_create
from crm.tests.support.people import cast_member
account = cast_member("owner").accounts.get()
print(api_key_create(account=account, name="writer", by=SYSTEM))
"""


class Checkout:
    """A copy that runs: its folder, its address, its supervisor."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        named = ("DATABASE_", "REDIS_", "DJANGO_", "TEST_", "MEDIA_", "ANCHOR_", "MAKELEVEL")
        own = ("SECRET_KEY", "FIELD_KEYS", "AUDIT_KEY")
        kept = {name: value for name, value in os.environ.items() if not name.startswith(named) and name not in own}
        self.environment = {**kept, "PORT": str(self.port), "DEMO": "0"}
        self.log = folder / "supervisor.log"
        with self.log.open("wb") as log:
            self.supervisor = subprocess.Popen(
                [sys.executable, "-m", "tools.services.supervisor", "run"],
                cwd=folder,
                env=self.environment,
                stdout=log,
                stderr=log,
            )

    def wait(self) -> None:
        """Until it says that it is ready."""
        deadline = time.monotonic() + READY_SECONDS
        while "ready at" not in log_tail(self.log, 20):
            if self.supervisor.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"the copy did not start: {log_tail(self.log, 20)}")
            time.sleep(0.2)

    def readyz(self) -> str:
        """What /readyz says; nothing when it does not answer."""
        try:
            with urllib.request.urlopen(f"{self.address}/readyz", timeout=20) as answer:
                return str(answer.read().decode())
        except OSError as error:
            return str(error)

    def database_url(self) -> str:
        """The application's address of its database."""
        return read_env_file(self.folder / "var" / "run" / "services.env")["DATABASE_URL"]

    def postmaster(self) -> int:
        """The pid of its PostgreSQL."""
        (path,) = (self.folder / "var").glob("pg*/postmaster.pid")
        return int(path.read_text().split("\n", 1)[0])

    def writer_key(self) -> str:
        """A key to the API of somebody who may file clients."""
        environment = {**self.environment, "DJANGO_SETTINGS_MODULE": "crm.settings.dev"}
        done = subprocess.run(
            [sys.executable, "-c", WRITER], cwd=self.folder, env=environment, capture_output=True, text=True
        )
        if done.returncode:
            raise RuntimeError(done.stderr[-2000:])
        return done.stdout.split()[-1]

    def stop(self) -> float:
        """As Ctrl-C does; how many seconds it took."""
        started = time.monotonic()
        self.supervisor.terminate()
        self.supervisor.wait(timeout=180)
        return time.monotonic() - started


@contextmanager
def checkout() -> Iterator[Checkout]:
    """A copy below `var/`, running and ready; stopped and removed afterwards."""
    (BASE / "var").mkdir(exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="checkout-", dir=BASE / "var"))
    try:
        shutil.copytree(BASE, folder, ignore=shutil.ignore_patterns(*LEFT_BEHIND), dirs_exist_ok=True)
        (folder / "node_modules").symlink_to(BASE / "node_modules")
        running = Checkout(folder)
        try:
            running.wait()
            yield running
        finally:
            running.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
