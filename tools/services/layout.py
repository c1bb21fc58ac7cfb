"""Where a checkout keeps its state, and the environment its processes get."""

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from tools.services.errors import RuntimeRefusal
from tools.services.postgres import user_name

BASE = Path(__file__).resolve().parent.parent.parent
LEAST_FREE = 200 * 1024 * 1024
DEFAULT_PORT = 8000


@dataclass(frozen=True)
class Layout:
    """The folders and files below `var/` for one database."""

    base: Path
    database: str

    @property
    def var(self) -> Path:
        """All state of the checkout."""
        return self.base / "var"

    @property
    def run(self) -> Path:
        """Lock, schedule and addresses of the present run."""
        return self.var / "run"

    @property
    def data(self) -> Path:
        """Files that belong to the database: uploads and anchors."""
        return self.var / "data" / self.database

    @property
    def complete(self) -> Path:
        """Exists once the database has been filled; an interrupted first start leaves none."""
        return self.data / "complete"

    @property
    def services(self) -> Path:
        """Addresses for `manage.py` in another terminal, while we run."""
        return self.run / "services.env"

    @property
    def secrets(self) -> Path:
        """Secrets of the checkout."""
        return self.var / "secrets.env"

    def log(self, name: str) -> Path:
        """The log of one child."""
        return self.var / "log" / f"{name}.log"

    def free(self) -> int:
        """Bytes left on the disk of `var/`."""
        return shutil.disk_usage(self.var).free

    def ready(self) -> None:
        """Make the folders; refuse a full disk or another user's folder in one line."""
        self.var.mkdir(exist_ok=True)
        owner = self.var.stat().st_uid
        if owner != os.geteuid():
            raise RuntimeRefusal(
                f"{self.var} belongs to user {user_name(owner)}, you are {user_name(os.geteuid())}. Start Sanshen as "
                f"{user_name(owner)}, or in a checkout of your own."
            )
        free = self.free()
        if free < LEAST_FREE:
            raise RuntimeRefusal(
                f"The disk under {self.var} is full: {free // 2**20} MB free, {LEAST_FREE // 2**20} MB are needed."
            )
        for folder in (self.run, self.data / "media", self.data / "anchors", self.var / "mail", self.var / "log"):
            folder.mkdir(parents=True, exist_ok=True)


def port_of(text: str) -> int:
    """The port named by PORT, 8000 when empty."""
    if not text:
        return DEFAULT_PORT
    if not text.isdigit() or not 1 <= int(text) <= 65535:
        raise RuntimeRefusal(f"PORT={text} is no port; name one between 1 and 65535.")
    return int(text)


def wants_demo(text: str, *, embedded: bool) -> bool:
    """DEMO: on by default with our own database; with a configured one only when asked for."""
    if text.lower() in ("0", "no", "false"):
        return False
    return bool(text) or embedded
