"""A migration is written by one command, in a checkout where nothing runs and no secret is exported."""

import os
import subprocess
import sys

from crm.settings.keys import NAMES
from tools.environment import BASE

NOT_EXPORTED = {*NAMES, "DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE"}


def run_migrations(*arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if name not in NOT_EXPORTED}
    command = [sys.executable, "-m", "tools.migrations", *arguments]
    return subprocess.run(command, cwd=BASE, env=environment, capture_output=True, text=True)


def test_a_migration_is_written_without_secrets_and_services() -> None:
    answer = run_migrations("client_website", "--dry-run")
    assert (answer.returncode, answer.stderr) == (0, "")
    assert "No changes detected" in answer.stdout


def test_a_migration_without_a_name_is_refused() -> None:
    answer = run_migrations("")
    assert answer.returncode == 2
    assert "make migrations NAME=" in answer.stderr
