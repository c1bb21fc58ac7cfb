"""The tests: the owner's connection, so that fixtures may be written and tables emptied; the rest as it ships."""

import os

os.environ["DATABASE_ROLE"] = "owner"

from .base import *  # noqa: F403
from .base import DATABASES, MIDDLEWARE, env

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# Files straight from their folders: no collectstatic, no manifest.
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
MIDDLEWARE = [name for name in MIDDLEWARE if not name.startswith("whitenoise.")]
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
DATABASES["default"]["CONN_MAX_AGE"] = 0
DATABASES["default"]["TEST"] = {
    "NAME": env.str("TEST_DB_NAME", default=None),
    # Migrated once by tools.services.pytest_services; each test database is a copy of it.
    "TEMPLATE": env.str("TEST_DB_TEMPLATE", default=None),
}
