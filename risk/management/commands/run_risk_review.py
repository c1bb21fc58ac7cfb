"""Run the night's risk review by hand: the same work as the nightly task, with counts and seconds on the screen."""

import time
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from crm.kernel.access.errors import DomainError
from crm.kernel.audit import context
from crm.kernel.audit.context import SYSTEM
from risk.indicators.models import NightRun
from risk.indicators.services import CHUNK, risk_review


class Command(BaseCommand):
    help = "Judge every client by every indicator as of a day. Safe to repeat; an interrupted run goes on."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--as-of", type=date.fromisoformat, help="the day to judge, YYYY-MM-DD (today unless told)")
        parser.add_argument("--chunk", type=int, default=CHUNK, help="clients in one transaction")

    def handle(self, *args: Any, **options: Any) -> None:
        def told(run: NightRun) -> None:
            if options["verbosity"] > 1:
                self.stdout.write(f"… {run.clients} clients")

        started = time.monotonic()
        with context.context(door=context.Door.COMMAND):
            try:
                run = risk_review(as_of=options["as_of"], by=SYSTEM, chunk=options["chunk"], progress=told)
            except DomainError as error:
                raise CommandError(str(error.message)) from None
        seconds = time.monotonic() - started
        counts = ", ".join(f"{kind} {number}" for kind, number in sorted(run.counts.items())) or "nothing changed"
        self.stdout.write(f"{run.as_of}: {run.clients} clients judged in {seconds:.1f} s: {counts}")
