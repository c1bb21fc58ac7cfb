#!/usr/bin/env python3
"""Verify an export of the Sanshen audit trail without Sanshen: standard library only, nothing imported from the
product.

    python3 verify_export.py EXPORT.jsonl --anchors ANCHORS.jsonl [--anchors MAILS.jsonl]

EXPORT is what `manage.py export_audit` writes: a header line, one line a row, one line for each row of evidence, a
trailer line. Each row's digest must be sha256(digest of the row before, 32 bytes || the payload's bytes in UTF-8);
before row 1 stand 32 zero bytes. A payload's `evidence` holds the SHA-256 of what the act left in other tables
(decisions, dossiers, files, grades, quarters, replies): the text of each such line must have the digest that the newest
event gives it, and of kinds that never change all events must give the same. With --files DIR the bytes of stored files
are compared too.
ANCHORS are lines {"seq": ..., "digest": ..., "at": ..., "number": ..., "previous": ...}, taken from a place that the
owner of the database cannot change: the file of the anchor directory, or the lines out of the anchor mails (--part-of-
anchors: some of them). `previous` is the SHA-256 of the line before, as written.

Exit 0: intact as far as anchored. 1: meddled with (the first bad row is named). 2: the files cannot be read as an
export. 3: nothing bad seen, but no anchor vouches for any row.
"""

import argparse
import hashlib
import json
import sys
from datetime import datetime, timedelta
from pathlib import Path

FORMATS = ("sanshen-audit-1", "sanshen-audit-2")
TOLERANCE = timedelta(hours=1)


class NotAnExport(Exception):
    """The file is not what it should be; nothing can be said about the audit trail."""


def read_anchors(paths, is_part=False):
    """{seq: set of digests}, the highest anchor as (seq, digest, time) and what contradicts itself, from all files."""
    seen, highest, problems = {}, None, []
    for path in paths:
        with Path(path).open(encoding="utf-8") as file:
            before = None
            for number, line in enumerate(file, start=1):
                if not line.strip():
                    continue
                try:
                    anchor = json.loads(line)
                    seq, digest, at = int(anchor["seq"]), str(anchor["digest"]), str(anchor["at"])
                except (ValueError, KeyError, TypeError):
                    print(f"WARNING: {path}, line {number} is no anchor")
                    continue
                wrong = wrong_link(before, anchor, line, is_part)
                if wrong:
                    problems.append(f"{path}, line {number} (seq {seq}): {wrong}")
                before = (anchor.get("number"), hashlib.sha256(line.strip().encode()).hexdigest(), seq)
                if seen.setdefault(seq, digest) != digest:
                    problems.append(f"two contradicting anchors for seq {seq}")
                if highest is None or seq > highest[0]:
                    highest = (seq, digest, at)
    return seen, highest, problems


def wrong_link(before, anchor, line, is_part):
    """What is wrong between an anchor and the line before it, or an empty string. Old lines have no number."""
    number, previous, seq = anchor.get("number"), anchor.get("previous"), int(anchor["seq"])
    if before is None:
        cut = number is not None and not is_part and (number, previous) != (1, "0" * 64)
        return "the anchors before it are gone" if cut else ""
    if seq < before[2]:
        return "it lies before the anchor above it"
    if before[0] is None:
        return "it does not follow the line above it" if number is not None and previous != before[1] else ""
    if number == before[0] + 1:
        return "" if previous == before[1] else "it does not follow the line above it: that line was changed"
    return "" if is_part and number is not None and number > before[0] else "lines are missing or out of order"


class Walk:
    """One pass over the rows. Only the first bad places are kept."""

    def __init__(self, header, anchors, files=None):
        self.files = files
        try:
            self.first, previous = int(header["first"]), str(header["previous"])
            self.previous = bytes.fromhex(previous)
        except (KeyError, TypeError, ValueError):
            raise NotAnExport("the header is damaged") from None
        self.anchors = anchors
        self.once = set(header.get("once", ()))
        self.newest = None  # latest time at which a row so far was written
        self.bound = {}  # key of evidence: (event, digest) of the newest event that tells of it
        self.evidence = self.later = 0
        self.expected = self.first
        self.rows = self.bad_count = 0
        self.bad = []
        self.vouched = None  # highest intact and witnessed seq
        self.witnessed = self.first - 1
        if self.first == 1 and self.previous != bytes(32):
            self.complain("the chain does not start from nothing")
        elif self.first > 1:
            self.witness(self.first - 1, previous)

    def complain(self, message):
        self.bad_count += 1
        if len(self.bad) < 20:
            self.bad.append(message)

    def row(self, row):
        seq, event, digest, payload = row["seq"], row["event"], row["digest"], row["payload"]
        if seq != self.expected:
            if seq > self.expected:
                self.complain(f"gap: seq {self.expected} to {seq - 1} are missing")
            else:
                self.complain(f"seq {seq} comes where seq {self.expected} should")
            self.previous = None
        self.rows += 1
        self.expected = seq + 1
        if payload is None:
            self.complain(f"seq {seq}: event {event} is sealed but no longer there")
        else:
            if self.previous is not None and hashlib.sha256(self.previous + payload.encode()).hexdigest() != digest:
                since = self.witnessed + 1
                self.complain(
                    f"the chain breaks at seq {seq}, event {event}"
                    + (f" (or an earlier row since seq {since} was chained anew up to here)" if since < seq else "")
                )
            try:
                self.read_payload(seq, event, json.loads(payload))
            except (ValueError, KeyError, TypeError, AttributeError):
                self.complain(f"seq {seq}: the payload of event {event} is not readable")
        self.previous = bytes.fromhex(digest)
        if seq in self.anchors:
            self.witness(seq, digest)

    def read_payload(self, seq, event, told):
        if told["id"] != event:
            self.complain(f"seq {seq}: the sealed bytes are of another event than {event}")
        written = datetime.fromisoformat(told["written_at"].replace("Z", "+00:00"))
        if self.newest is not None and written < self.newest - TOLERANCE:
            self.complain(f"seq {seq}: event {event} says it was written long before the rows that precede it")
        self.newest = max(self.newest or written, written)
        for key, digest in (told.get("evidence") or {}).items():
            first = self.bound.get(key)
            if first and first[1] != digest and key.split(":")[0] in self.once:
                self.complain(f"seq {seq}: event {event} binds {key} anew, which never changes")
            self.bound[key] = (event, digest)

    def evidence_row(self, row):
        """A row of evidence against the newest event that tells of it."""
        key, text = str(row["evidence"]), row["text"]
        self.evidence += 1
        event, digest = self.bound.pop(key, (None, None))
        if row.get("later"):
            self.later += 1
        elif digest is None:
            self.complain(f"{key} is recorded by no event: it was put in afterwards")
        elif digest != ("" if text is None else hashlib.sha256(text.encode()).hexdigest()):
            self.complain(f"{key} is {'gone or ' if text is None else ''}not what event {event} recorded")
        elif text is not None and self.files is not None and key.startswith("kernel.storedfile:"):
            self.file(key, json.loads(text))

    def file(self, key, told):
        """The bytes of a stored file."""
        path = Path(self.files) / told["storage_name"]
        if not path.is_file():
            self.complain(f"{key}: the file {told['storage_name']} is gone")
        elif hashlib.sha256(path.read_bytes()).hexdigest() != told["sha256"]:
            self.complain(f"{key}: the bytes of {told['storage_name']} were changed")

    def end_of_evidence(self):
        """What events tell of and the file has no line for."""
        for key, (event, digest) in sorted(self.bound.items()):
            if digest:
                self.complain(f"{key}, recorded by event {event}, is missing from the file")

    def witness(self, seq, digest):
        if self.anchors.get(seq, digest) != digest:
            self.complain(
                f"seq {seq} has another digest than its anchor: between seq {self.witnessed + 1} and {seq} "
                "rows were replaced and chained anew"
            )
        elif seq in self.anchors:
            self.witnessed = seq
            if not self.bad:
                self.vouched = seq


def verify(lines, anchors, highest, files=None):
    """Walk over the export's lines; the finished Walk."""
    header = _parse(next(lines, ""), 1)
    if header.get("format") not in FORMATS:
        raise NotAnExport(f"the first line does not say {FORMATS[-1]}")
    walk, trailer = Walk(header, anchors, files), None
    for number, line in enumerate(lines, start=2):
        row = _parse(line, number)
        if trailer is not None:
            walk.complain(f"line {number} stands after the end")
            break
        if "end" in row:
            trailer = row
            continue
        try:
            walk.evidence_row(row) if "evidence" in row else walk.row(row)
        except (KeyError, TypeError, ValueError, AttributeError):
            raise NotAnExport(f"line {number} is not a row") from None
    if trailer is None:
        walk.complain(f"the file is cut short after seq {walk.expected - 1}: the closing line is missing")
    elif trailer.get("rows") != walk.rows:
        walk.complain(f"the closing line counts {trailer.get('rows')} rows, the file has {walk.rows}")
    if header["format"] != FORMATS[0]:
        walk.end_of_evidence()
    if highest is not None and highest[0] >= walk.expected:
        walk.complain(
            f"the file ends at seq {walk.expected - 1}, but seq {highest[0]} was anchored at {highest[2]}: "
            "rows are gone, or the export is only a part"
        )
    return walk


def _parse(line, number):
    try:
        found = json.loads(line)
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise NotAnExport(f"line {number} is not a JSON object")
    return found


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("export")
    parser.add_argument("--anchors", action="append", default=[], metavar="FILE")
    parser.add_argument("--part", action="store_true", help="the export is only a part: later anchors are expected")
    parser.add_argument(
        "--part-of-anchors", action="store_true", help="not all anchors: gaps between them are expected"
    )
    parser.add_argument("--files", metavar="DIR", help="the store of files, to compare their bytes")
    options = parser.parse_args(arguments)
    try:
        anchors, highest, problems = read_anchors(options.anchors, options.part_of_anchors)
        with Path(options.export).open(encoding="utf-8") as file:
            walk = verify(iter(file), anchors, None if options.part else highest, options.files)
    except (OSError, UnicodeDecodeError, NotAnExport) as error:
        print(f"cannot verify: {error}", file=sys.stderr)
        return 2
    for problem in problems:
        walk.complain(problem)
    vouched = 0 if walk.vouched is None else max(0, walk.vouched - walk.first + 1)
    print(f"rows {walk.rows}  anchored {vouched}  unanchored {walk.rows - vouched}  evidence {walk.evidence}")
    if walk.later:
        print(f"NOT compared: {walk.later} rows of evidence that an event beyond this file binds anew.")
    if vouched:
        print(f"Intact and witnessed: seq {walk.first} to {walk.vouched}.")
    if walk.bad:
        print(f"MEDDLED WITH. First bad place: {walk.bad[0]}")
        for message in walk.bad[1:]:
            print(f"  {message}")
        if walk.bad_count > len(walk.bad):
            print(f"  and {walk.bad_count - len(walk.bad)} more")
        return 1
    if walk.rows > vouched:
        print(f"NOT vouched for: {walk.rows - vouched} rows without an anchor.")
    return 3 if walk.rows and not vouched else 0


if __name__ == "__main__":
    sys.exit(main())
