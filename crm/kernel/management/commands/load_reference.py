"""`manage.py load_reference`: the tables every start needs, from each wing that has a `reference.py`."""

from collections.abc import Callable, Iterator
from importlib import import_module
from importlib.util import find_spec
from pkgutil import iter_modules
from typing import Any

from django.apps import apps
from django.core.management.base import BaseCommand

from crm.kernel.audit import context


def loaders() -> Iterator[tuple[str, Callable[[], str]]]:
    """`load()` of `reference.py` in every wing of every app, in the order of INSTALLED_APPS.

    The kernel knows no wing above it: it looks for the convention and imports what it finds by name.
    """
    for config in apps.get_app_configs():
        # Only our own apps have wings; a package of somebody else is none of our business.
        if config.label not in {"kernel", "clients", "projects", "risk", "staff", "home"}:
            continue
        for wing in sorted(info.name for info in iter_modules([config.path]) if info.ispkg):
            path = f"{config.name}.{wing}.reference"
            if find_spec(path):
                yield path, import_module(path).load


class Command(BaseCommand):
    help = "Load the reference tables (calendar, parameters, industries, regions). Safe to run at every start."

    def handle(self, *args: Any, **options: Any) -> None:
        with context.context(door=context.Door.COMMAND):
            for path, load in loaders():
                self.stdout.write(f"{path}: {load()}")
