"""Names and sentences put side by side as the reader's language does it: `A、B` or `A, B`; no blank after `。`."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext


def between() -> str:
    """What stands between the parts of an enumeration."""
    return pgettext("between the parts of a list", ", ")


def listed(parts: Iterable[Any]) -> str:
    """The parts as one enumeration; empty for none."""
    return between().join(str(part) for part in parts)


def told(sentences: Iterable[Any]) -> str:
    """Whole sentences one after another; empty ones are left out."""
    text = ""
    for sentence in filter(None, map(str, sentences)):
        text = _("%(one)s %(other)s") % {"one": text, "other": sentence} if text else sentence
    return text
