"""The same in both languages."""

from crm.formats.en.formats import *  # noqa: F403
