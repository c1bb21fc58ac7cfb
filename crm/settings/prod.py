"""Production: nothing embedded, nothing guessed. Every missing value is named, with a hint, before anything starts."""

from .base import *  # noqa: F403
from .base import DATABASE_ROLE, env, required

ALLOWED_HOSTS = required("ALLOWED_HOSTS", "Comma separated host names that pages are asked for.").split(",")
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS]
required("REDIS_URL", "redis://… of broker and cache.")
required("EMAIL_URL", "smtp+tls://user:password@host:587 of the mail relay.")
required("MEDIA_ROOT", "The folder of uploaded files, on storage that is backed up.")
required("ANCHOR_DIR", "A folder for the heads of the audit trail that neither application nor DBA can change later.")
if DATABASE_ROLE == "owner":
    required("DATABASE_OWNER_URL", "postgres://… of the role that owns the database; only migrations use it.")

DEBUG = False
SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=True)
# Load balancers ask over plain HTTP.
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
if env.bool("BEHIND_TLS_PROXY", default=False):
    # Only where a proxy always sets this header itself: else a client could claim to be secure.
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 365 * 24 * 3600
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True

# __Host-: the browser refuses the cookie unless it is secure, for this host alone and for the whole site.
SESSION_COOKIE_SECURE = True
SESSION_COOKIE_NAME = "__Host-sessionid"
CSRF_COOKIE_SECURE = True
CSRF_COOKIE_NAME = "__Host-csrftoken"
DEVICE_COOKIE_NAME = "__Host-device"
LANGUAGE_COOKIE_SECURE = True
