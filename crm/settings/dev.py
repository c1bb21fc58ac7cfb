"""A developer's machine and `make run`: debug pages are still off unless DEBUG=1, so that what is seen is what ships.

While `make run` runs, its services are noted in var/run/services.env and its secrets in var/secrets.env, so that
`manage.py` in another terminal finds them. What the environment already says goes first.
"""

import os
from pathlib import Path

from crm.settings.keys import NAMES, read_env_file

_var = Path(__file__).resolve().parent.parent.parent / "var"
for _name, _value in read_env_file(_var / "run" / "services.env").items():
    # The owner's address only for commands that migrate: pages and tasks must not know it.
    if _name != "DATABASE_OWNER_URL" or os.environ.get("DATABASE_ROLE") == "owner":
        os.environ.setdefault(_name, _value)
for _name, _value in read_env_file(_var / "secrets.env").items():
    if _name in NAMES:
        os.environ.setdefault(_name, _value)

from .base import *  # noqa: F403
from .base import env

DEBUG = env.bool("DEBUG", default=False)
