"""Anchors: heads of the chain told to somebody outside of the database.

A chain alone proves nothing against one who can write the whole table (he cuts its tail, or chains it anew). The
witness is a file in `ANCHOR_DIR`, one JSON line for each anchor, best owned by another user of the operating system,
and a mail where `AUDIT_ANCHOR_MAIL` names a mailbox.

The anchors are a chain of their own: each holds its number and the SHA-256 of the line before, so a line changed, moved
or taken out of the middle shows. The database notes number and hash of each anchor: no second witness, but a file that
was cut at its end shows too. Lines of earlier versions have neither number nor hash; they may only stand before the
first that has.
"""

import fcntl
import hashlib
import json
import logging
import os
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from django.conf import settings
from django.core.mail import send_mail
from django.db import connection, transaction
from django.utils import timezone

from crm.kernel.audit import sealing
from crm.kernel.audit.models import AuditAnchor

logger = logging.getLogger(__name__)

LOCK = 7311_0002
"""Key of the advisory lock under which anchors are written."""


class AnchorMismatch(RuntimeError):
    """The database no longer holds what the last anchor witnessed. No new anchor is written over that."""


NOTHING = "0" * 64
"""What stands before the first anchor of a file."""


@dataclass(frozen=True)
class Anchor:
    """One witnessed head: at `at` (ISO 8601, UTC) the chain ended at `seq` with `digest` (64 hex digits).

    `number` counts the anchors of a file from 1; `previous` is the hash of the line before. None and "" in old lines.
    """

    seq: int
    digest: str
    at: str
    number: int | None = None
    previous: str = ""

    def line(self) -> str:
        """The anchor as it stands in the file and in the mail."""
        told = asdict(self)
        if self.number is None:
            del told["number"], told["previous"]
        return json.dumps(told, sort_keys=True)

    def sha256(self) -> str:
        """The hash of the line, which the next anchor holds."""
        return hashlib.sha256(self.line().encode()).hexdigest()


@dataclass(frozen=True)
class AnchorFile:
    """What an anchor file holds; `unreadable` are the numbers of lines that are no anchor (a torn write, or a
    meddler). `noted`: number and hash of the newest anchors that the database knows of; a file without one of them was
    cut. `is_part`: some mails, say; gaps are expected.
    """

    anchors: tuple[Anchor, ...]
    unreadable: tuple[int, ...] = ()
    noted: tuple[tuple[int, str], ...] = ()
    is_part: bool = False

    def problems(self) -> list[str]:
        """What contradicts itself in the chain of anchors, each with its place."""
        found = [*self._cut(), *check_links(self.anchors, is_part=self.is_part)]
        digests: dict[int, str] = {}
        for anchor in self.anchors:
            if digests.setdefault(anchor.seq, anchor.digest) != anchor.digest:
                found.append(f"two contradicting anchors for seq {anchor.seq}")
        return found

    def _cut(self) -> list[str]:
        if self.is_part or not self.noted:
            return []
        hashes = {number: anchor.sha256() for number, anchor in enumerate(self.anchors, start=1)}
        gone = sorted(number for number, told in self.noted if number not in hashes)
        other = sorted(number for number, told in self.noted if hashes.get(number, told) != told)
        return [
            *([f"the anchor file was cut: anchors {gone[0]} to {gone[-1]} are gone"] if gone else []),
            *([f"anchor {other[0]} is not the one that was written"] if other else []),
        ]


def check_links(anchors: Sequence[Anchor], *, is_part: bool = False, is_tail: bool = False) -> list[str]:
    """What is wrong with numbers, hashes and order of anchors. `is_part`: gaps are expected; `is_tail`: only before
    the first.
    """
    found: list[str] = []
    before: Anchor | None = None
    for place, anchor in enumerate(anchors, start=1):
        name = f"anchor {anchor.number or place} (seq {anchor.seq})"
        if before is not None:
            if anchor.seq < before.seq:
                found.append(f"{name} lies before the anchor above it")
            if anchor.number is None and before.number is not None:
                found.append(f"{name} has no number although the anchors above it have")
            elif anchor.number is not None:
                unknown = is_tail and before.number is None
                follows = unknown or anchor.number == (before.number or place - 1) + 1
                if follows and anchor.previous != before.sha256():
                    found.append(f"{name} does not follow the line above it: that line was changed or exchanged")
                elif not follows and not (is_part and anchor.number > (before.number or 0)):
                    found.append(
                        f"{name} follows anchor {before.number or place - 1}: lines are missing or out of order"
                    )
        elif (
            not (is_part or is_tail) and anchor.number is not None and (anchor.number, anchor.previous) != (1, NOTHING)
        ):
            found.append(f"{name} is the first line: the anchors before it are gone")
        before = anchor
    return found


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
            number = found.get("number")
            anchor = Anchor(
                seq=int(found["seq"]),
                digest=str(found["digest"]),
                at=str(found["at"]),
                number=None if number is None else int(number),
                previous=str(found.get("previous", "")),
            )
            if anchor.seq < 1 or len(bytes.fromhex(anchor.digest)) != 32:
                raise ValueError(line)
        except (ValueError, KeyError, TypeError):
            unreadable.append(number)
        else:
            anchors.append(anchor)
    return AnchorFile(tuple(anchors), tuple(unreadable))


def read_anchors(path: Path | None = None) -> AnchorFile:
    """All anchors of the system's file, with what the database noted of them; none when there is no file yet.

    With a `path`: of that file, which may be a part. Raises OSError when it cannot be read.
    """
    # Before the file is read: an anchor written meanwhile is in the file, and missing among the noted ones only.
    noted = () if path else _noted()
    try:
        with (path or anchor_path()).open(encoding="utf-8", errors="replace") as file:
            found = parse_anchors(file)
    except FileNotFoundError:
        found = AnchorFile(())
    return replace(found, noted=noted, is_part=path is not None)


def _noted() -> tuple[tuple[int, str], ...]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT number, line_sha256 FROM kernel_auditanchor ORDER BY number DESC")
        return tuple(cursor.fetchall())


def last_anchors() -> tuple[Anchor, ...]:
    """The newest anchors, from the last 8 kB of the file: this is asked for by every readiness check."""
    try:
        with anchor_path().open("rb") as file:
            start = max(0, file.seek(0, os.SEEK_END) - 8192)
            file.seek(start)
            tail = file.read().decode(errors="replace").splitlines()
    except FileNotFoundError:
        return ()
    return parse_anchors(tail[1:] if start else tail).anchors


def last_anchor() -> Anchor | None:
    """The newest anchor."""
    found = last_anchors()
    return found[-1] if found else None


def check_anchors() -> str:
    """What is wrong with the newest anchors, or an empty string: their chain, what the database noted of them, and the
    sealed row that the last one names. Cheap; `verify_audit` looks at all of them.
    """
    recent = last_anchors()
    noted, digest = _newest(recent)
    if noted and (not recent or (recent[-1].number or 0) < max(noted)):
        # Written since the file was read, or cut from it: the file as it is now tells.
        recent = last_anchors()
        digest = _newest(recent)[1]
    if not recent:
        return "the anchor file is empty or gone" if noted else ""
    last = recent[-1]
    if problems := check_links(recent, is_tail=True):
        return problems[0]
    if noted and (last.number or 0) < max(noted):
        return f"the anchor file was cut: it ends at anchor {last.number}, anchor {max(noted)} was written"
    if last.number in noted and noted[last.number] != last.sha256():
        return f"anchor {last.number} is not the one that was written"
    if digest == last.digest:
        return ""
    return f"seq {last.seq} is {'missing' if digest is None else 'another'} than anchored at {last.at}"


def _newest(recent: Sequence[Anchor]) -> tuple[dict[int, str], str | None]:
    """The newest anchor that the database noted, number → hash, and the digest of the row that the last of `recent`
    names. One query."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT number, line_sha256, (SELECT digest FROM kernel_auditseal WHERE seq = %s) FROM (SELECT 1) AS one "
            "LEFT JOIN kernel_auditanchor ON true ORDER BY number DESC NULLS LAST LIMIT 1",
            [recent[-1].seq if recent else None],
        )
        number, text, digest = cursor.fetchone()
    return ({} if number is None else {number: text}), None if digest is None else bytes(digest).hex()


def write_anchor(*, day_end: bool = False) -> Anchor | None:
    """Anchor the head if it moved since the last anchor; at the end of a day in any case. None when there was
    nothing to do.

    Raises AnchorMismatch when the database contradicts the newest anchors, OSError when the file cannot be written.
    """
    if wrong := check_anchors():
        logger.critical("the audit trail contradicts its anchors (%s): run verify_audit", wrong)
        raise AnchorMismatch(wrong)
    with transaction.atomic():
        # One at a time: the number is taken from the file.
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        last, head = last_anchor(), sealing.head()
        if head.seq == 0 or (last is not None and last.seq >= head.seq and not day_end):
            return None
        # The machine's clock on purpose, not the system's: an anchor does not travel in time.
        at = timezone.now().astimezone(timezone.get_fixed_timezone(0)).isoformat()
        number, previous = _place_after(last)
        anchor = Anchor(head.seq, head.digest.hex(), at, number, previous)
        # The file first: an anchor that only the file knows is no contradiction, one that only the database knows is.
        _append(anchor_path(), anchor.line())
        AuditAnchor(number=number, line_sha256=anchor.sha256()).save()
    _mail(anchor)
    return anchor


def _place_after(last: Anchor | None) -> tuple[int, str]:
    """Number and hash with which the next anchor follows `last`."""
    if last is None:
        return 1, NOTHING
    number = last.number if last.number is not None else len(read_anchors(anchor_path()).anchors)
    return number + 1, last.sha256()


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
