"""Recompute the chain from the bytes as stored and compare it with every anchor.

Four questions are asked of each sealed row: does its digest follow from the row before, do its columns say what its
sealed bytes say, did a witness see the same digest, and does its time fit its neighbours, its transaction and the
anchors. Then each row of evidence is compared with the event that recorded it. What no anchor covers is counted, never
vouched for.
"""

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction

from crm.kernel.audit import evidence, sealing
from crm.kernel.audit.anchors import Anchor, AnchorFile

TIME = "to_char(e.{} AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')"
NUMBERS = ("id", "xid", "person_id", "account_id", "on_behalf_of_id")
TEXTS = (
    "action", "outcome", "reason", "subject_type", "subject_id", "subject_name", "person_name", "roles", "account_name",
    "on_behalf_of_name", "door", "request_id",
)  # fmt: skip
DOCUMENTS = ("data", "before", "after", "evidence")
COLUMNS: dict[str, str] = {
    **{name: f"e.{name}::text" for name in (*NUMBERS, *TEXTS)},
    **{name: TIME.format(name) for name in ("written_at", "at")},
    "ip": "host(e.ip)",
    **{name: f"e.{name}::text" for name in DOCUMENTS},
}
ROWS = (
    "SELECT s.seq, s.event_id, s.digest, e.payload, "  # noqa: S608
    + ", ".join(COLUMNS.values())
    + ", e.written_at, e.at FROM kernel_auditseal s LEFT JOIN kernel_auditevent e ON e.id = s.event_id ORDER BY s.seq"
)
KEPT_FINDINGS = 20
TOLERANCE = timedelta(hours=1)
"""How far times may stand apart for honest reasons: a long transaction, a clock set right."""


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
    promised. `evidence`: rows outside of the audit table that were compared. `off_clock`: events whose own time is not
    the database's, as demo data written under a set clock have.
    """

    sealed: int = 0
    anchored: int = 0
    unsealed: int = 0
    findings: list[Finding] = field(default_factory=list)
    more_findings: int = 0
    evidence: int = 0
    off_clock: int = 0
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

    def messages(self) -> list[str]:
        """The findings as sentences, the first bad place first."""
        first = self.first
        rest = [finding.message for finding in self.findings if finding is not first]
        return [first.message, *rest] if first else []

    def add(self, finding: Finding) -> None:
        """Keep the finding, or only count it when there are enough of them."""
        if len(self.findings) < KEPT_FINDINGS:
            self.findings.append(finding)
        else:
            self.more_findings += 1


class Times:
    """Whether the times at which rows were written follow each other in the order of the chain."""

    def __init__(self, anchors: Sequence[Anchor]) -> None:
        self.anchors = [(anchor.seq, when) for anchor in anchors if (when := _moment(anchor.at)) is not None]
        self.anchors.sort()
        self.place = 0
        self.newest: datetime | None = None

    def wrong(self, seq: int, written_at: datetime) -> str:
        """What is wrong with the time of the next row, or an empty string."""
        while self.place < len(self.anchors) and self.anchors[self.place][0] < seq:
            # Written before an anchor and sealed after it: only a transaction left open for so long could do that.
            self.newest = max(self.newest or self.anchors[self.place][1], self.anchors[self.place][1])
            self.place += 1
        before, self.newest = self.newest, max(self.newest or written_at, written_at)
        if before is not None and written_at < before - TOLERANCE:
            return f"says it was written at {written_at.isoformat()}, long before the rows that precede it"
        if self.place < len(self.anchors) and written_at > self.anchors[self.place][1] + TOLERANCE:
            return f"says it was written at {written_at.isoformat()}, long after it was anchored"
        return ""


def _moment(text: str) -> datetime | None:
    """The time of an anchor; None for text that is none."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else None


class ChainWalker:
    """Takes the sealed rows in order of their sequence and fills a report."""

    def __init__(self, anchors: AnchorFile, *, clock_is_set: bool = False) -> None:
        self.report = Report(anchors=len(anchors.anchors), unreadable_anchors=anchors.unreadable)
        for problem in anchors.problems():
            self.report.add(Finding("anchors", problem))
        self.by_seq: dict[int, set[str]] = defaultdict(set)
        for anchor in anchors.anchors:
            self.by_seq[anchor.seq].add(anchor.digest)
        self.clock_is_set = clock_is_set
        self.times = Times(anchors.anchors)
        self.last = max(anchors.anchors, key=lambda anchor: anchor.seq, default=None)
        self.report.last_anchor = self.last
        self.seq = 0
        self.previous: bytes | None = sealing.GENESIS
        self.witnessed = 0

    def row(self, seq: int, event_id: int, digest: bytes, payload: str | None, columns: tuple[Any, ...]) -> None:
        """Check one row against the row before, its own columns and the anchors. `columns` ends with its two times."""
        *columns_as_text, written_at, at = columns
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
            if wrong := _contradiction(payload, columns_as_text):
                self._bad("columns", seq, event_id, f"seq {seq}: event {event_id} says another {wrong} than was sealed")
            self._check_times(seq, event_id, written_at, at)
        self.previous = digest
        self._witness(seq, event_id, digest.hex())

    def _check_times(self, seq: int, event_id: int, written_at: datetime, at: datetime) -> None:
        if wrong := self.times.wrong(seq, written_at):
            self._bad("time", seq, event_id, f"seq {seq}: event {event_id} {wrong}")
        if abs(at - written_at) > TOLERANCE:
            self.report.off_clock += 1
            if not self.clock_is_set:
                said = f"says {at.isoformat()}, but was written at {written_at.isoformat()}"
                self._bad("time", seq, event_id, f"seq {seq}: event {event_id} {said}")

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
        exact = kind in ("columns", "deleted", "time")
        earliest = seq if exact else self.witnessed + 1
        self.report.add(Finding(kind, message, seq=seq, earliest=earliest, event_id=event_id))


def verify(anchors: AnchorFile, *, clock_is_set: bool = False) -> Report:
    """Walk the whole log in a server-side cursor (constant memory), then compare all evidence.

    `clock_is_set`: events may carry another time than the database's (demo data).
    `anchors` must have been read before: rows sealed meanwhile then only lie beyond the last anchor, and cannot look
    like a contradiction.
    """
    walker = ChainWalker(anchors, clock_is_set=clock_is_set)
    for seq, event_id, digest, payload, *columns in _stream(ROWS):
        walker.row(seq, event_id, bytes(digest), payload, tuple(columns))
    report = walker.end()
    _look_for_intruders(report, walker.seq)
    _compare_evidence(report)
    return report


def _compare_evidence(report: Report) -> None:
    """Every row of evidence against the event that recorded it, and what lies outside of the database."""
    for found in evidence.compare():
        report.evidence += 1
        if not found.is_intact:
            report.add(Finding("evidence", found.message, seq=found.seq, earliest=found.seq, event_id=found.event_id))
    for message in evidence.broken_outside():
        report.add(Finding("evidence", message))


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


def _contradiction(payload: str, columns: Sequence[str | None]) -> str:
    """The name of the first column that differs from the sealed bytes, or an empty string."""
    try:
        sealed = _parse(payload)
    except ValueError:
        return "payload"
    if not isinstance(sealed, dict):
        return "payload"
    # Left out where an event records no evidence, as it was in the events of earlier versions.
    sealed = {"evidence": None, **sealed}
    if sealed.keys() != COLUMNS.keys():
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
