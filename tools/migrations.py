"""`make migrations NAME=client_website`: write the migrations of what the models changed. Needs no running service."""

import re
import subprocess
import sys

from tools.environment import BASE, dummy_environment

NAME = re.compile(r"[a-z][a-z0-9_]*")
# Django would like to compare with the applied migrations; there is no database to ask.
MAKE = [sys.executable, "-W", "ignore::RuntimeWarning", "manage.py", "makemigrations"]


def main(arguments: list[str]) -> int:
    """Run makemigrations with the given name; 2 when there is none."""
    name = arguments[0] if arguments else ""
    if not NAME.fullmatch(name):
        print("Say what changes, in lower case: make migrations NAME=client_website", file=sys.stderr)
        return 2
    return subprocess.run([*MAKE, "--name", name, *arguments[1:]], cwd=BASE, env=dummy_environment()).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
