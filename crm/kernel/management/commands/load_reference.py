"""`manage.py load_reference`: the tables every start needs, from each module that has a `reference.py`."""

from typing import Any

from django.core.management.base import BaseCommand

from crm.kernel.audit import context
from crm.kernel.modules import import_declared


class Command(BaseCommand):
    help = "Load the reference tables (calendar, parameters, industries, regions). Safe to run at every start."

    def handle(self, *args: Any, **options: Any) -> None:
        with context.context(door=context.Door.COMMAND):
            for module in import_declared("reference"):
                self.stdout.write(f"{module.__name__}: {module.load()}")
