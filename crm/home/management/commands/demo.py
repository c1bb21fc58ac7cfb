"""The demo institution, into an empty database."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from crm.home.demo.build import build
from crm.kernel.audit.context import Door, context
from crm.kernel.people.demo import PASSWORD, SHOWN
from crm.kernel.people.models import Account


class Command(BaseCommand):
    help = "Fill an empty database with the demo institution; --accounts prints who can log in."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--accounts", action="store_true", help="Only print the demo accounts.")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["accounts"]:
            self.show()
            return
        if Account.objects.exists():
            raise CommandError("There are accounts already: the demo wants an empty database of its own.")
        with context(door=Door.COMMAND), transaction.atomic():
            build()
        self.stdout.write("The demo institution is in place.")

    def show(self) -> None:
        """The demo accounts, if this is a demo database."""
        if not Account.objects.filter(login=SHOWN[0][0], person__name="林晓雯").exists():
            return
        self.stdout.write(f"Demo accounts, password {PASSWORD}:")
        for login, part in SHOWN:
            self.stdout.write(f"  {login:14} {part}")
