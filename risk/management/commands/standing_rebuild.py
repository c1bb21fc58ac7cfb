"""Compare every client's open warnings and grade in standing with their sources, and tell them anew."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from crm.kernel.audit import context
from crm.kernel.audit.context import SYSTEM
from risk.indicators.services import standing_rebuild


class Command(BaseCommand):
    help = "Rebuild what standing says of open warnings, and compare grades; --check only compares and fails on any."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="write nothing; a difference is an error")

    def handle(self, *args: Any, **options: Any) -> None:
        with context.context(door=context.Door.COMMAND):
            found = standing_rebuild(write=not options["check"], by=SYSTEM)
        words = ", ".join(f"{kind} {number}" for kind, number in found.items())
        if options["check"] and any(found.values()):
            raise CommandError(f"Standing differs from its sources: {words}.")
        self.stdout.write(f"Differences: {words}.")
