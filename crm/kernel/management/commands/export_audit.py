"""Write the sealed audit trail to a file for the stand-alone verifier (docs/verify/verify_export.py)."""

import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from crm.kernel.audit import context, export
from crm.kernel.audit.services import record_read


class Command(BaseCommand):
    help = "Export sealed audit rows as JSON lines, with the bytes as sealed; '-' writes to standard output."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", help="where to write; must not exist yet")
        parser.add_argument("--from-seq", type=int, default=1)
        parser.add_argument("--to-seq", type=int, default=None)

    def handle(self, *args: Any, **options: Any) -> None:
        first, last = options["from_seq"], options["to_seq"]
        if first < 1:
            raise CommandError("--from-seq counts from 1")
        with context.context(door=context.Door.COMMAND):
            # Written before the first row leaves the system, so it remains even if the export is interrupted.
            record_read("audit.exported", subject=None, by=context.SYSTEM, data={"from_seq": first, "to_seq": last})
        try:
            if options["file"] == "-":
                rows = export.write_export(sys.stdout, first=first, last=last)
            else:
                with Path(options["file"]).open("x", encoding="utf-8") as file:
                    rows = export.write_export(file, first=first, last=last)
        except (OSError, ValueError) as error:
            raise CommandError(str(error)) from error
        self.stderr.write(f"Exported {rows} rows.")
