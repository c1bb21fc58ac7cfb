"""Turning Python values into what an audit row may hold: plain JSON, no unprintable bytes, no secrets."""

import hashlib
import hmac
import math
from collections.abc import Collection, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.functional import Promise

HASH_PREFIX = "hmac-sha256:"


def hashed(value: Any, *, field: str = "") -> str | None:
    """The keyed hash that stands for a value of class personal or above: `hmac-sha256:` and 64 hex digits.

    The same value of the same field gives the same hash, so a change is visible and a suspected value can be
    compared, while the row tells nothing. `field` keeps equal values of different fields apart. None stays None:
    absence is no secret.
    """
    if value is None:
        return None
    text = f"{field}\0{plain(value)}"
    return HASH_PREFIX + hmac.new(settings.AUDIT_KEY.encode(), text.encode(), hashlib.sha256).hexdigest()


def clean_text(text: str, *, limit: int | None = None) -> str:
    """Text that PostgreSQL can store: NUL and lone surrogates become U+FFFD, too long text is cut with an ellipsis.

    Hostile input must be recordable too: a refusal that cannot be written down would be a hole.
    """
    if not text.isascii() or "\0" in text:
        text = text.replace("\0", "\ufffd").encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if limit is not None and len(text) > limit:
        text = text[: limit - 1] + "…"
    return text


def plain(value: Any) -> Any:
    """JSON-ready copy: amounts and times as text (UTC), people and other rows as their id, sets as sorted lists.

    Raises TypeError for what has no faithful text (bytes, open files): the caller has to choose.
    """
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, Enum):
        return plain(value.value)
    if isinstance(value, str | Promise):
        return clean_text(str(value))
    if isinstance(value, int):
        # Beyond 2^53 other readers of JSON would round.
        return value if abs(value) < 2**53 else str(value)
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    if isinstance(value, datetime):
        return value.astimezone(timezone.get_fixed_timezone(0)).isoformat() if value.tzinfo else value.isoformat()
    if isinstance(value, Decimal | UUID):
        return str(value)
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, models.Model):
        return value.pk if isinstance(value.pk, int) else str(value.pk)
    if isinstance(value, Mapping):
        return {clean_text(str(key)): plain(item) for key, item in value.items()}
    if isinstance(value, set | frozenset):
        return sorted((plain(item) for item in value), key=str)
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    raise TypeError(f"an audit row cannot hold {type(value).__name__}")


def record_values(values: Mapping[str, Any] | None, *, sensitive: Collection[str]) -> dict[str, Any] | None:
    """A `data`, `before` or `after` dictionary ready to store: fields named in `sensitive` only as keyed hash, at
    any depth.
    """
    if values is None:
        return None
    return {clean_text(str(key)): _guarded(str(key), value, sensitive) for key, value in values.items()}


def _guarded(key: str, value: Any, sensitive: Collection[str]) -> Any:
    if key in sensitive:
        return hashed(value, field=key)
    if isinstance(value, Mapping):
        return record_values(value, sensitive=sensitive)
    if isinstance(value, list | tuple):
        return [
            record_values(item, sensitive=sensitive) if isinstance(item, Mapping) else plain(item) for item in value
        ]
    return plain(value)
