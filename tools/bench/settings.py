"""The settings of `make run` with the floors' routes beside ours."""

from crm.settings.dev import *  # noqa: F403

ROOT_URLCONF = "tools.bench.urls"
# Quarters are closed and nights follow each other within one run.
CLOCK_MAY_BE_SET = True
