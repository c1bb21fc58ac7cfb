"""Seal what was committed, at once; with --anchor also tell the head to the witness."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from crm.kernel.audit import anchors, sealing


class Command(BaseCommand):
    help = "Seal committed audit events now; --anchor also writes an anchor. The worker does both by itself."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--anchor", action="store_true", help="anchor the head as well")

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"Sealed {sealing.seal_events()} rows.")
        if options["anchor"]:
            anchor = anchors.write_anchor()
            self.stdout.write(f"Anchored seq {anchor.seq}." if anchor else "The head is anchored already.")
