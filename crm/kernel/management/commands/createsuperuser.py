"""Off: no account stands above the policies."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    help = "Off. Use first_admin."

    def handle(self, *args: Any, **options: Any) -> None:
        raise CommandError("There is no super-user here. Use `manage.py first_admin`.")
