"""A key for another system, printed once."""

from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from crm.kernel.access.errors import DomainError
from crm.kernel.audit.context import SYSTEM, Door, context
from crm.kernel.people.models import Account
from crm.kernel.people.services import api_key_create
from crm.kernel.workdays import clock


class Command(BaseCommand):
    help = "Print a new API key for an account, once. Use it as `Authorization: Bearer KEY`."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--account", required=True, metavar="LOGIN")
        parser.add_argument("--name", required=True, metavar="LABEL")
        parser.add_argument("--read-only", action="store_true", help="the key only reads")
        parser.add_argument("--area", action="append", default=[], help="a part of the product; may be repeated")
        parser.add_argument("--network", action="append", default=[], help="a source network; may be repeated")
        parser.add_argument("--days", type=int, metavar="N", help="the key ends after N days")

    def handle(self, *args: Any, **options: Any) -> None:
        account = Account.objects.filter(login=options["account"].lower(), is_active=True).first()
        if account is None:
            raise CommandError(f"There is no active account {options['account']}.")
        try:
            with context(door=Door.COMMAND):
                key = api_key_create(
                    account=account,
                    name=options["name"],
                    by=SYSTEM,
                    may_write=not options["read_only"],
                    areas=options["area"],
                    networks=options["network"],
                    expires_at=clock.now() + timedelta(days=days) if (days := options["days"]) else None,
                )
        except DomainError as error:
            raise CommandError(str(error.message)) from None
        self.stdout.write(key)
