"""Create the first administrator of an empty system. Django's createsuperuser is off: there is no super-user."""

import getpass
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from crm.kernel.access.errors import DomainError
from crm.kernel.audit.context import SYSTEM, Door, context
from crm.kernel.people.roles import Role
from crm.kernel.people.services import FIRST_ROLES, first_admin


class Command(BaseCommand):
    help = "Make the first administrator; the first login asks for a new password."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--login", required=True)
        parser.add_argument("--name", required=True)
        parser.add_argument("--role", default=Role.SYSTEM_ADMIN, choices=[str(role) for role in FIRST_ROLES])
        parser.add_argument("--password", help="Asked for when left out.")

    def handle(self, *args: Any, **options: Any) -> None:
        password = options["password"] or getpass.getpass("Password: ")
        try:
            with context(door=Door.COMMAND):
                account = first_admin(
                    name=options["name"], login=options["login"], password=password, role=options["role"], by=SYSTEM
                )
        except DomainError as error:
            raise CommandError(str(error.message)) from None
        self.stdout.write(f"{account.login}: {account.person.name}")
