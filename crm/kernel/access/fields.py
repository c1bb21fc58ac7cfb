"""Fields that are unreadable in the database, and hashes that let equal values be found without reading them."""

import hashlib
import hmac
from functools import lru_cache
from typing import Any

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.db import models


@lru_cache(maxsize=1)
def _cipher() -> MultiFernet:
    return MultiFernet([Fernet(key.strip()) for key in settings.FIELD_KEYS])


def keyed_hash(value: str) -> str:
    """HMAC-SHA-256 of `value` under AUDIT_KEY, hex: equal values compare equal, nobody without the key can guess."""
    return hmac.new(settings.AUDIT_KEY.encode(), value.encode(), hashlib.sha256).hexdigest()


class EncryptedTextField(models.TextField):
    """Text kept as a Fernet token (AES-128-CBC with HMAC); the newest of FIELD_KEYS writes, any of them reads."""

    def get_prep_value(self, value: Any) -> Any:
        value = super().get_prep_value(value)
        return _cipher().encrypt(value.encode()).decode() if value else value

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> str | None:
        return _cipher().decrypt(value.encode()).decode() if value else value
