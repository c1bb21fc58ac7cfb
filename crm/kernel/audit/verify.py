"""Recompute the chain from the bytes as stored and compare it with every anchor.

Three questions are asked of each sealed row: does its digest follow from the row before, do its columns say what its
sealed bytes say, and did a witness see the same digest. What no anchor covers is counted, never vouched for.
"""

import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, transaction

from crm.kernel.audit import sealing
from crm.kernel.audit.anchors import Anchor, AnchorFile

TIME = "to_char(e.{} AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')"
NUMBERS = ("id", "xid", "person_id", "account_id", "on_behalf_of_id")
TEXTS = (
    "action", "outcome", "reason", "subject_type", "subject_id", "subject_name", "person_name", "roles", "account_name",
    "on_behalf_of_name", "door", "request_id",
)  # fmt: skip
DOCUMENTS = ("data", "before", "after")
COLUMNS: dict[str, str] = {
    **{name: f"e.{name}::text" for name in (*NUMBERS, *TEXTS)},
    **{name: TIME.format(name) for name in ("written_at", "at")},
    "ip": "host(e.ip)",
    **{name: f"e.{name}::text" for name in DOCUMENTS},
}
ROWS = (
    "SELECT s.seq, s.event_id, s.digest, e.payload, "  # noqa: S608
    + ", ".join(COLUMNS.values())
    + " FROM kernel_auditseal s LEFT JOIN kernel_auditevent e ON e.id = s.event_id ORDER BY s.seq"
)
KEPT_FINDINGS = 20


@dataclass(frozen=True)
class Finding:
    """One proof of meddling. `seq` is where it shows; the meddling itself lies between `earliest` and `seq`, mostly
    at `seq`.
    """

    kind: str
    message: str
    seq: int | None = None
    earliest: int | None = None
    event_id: int | None = None


@dataclass
class Report:
    """The result of a verification, in rows. `anchored` rows are intact and witnessed; only of them anything is
    promised.
    """

    sealed: int = 0
    anchored: int = 0
    unsealed: int = 0
    findings: list[Finding] = field(default_factory=list)
    more_findings: int = 0
    anchors: int = 0
    last_anchor: Anchor | None = None
    unreadable_anchors: tuple[int, ...] = ()

    @property
    def unanchored(self) -> int:
        """Sealed rows of which no witness tells."""
        return self.sealed - self.anchored

    @property
    def intact(self) -> bool:
        """No sign of meddling was found. Says nothing of rows without an anchor."""
        return not self.findings

    @property
    def first(self) -> Finding | None:
        """The first bad place."""
        placed = [finding for finding in self.findings if finding.seq is not None]
        return min(placed, key=lambda finding: finding.seq or 0, default=self.findings[0] if self.findings else None)

    def add(self, finding: Finding) -> None:
        """Keep the finding, or only count it when there are enough of them."""
        if len(self.findings) < KEPT_FINDINGS:
            self.findings.append(finding)
        else:
            self.more_findings += 1


class ChainWalker:
    """Takes the sealed rows in order of their sequence and fills a report."""

    def __init__(self, anchors: AnchorFile) -> None:
        self.report = Report(anchors=len(anchors.anchors), unreadable_anchors=anchors.unreadable)
        self.by_seq: dict[int, set[str]] = defaultdict(set)
        for anchor in anchors.anchors:
            self.by_seq[anchor.seq].add(anchor.digest)
        self.last = max(anchors.anchors, key=lambda anchor: anchor.seq, default=None)
        self.report.last_anchor = self.last
        self.seq = 0
        self.previous: bytes | None = sealing.GENESIS
        self.witnessed = 0

    def row(self, seq: int, event_id: int, digest: bytes, payload: str | None, columns: tuple[str | None, ...]) -> None:
        """Check one row against the row before, its own columns and the anchors."""
        if seq != self.seq + 1:
            self._bad("missing", self.seq + 1, None, f"seq {self.seq + 1} to {seq - 1} are missing from the chain")
            self.previous = None
        self.seq = seq
        self.report.sealed += 1
        if payload is None:
            self._bad("deleted", seq, event_id, f"seq {seq}: event {event_id} is sealed but no longer there")
        else:
            if self.previous is not None and sealing.link(self.previous, payload) != digest:
                self._bad("changed", seq, event_id, f"the chain breaks at seq {seq}, event {event_id}" + self._since())
            if wrong := _contradiction(payload, columns):
                self._bad("columns", seq, event_id, f"seq {seq}: event {event_id} says another {wrong} than was sealed")
        self.previous = digest
        self._witness(seq, event_id, digest.hex())

    def end(self) -> Report:
        """All rows were given. Anchors beyond the last row tell of rows that are gone."""
        if self.last is not None and self.last.seq > self.seq:
            self._bad(
                "cut", self.seq + 1, None,
                f"the chain ends at seq {self.seq}, but seq {self.last.seq} was anchored at {self.last.at}: "
                f"seq {self.seq + 1} to {self.last.seq} are gone",
            )  # fmt: skip
        return self.report

    def _witness(self, seq: int, event_id: int, digest: str) -> None:
        seen = self.by_seq.get(seq)
        if seen is None:
            return
        if seen != {digest}:
            span = f"between seq {self.witnessed + 1} and {seq} rows were replaced and chained anew"
            self._bad("anchor", seq, event_id, f"seq {seq} has another digest than its anchor: {span}")
        else:
            self.witnessed = seq
            if not self.report.findings:
                self.report.anchored = seq

    def _since(self) -> str:
        span = f" (or an earlier one since seq {self.witnessed + 1} was chained anew up to here)"
        return span if self.witnessed + 1 < self.seq else ""

    def _bad(self, kind: str, seq: int, event_id: int | None, message: str) -> None:
        exact = kind in ("columns", "deleted")
        earliest = seq if exact else self.witnessed + 1
        self.report.add(Finding(kind, message, seq=seq, earliest=earliest, event_id=event_id))


def verify(anchors: AnchorFile) -> Report:
    """Walk the whole log in a server-side cursor (constant memory).

    `anchors` must have been read before: rows sealed meanwhile then only lie beyond the last anchor, and cannot look
    like a contradiction.
    """
    walker = ChainWalker(anchors)
    for seq, event_id, digest, payload, *columns in _stream(ROWS):
        walker.row(seq, event_id, bytes(digest), payload, tuple(columns))
    report = walker.end()
    _look_for_intruders(report, walker.seq)
    return report


def _look_for_intruders(report: Report, head_seq: int) -> None:
    """Count events without a seal. One that lies before the head was put in later: the sealer overtakes nobody."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT e.xid, e.id FROM kernel_auditseal s JOIN kernel_auditevent e ON e.id = s.event_id "  # noqa: S608
            f"WHERE s.seq = %s AND e.xid < {sealing.XMAX}",
            [head_seq],
        )
        head = cursor.fetchone()
        cursor.execute(f"SELECT count(*) FROM kernel_auditevent e WHERE {sealing.UNSEALED}")  # noqa: S608
        report.unsealed = cursor.fetchone()[0]
        if head is None or not report.unsealed:
            return
        cursor.execute(
            f"SELECT e.id FROM kernel_auditevent e WHERE (e.xid, e.id) < (%s, %s) AND {sealing.UNSEALED} "  # noqa: S608
            "ORDER BY e.xid, e.id LIMIT %s",
            [*head, KEPT_FINDINGS],
        )
        for (event_id,) in cursor.fetchall():
            message = (
                f"event {event_id} has no seal although later ones have: it was put in afterwards, or its seal removed"
            )
            report.add(Finding("intruder", message, event_id=event_id))


def _stream(sql: str) -> Iterator[tuple[Any, ...]]:
    with transaction.atomic(), connection.chunked_cursor() as cursor:
        cursor.execute(sql)
        while rows := cursor.fetchmany(2000):
            yield from rows


def _number(text: str) -> tuple[str]:
    """Numbers as tagged text, so that neither 1 and true nor 1.0 and 1.00 count as equal."""
    return (text,)


def _parse(text: str) -> Any:
    return json.loads(text, parse_int=_number, parse_float=_number)


def _contradiction(payload: str, columns: tuple[str | None, ...]) -> str:
    """The name of the first column that differs from the sealed bytes, or an empty string."""
    try:
        sealed = _parse(payload)
    except ValueError:
        return "payload"
    if not isinstance(sealed, dict) or sealed.keys() != COLUMNS.keys():
        return "payload"
    for name, value in zip(COLUMNS, columns, strict=True):
        expected: Any = value
        if value is not None and name in NUMBERS:
            expected = _number(value)
        elif value is not None and name in DOCUMENTS:
            expected = _parse(value)
        if sealed[name] != expected:
            return name
    return ""
