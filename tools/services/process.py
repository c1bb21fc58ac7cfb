"""Child processes that never outlive their parent, and PostgreSQL under root without a new user or a chmod.

Linux gives us both for a few calls: a parent-death signal, and ambient capabilities. Elsewhere both are skipped.
"""

import ctypes
import os
import pwd
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tools.services.errors import RuntimeRefusal

LINUX = sys.platform.startswith("linux")
# Loaded before any fork: nothing may be imported or opened between fork and exec.
_libc = ctypes.CDLL(None, use_errno=True) if LINUX else None
_PR_SET_PDEATHSIG, _PR_SET_KEEPCAPS, _PR_SET_SECUREBITS, _PR_CAP_AMBIENT, _PR_CAP_AMBIENT_RAISE = 1, 8, 28, 47, 2
_SECBIT_NO_SETUID_FIXUP = 1 << 2
_CAP_DAC_OVERRIDE = 1
_CAPABILITY_VERSION_3 = 0x20080522
_LARGEST_LOG = 5 * 1024 * 1024


class _Header(ctypes.Structure):
    _fields_ = (("version", ctypes.c_uint32), ("pid", ctypes.c_int))


class _Data(ctypes.Structure):
    _fields_ = (("effective", ctypes.c_uint32), ("permitted", ctypes.c_uint32), ("inheritable", ctypes.c_uint32))


def is_root() -> bool:
    """Whether this process runs as root."""
    return os.geteuid() == 0


def server_uid() -> int:
    """The user PostgreSQL runs under: `nobody` when we are root (it refuses root), else ourselves."""
    return pwd.getpwnam("nobody").pw_uid if is_root() else os.geteuid()


def _become_nobody() -> None:
    """Between fork and exec, as root: become `nobody`, keeping only the right to pass through closed folders.

    Without that right (a container may have taken it) the server still works where the path is open to all. The
    secure bit is for access(2), by which `initdb` and `postgres` judge their own binaries: it ignores every right of a
    user other than root unless the bit is set. OSError when some other right of root could not be given up.
    """
    nobody = pwd.getpwnam("nobody")
    if _libc is not None:
        _libc.prctl(_PR_SET_SECUREBITS, _SECBIT_NO_SETUID_FIXUP, 0, 0, 0)
        _libc.prctl(_PR_SET_KEEPCAPS, 1, 0, 0, 0)
    os.setgroups([])
    os.setresgid(nobody.pw_gid, nobody.pw_gid, nobody.pw_gid)
    os.setresuid(nobody.pw_uid, nobody.pw_uid, nobody.pw_uid)
    if _libc is not None:
        if _set_capabilities(1 << _CAP_DAC_OVERRIDE):
            _libc.prctl(_PR_CAP_AMBIENT, _PR_CAP_AMBIENT_RAISE, _CAP_DAC_OVERRIDE, 0, 0)
        elif not _set_capabilities(0):
            raise OSError(ctypes.get_errno(), "the rights of root could not be given up")


def _set_capabilities(bits: int) -> bool:
    """Keep exactly these of the first 32 capabilities, none of the others; False when the kernel refuses."""
    assert _libc is not None
    header = _Header(_CAPABILITY_VERSION_3, 0)
    data = (_Data * 2)(_Data(bits, bits, bits), _Data(0, 0, 0))
    return _libc.capset(ctypes.byref(header), ctypes.byref(data)) == 0


def die_with_parent(death_signal: int, parent: int) -> None:
    """Ask the kernel to send `death_signal` to this process when `parent` dies; quit if it is dead already."""
    if _libc is not None:
        _libc.prctl(_PR_SET_PDEATHSIG, int(death_signal), 0, 0, 0)
        if os.getppid() != parent:
            os.kill(os.getpid(), signal.SIGKILL)


def _child_setup(drop_root: bool, death_signal: int) -> Callable[[], None]:
    parent = os.getpid()

    def setup() -> None:
        os.umask(0o077 if drop_root else 0o022)
        if drop_root and os.geteuid() == 0:
            _become_nobody()
        # After the change of user: the change clears the signal.
        die_with_parent(death_signal, parent)

    return setup


@dataclass
class Child:
    """A running child: its name for messages, its log, and the signal that stops it gently."""

    name: str
    process: "subprocess.Popen[bytes]"
    log: Path
    stop_signal: int = signal.SIGTERM
    patience: float = 10.0

    def died(self) -> bool:
        """Whether the child has ended."""
        return self.process.poll() is not None

    def stop(self) -> None:
        """Ask gently, wait `patience` seconds, then kill the whole group."""
        if not self.died():
            self.process.send_signal(self.stop_signal)
            try:
                self.process.wait(self.patience)
            except subprocess.TimeoutExpired:
                pass
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            pass
        self.process.wait()

    def tail(self, lines: int = 12) -> str:
        """The last lines of the child's log."""
        return log_tail(self.log, lines)


def spawn(
    name: str,
    command: Sequence[str | Path],
    *,
    log: Path,
    env: Mapping[str, str] | None = None,
    cwd: Path | str = "/",
    drop_root: bool = False,
    stop_signal: int = signal.SIGTERM,
    patience: float = 10.0,
) -> Child:
    """Start a child in a session of its own (the terminal's Ctrl-C reaches only us) that dies with us.

    `drop_root` makes it `nobody` when we are root. The parent-death signal is `stop_signal`.
    """
    with open_log(log) as output:
        process = subprocess.Popen(
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=dict(os.environ if env is None else env),
            cwd=str(cwd),
            start_new_session=True,
            preexec_fn=_child_setup(drop_root, stop_signal),
        )
    return Child(name, process, log, stop_signal, patience)


def run_to_end(child: Child, *, timeout: float, wanted: Callable[[], bool] = lambda: False) -> int:
    """Wait for a child that does one job; poll `wanted` and stop the child early when it says so. Its exit code."""
    deadline = time.monotonic() + timeout
    while not child.died():
        if wanted():
            child.stop()
            break
        if time.monotonic() > deadline:
            child.stop()
            raise RuntimeRefusal(f"{child.name} did not finish within {timeout:.0f} s; see {child.log}")
        time.sleep(0.03)
    return child.process.wait()


def open_log(path: Path):  # type: ignore[no-untyped-def]
    """Open a log for appending; a log above 5 MB starts anew and keeps one predecessor."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.exists() and path.stat().st_size > _LARGEST_LOG:
        path.replace(path.with_suffix(".1"))
    return path.open("ab")


def log_tail(path: Path, lines: int = 12) -> str:
    """The last `lines` lines of a log, or nothing when it cannot be read."""
    try:
        return "\n".join(path.read_text("utf-8", errors="replace").splitlines()[-lines:])
    except OSError:
        return ""
