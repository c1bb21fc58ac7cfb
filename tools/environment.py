"""An environment in which Django starts without services: dummy secrets and addresses at which nothing listens."""

import os
from pathlib import Path

from crm.settings.keys import new_secret

BASE = Path(__file__).resolve().parent.parent


def dummy_environment(settings: str = "crm.settings.test") -> dict[str, str]:
    """The present environment, its secrets and services replaced; nothing listens on port 9."""
    nowhere = "postgres://{}:x@127.0.0.1:9/sanshen"
    return {
        **os.environ,
        "DATABASE_URL": nowhere.format("sanshen_app"),
        "DATABASE_OWNER_URL": nowhere.format("sanshen_owner"),
        "REDIS_URL": "redis://127.0.0.1:9/0",
        "EMAIL_URL": "smtp+tls://user:password@127.0.0.1:9",
        "ALLOWED_HOSTS": "sanshen.example",
        "MEDIA_ROOT": str(BASE / "var" / "media"),
        "ANCHOR_DIR": str(BASE / "var" / "anchors"),
        "DJANGO_SETTINGS_MODULE": settings,
        **{secret: new_secret(secret) + new_secret(secret) for secret in ("SECRET_KEY", "AUDIT_KEY")},
        "FIELD_KEYS": new_secret("FIELD_KEYS"),
    }
