"""Anchors: heads of the chain told to somebody outside of the database.

A chain alone proves nothing against one who can write the whole table (he cuts its tail, or chains it anew). The
witness is a file in `ANCHOR_DIR`, one JSON line for each anchor, best owned by another user of the operating system,
and a mail where `AUDIT_ANCHOR_MAIL` names a mailbox. The database keeps no copy: it would be no witness.
"""

import fcntl
import json
import logging
import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from django.conf import settings
from django.core.mail import send_mail
from django.db import connection
from django.utils import timezone

from crm.kernel.audit import sealing

logger = logging.getLogger(__name__)


class AnchorMismatch(RuntimeError):
    """The database no longer holds what the last anchor witnessed. No new anchor is written over that."""


@dataclass(frozen=True)
class Anchor:
    """One witnessed head: at `at` (ISO 8601, UTC) the chain ended at `seq` with `digest` (64 hex digits)."""

    seq: int
    digest: str
    at: str

    def line(self) -> str:
        """The anchor as it stands in the file and in the mail."""
        return json.dumps(asdict(self), sort_keys=True)


@dataclass(frozen=True)
class AnchorFile:
    """What an anchor file holds; `unreadable` are the numbers of lines that are no anchor (a torn write, or a
    meddler).
    """

    anchors: tuple[Anchor, ...]
    unreadable: tuple[int, ...] = ()


def anchor_path() -> Path:
    """The anchor file of the current database: one for each database name, so that a demo never testifies about
    production.
    """
    name = "".join(c if c.isalnum() or c in "-_" else "_" for c in str(connection.settings_dict["NAME"]))
    return Path(settings.ANCHOR_DIR) / f"{name}.anchors.jsonl"


def parse_anchors(lines: Iterable[str]) -> AnchorFile:
    """Read anchor lines; empty ones are skipped, unreadable ones counted."""
    anchors, unreadable = [], []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            found = json.loads(line)
            anchor = Anchor(seq=int(found["seq"]), digest=str(found["digest"]), at=str(found["at"]))
            if anchor.seq < 1 or len(bytes.fromhex(anchor.digest)) != 32:
                raise ValueError(line)
        except (ValueError, KeyError, TypeError):
            unreadable.append(number)
        else:
            anchors.append(anchor)
    return AnchorFile(tuple(anchors), tuple(unreadable))


def read_anchors(path: Path | None = None) -> AnchorFile:
    """All anchors of the file; none when there is no file yet. Raises OSError when it cannot be read."""
    try:
        with (path or anchor_path()).open(encoding="utf-8", errors="replace") as file:
            return parse_anchors(file)
    except FileNotFoundError:
        return AnchorFile(())


def last_anchor() -> Anchor | None:
    """The newest anchor, from the last 4 kB of the file: this is asked for by every readiness check."""
    try:
        with anchor_path().open("rb") as file:
            file.seek(max(0, file.seek(0, os.SEEK_END) - 4096))
            tail = file.read().decode(errors="replace").splitlines()
    except FileNotFoundError:
        return None
    found = parse_anchors(tail).anchors
    return found[-1] if found else None


def write_anchor(*, day_end: bool = False) -> Anchor | None:
    """Anchor the head if it moved since the last anchor; at the end of a day in any case. None when there was
    nothing to do.

    Raises AnchorMismatch when the database contradicts the last anchor, OSError when the file cannot be written.
    """
    last, head = last_anchor(), sealing.head()
    if last is not None:
        _check_against(last)
    if head.seq == 0 or (last is not None and last.seq == head.seq and not day_end):
        return None
    # The machine's clock on purpose, not the system's: an anchor does not travel in time.
    anchor = Anchor(
        seq=head.seq, digest=head.digest.hex(), at=timezone.now().astimezone(timezone.get_fixed_timezone(0)).isoformat()
    )
    _append(anchor_path(), anchor.line())
    _mail(anchor)
    return anchor


def _check_against(last: Anchor) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT digest FROM kernel_auditseal WHERE seq = %s", [last.seq])
        row = cursor.fetchone()
    if row is None or bytes(row[0]).hex() != last.digest:
        logger.critical("the audit chain contradicts its anchor of seq %s: run verify_audit", last.seq)
        raise AnchorMismatch(f"seq {last.seq} is {'missing' if row is None else 'another'} than anchored at {last.at}")


def _append(path: Path, line: str) -> None:
    """Add one line and see it safely on disk. A torn last line of a crash is closed first."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o640)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        size = os.fstat(descriptor).st_size
        torn = size > 0 and os.pread(descriptor, 1, size - 1) != b"\n"
        os.write(descriptor, (("\n" if torn else "") + line + "\n").encode())
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _mail(anchor: Anchor) -> None:
    """The second witness. A mail that cannot be sent is logged and does not undo the first."""
    mailbox = getattr(settings, "AUDIT_ANCHOR_MAIL", "")
    if not mailbox:
        return
    database = connection.settings_dict["NAME"]
    try:
        send_mail(f"Sanshen audit anchor {database} {anchor.seq}", anchor.line() + "\n", None, [mailbox])
    except OSError:
        logger.exception("the audit anchor of seq %s could not be mailed", anchor.seq)
