"""The one error of the runtime: a sentence for the person at the keyboard, never a traceback."""

import errno
from pathlib import Path


class RuntimeRefusal(Exception):
    """Why Sanshen cannot start or go on, and what to do about it, in one line."""


def disk_full(path: Path) -> RuntimeRefusal:
    """The refusal for a full disk under `path`."""
    return RuntimeRefusal(f"The disk under {path} is full. Free some space and start again; nothing was lost.")


def from_os_error(error: OSError, path: Path) -> RuntimeRefusal:
    """An operating system error in words: full disk and missing rights are named, others keep their own text."""
    where = Path(error.filename) if isinstance(error.filename, str) else path
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return disk_full(where)
    if isinstance(error, PermissionError):
        return RuntimeRefusal(f"This user may not write {where}. Run as the user who owns it, or use another checkout.")
    return RuntimeRefusal(str(error))
