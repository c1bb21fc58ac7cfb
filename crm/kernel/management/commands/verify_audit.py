"""Verify the audit trail against the anchors outside of the database."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from crm.kernel.audit import anchors, context
from crm.kernel.audit.checking import note_check
from crm.kernel.audit.verify import Report, verify
from crm.kernel.workdays import clock

MEDDLED, UNWITNESSED = 1, 3


class Command(BaseCommand):
    help = (
        "Recompute the audit chain, compare it with every anchor and every row of evidence with it. "
        "Exit 0: intact as far as anchored; "
        "1: meddled with; 2: could not run; 3: nothing bad seen, but no anchor vouches for any row."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--anchors", type=Path, default=None, help="another anchor file, such as the audit office's mails"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        path = options["anchors"] or anchors.anchor_path()
        if options["anchors"] and not path.exists():
            raise CommandError(f"there is no anchor file {path}", returncode=2)
        try:
            # Before the walk: see verify().
            witness = anchors.read_anchors(path)
        except OSError as error:
            raise CommandError(f"the anchors cannot be read: {error}", returncode=2) from error
        report = verify(witness, clock_is_set=clock.may_be_set())
        with context.context(door=context.Door.COMMAND):
            note_check(report.messages())
        self._print(report)
        if not report.intact:
            raise SystemExit(MEDDLED)
        if (report.sealed or report.unsealed) and not report.anchored:
            raise SystemExit(UNWITNESSED)

    def _print(self, report: Report) -> None:
        write = self.stdout.write
        write(
            f"sealed {report.sealed}  anchored {report.anchored}  unanchored {report.unanchored}  "
            f"unsealed {report.unsealed}  anchors {report.anchors}  evidence {report.evidence}"
        )
        if report.off_clock and clock.may_be_set():
            write(f"{report.off_clock} events carry another time than the database's: demo data, under these settings.")
        if report.unreadable_anchors:
            write(f"WARNING: unreadable lines in the anchor file: {', '.join(map(str, report.unreadable_anchors))}")
        if report.first:
            write(self.style.ERROR(f"MEDDLED WITH. First bad place: {report.first.message}"))
            for finding in report.findings:
                if finding is not report.first:
                    write(f"  {finding.kind}: {finding.message}")
            if report.more_findings:
                write(f"  and {report.more_findings} more")
        if report.anchored and report.last_anchor:
            write(f"Intact and witnessed: seq 1 to {report.anchored}.")
        if report.unanchored or report.unsealed:
            write(
                f"NOT vouched for: {report.unanchored} sealed rows without an anchor, "
                f"{report.unsealed} rows not yet sealed."
            )
