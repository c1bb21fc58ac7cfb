"""The proof that an event's time, person and account were named by the application's own code.

The application role may add events, but knowing its password, or slipping SQL into one of its statements, is not enough
to write one in somebody's name: the trigger asks for an HMAC-SHA256 over who and when, made with a key that the
application derives from AUDIT_KEY and that the role cannot read in the database. A proof is never stored, and it is
good for some minutes around the moment it names; the row's time is the database's own. The owner role needs none: it
can do anything to its tables, and is watched by the anchors.
"""

import hashlib
import hmac
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.db import connections

PROVEN = (
    "at", "person_id", "person_name", "roles", "account_id", "account_name", "on_behalf_of_id", "on_behalf_of_name",
    "door", "request_id",
)  # fmt: skip
SEPARATOR = "\x1f"
BLOCK = 64


def proof_of(event: Mapping[str, Any]) -> str:
    """The proof of an event's columns, 64 hex digits."""
    text = SEPARATOR.join(_plain(event[name]) for name in PROVEN)
    return hmac.new(_key(), text.encode(), hashlib.sha256).hexdigest()


def store_key(*, using: str = "default", **_: Any) -> None:
    """Give the database the key that it checks proofs with, as the owner, after every migration. Others do nothing."""
    connection = connections[using]
    inner, outer = (bytes(byte ^ pad for byte in _key().ljust(BLOCK, b"\0")) for pad in (0x36, 0x5C))
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('kernel_auditkey') IS NOT NULL")
        if cursor.fetchone()[0]:
            cursor.execute(
                "INSERT INTO kernel_auditkey (id, inner_pad, outer_pad) VALUES (1, %s, %s) "
                "ON CONFLICT (id) DO UPDATE SET inner_pad = EXCLUDED.inner_pad, outer_pad = EXCLUDED.outer_pad",
                [inner, outer],
            )


def _key() -> bytes:
    return hmac.new(settings.AUDIT_KEY.encode(), b"proof of an audit event", hashlib.sha256).digest()


def _plain(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    return str(value)
