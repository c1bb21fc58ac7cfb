#!/usr/bin/env python3
"""Verify an export of the Sanshen audit trail without Sanshen: standard library only, nothing imported from the
product.

    python3 verify_export.py EXPORT.jsonl --anchors ANCHORS.jsonl [--anchors MAILS.jsonl]

EXPORT is what `manage.py export_audit` writes: a header line, one line a row, a trailer line. Each row's digest must be
sha256(digest of the row before, 32 bytes || the payload's bytes in UTF-8); before row 1 stand 32 zero bytes.
ANCHORS are lines {"seq": ..., "digest": ..., "at": ...}, taken from a place that the owner of the database cannot
change: the file of the anchor directory, or the lines out of the anchor mails.

Exit 0: intact as far as anchored. 1: meddled with (the first bad row is named). 2: the files cannot be read as an
export. 3: nothing bad seen, but no anchor vouches for any row.
"""

import argparse
import hashlib
import json
import sys
from pathlib import Path

FORMAT = "sanshen-audit-1"


class NotAnExport(Exception):
    """The file is not what it should be; nothing can be said about the audit trail."""


def read_anchors(paths):
    """{seq: set of digests} and the highest anchor as (seq, digest, time), from all the files."""
    seen, highest = {}, None
    for path in paths:
        with Path(path).open(encoding="utf-8") as file:
            for number, line in enumerate(file, start=1):
                if not line.strip():
                    continue
                try:
                    anchor = json.loads(line)
                    seq, digest, at = int(anchor["seq"]), str(anchor["digest"]), str(anchor["at"])
                except (ValueError, KeyError, TypeError):
                    print(f"WARNING: {path}, line {number} is no anchor")
                    continue
                seen.setdefault(seq, set()).add(digest)
                if highest is None or seq > highest[0]:
                    highest = (seq, digest, at)
    return seen, highest


class Walk:
    """One pass over the rows. Only the first bad places are kept."""

    def __init__(self, header, anchors):
        try:
            self.first, previous = int(header["first"]), str(header["previous"])
            self.previous = bytes.fromhex(previous)
        except (KeyError, TypeError, ValueError):
            raise NotAnExport("the header is damaged") from None
        self.anchors = anchors
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
                if json.loads(payload)["id"] != event:
                    self.complain(f"seq {seq}: the sealed bytes are of another event than {event}")
            except (ValueError, KeyError, TypeError):
                self.complain(f"seq {seq}: the payload of event {event} is not readable")
        self.previous = bytes.fromhex(digest)
        if seq in self.anchors:
            self.witness(seq, digest)

    def witness(self, seq, digest):
        if self.anchors.get(seq, {digest}) != {digest}:
            self.complain(
                f"seq {seq} has another digest than its anchor: between seq {self.witnessed + 1} and {seq} "
                "rows were replaced and chained anew"
            )
        elif seq in self.anchors:
            self.witnessed = seq
            if not self.bad:
                self.vouched = seq


def verify(lines, anchors, highest):
    """Walk over the export's lines; the finished Walk."""
    header = _parse(next(lines, ""), 1)
    if header.get("format") != FORMAT:
        raise NotAnExport(f"the first line does not say {FORMAT}")
    walk, trailer = Walk(header, anchors), None
    for number, line in enumerate(lines, start=2):
        row = _parse(line, number)
        if trailer is not None:
            walk.complain(f"line {number} stands after the end")
            break
        if "end" in row:
            trailer = row
            continue
        try:
            walk.row(row)
        except (KeyError, TypeError, ValueError, AttributeError):
            raise NotAnExport(f"line {number} is not a row") from None
    if trailer is None:
        walk.complain(f"the file is cut short after seq {walk.expected - 1}: the closing line is missing")
    elif trailer.get("rows") != walk.rows:
        walk.complain(f"the closing line counts {trailer.get('rows')} rows, the file has {walk.rows}")
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
    options = parser.parse_args(arguments)
    try:
        anchors, highest = read_anchors(options.anchors)
        with Path(options.export).open(encoding="utf-8") as file:
            walk = verify(iter(file), anchors, None if options.part else highest)
    except (OSError, UnicodeDecodeError, NotAnExport) as error:
        print(f"cannot verify: {error}", file=sys.stderr)
        return 2
    vouched = 0 if walk.vouched is None else max(0, walk.vouched - walk.first + 1)
    print(f"rows {walk.rows}  anchored {vouched}  unanchored {walk.rows - vouched}")
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
