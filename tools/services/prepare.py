"""What the database needs before pages are served. Run by the supervisor as processes of their own:

python -m tools.services.prepare migrate        as the owner role
python -m tools.services.prepare data [--demo]  as the application role: reference data; with --demo as the owner, and
                                                demo data when empty: only the owner may write events of the past
python -m tools.services.prepare accounts       prints the demo accounts, when the demo command is there
"""

import argparse
import os
import sys

import django
from django.contrib.auth import get_user_model
from django.core.management import call_command, get_commands


def migrate() -> None:
    """Apply all migrations."""
    call_command("migrate", interactive=False, verbosity=1)


def data(demo: bool) -> None:
    """Load reference data (repeatable), and the demo institution into a database without any account."""
    commands = get_commands()
    if "load_reference" in commands:
        call_command("load_reference")
    if demo and "demo" in commands and not get_user_model()._base_manager.exists():
        call_command("demo")


def accounts() -> None:
    """Print the demo accounts."""
    if "demo" in get_commands():
        call_command("demo", accounts=True)


def main(arguments: list[str]) -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m tools.services.prepare")
    parser.add_argument("step", choices=("migrate", "data", "accounts"))
    parser.add_argument("--demo", action="store_true")
    options = parser.parse_args(arguments)
    os.environ["DATABASE_ROLE"] = "owner" if options.step == "migrate" or options.demo else "app"
    django.setup()
    if options.step == "migrate":
        migrate()
    elif options.step == "data":
        data(options.demo)
    else:
        accounts()


if __name__ == "__main__":
    main(sys.argv[1:])
