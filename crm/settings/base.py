"""What every environment shares. A missing secret fails loudly, with a hint."""

from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

BASE_DIR = Path(__file__).resolve().parent.parent.parent
VAR_DIR = BASE_DIR / "var"
env = environ.Env()


def required(name: str, hint: str) -> str:
    """The environment variable `name`, or a refusal to start that says how to get one."""
    value = env.str(name, default="")
    if not value:
        raise ImproperlyConfigured(f"{name} is not set. {hint}")
    return value


def redis_database(url: str, number: int) -> str:
    """The same Redis server, another of its numbered databases."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(path=f"/{number}"))


def networks(name: str) -> list[IPv4Network | IPv6Network]:
    """The networks of a comma separated variable (`10.0.0.0/8,fd00::/8`; a bare address is one); none by default."""
    try:
        return [ip_network(item.strip()) for item in env.list(name, default=[])]
    except ValueError as error:
        raise ImproperlyConfigured(f"{name}: {error}. Write addresses or networks, separated by commas.") from None


SECRET_KEY = required(
    "SECRET_KEY",
    "`make migrations NAME=what` writes migrations without one; `make run` keeps one in var/secrets.env, which "
    "`make shell` and manage.py read; production needs its own, 50 characters.",
)
FIELD_KEYS = required("FIELD_KEYS", "Comma separated Fernet keys, newest first; `make run` keeps one in var/.").split(
    ","
)
AUDIT_KEY = required("AUDIT_KEY", "Any long random text; it keys the hashes of personal fields in the audit trail.")
DEBUG = False
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]"]

# Two roles from the first day: the owner migrates, the application owns nothing.
DATABASE_ROLE = env.str("DATABASE_ROLE", default="app")
APP_DATABASE_URL = required("DATABASE_URL", "postgres://… of the application role; `make run` starts an embedded one.")
OWNER_DATABASE_URL = env.str("DATABASE_OWNER_URL", default=APP_DATABASE_URL)
DATABASE_APP_ROLE = urlsplit(APP_DATABASE_URL).username or "sanshen_app"
# Who waits how long inside PostgreSQL, in milliseconds: a page gives up, a task may work, a command may take its time.
# idle_in_transaction frees locks that a hung process holds. Sent as start-up options, which PgBouncer must let through.
DATABASE_LIMITS = {
    "web": {"statement_timeout": 10_000, "lock_timeout": 3_000, "idle_in_transaction_session_timeout": 15_000},
    "task": {"statement_timeout": 300_000, "lock_timeout": 3_000, "idle_in_transaction_session_timeout": 60_000},
    "command": {},
}
DATABASE_PURPOSE = env.str("DATABASE_PURPOSE", default="command")
_database = environ.Env.db_url_config(OWNER_DATABASE_URL if DATABASE_ROLE == "owner" else APP_DATABASE_URL)
_limits = " ".join(f"-c {name}={value}" for name, value in DATABASE_LIMITS[DATABASE_PURPOSE].items())
DATABASES = {
    "default": {
        **_database,
        # Kept open by the pages' threads; a command ends soon anyway.
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"connect_timeout": 5, **({"options": _limits} if _limits else {}), **_database.get("OPTIONS", {})},
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Redis may be lost at any time: broker and cache only. Sessions, locks, schedules and lock-outs live in PostgreSQL.
REDIS_URL = env.str("REDIS_URL", default="redis://127.0.0.1:6379/0")
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": redis_database(REDIS_URL, 1),
        "KEY_PREFIX": "sanshen",
        # A Redis that does not answer must not hold a page.
        "OPTIONS": {"socket_connect_timeout": 1, "socket_timeout": 1},
    }
}

INSTALLED_APPS = [
    "crm.kernel.web.admin_app.SanshenAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django_htmx",
    "django_cotton",
    "django_filters",
    "guardian",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "csp",
    "crm.kernel",
    "clients",
    "projects",
    "risk",
    "staff",
    "crm.home",
]

MIDDLEWARE = [
    "crm.kernel.web.compression.CompressPagesMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "crm.kernel.people.middleware.PersonMiddleware",
    "crm.kernel.web.middleware.LanguageMiddleware",
    "crm.kernel.web.middleware.AuditContextMiddleware",
    "crm.kernel.attachments.middleware.UploadLimitMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "crm.kernel.web.htmx.HtmxMessagesMiddleware",
    "crm.kernel.web.middleware.DomainErrorMiddleware",
]

ROOT_URLCONF = "crm.urls"
WSGI_APPLICATION = "crm.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": False,
        "OPTIONS": {
            "loaders": [
                "django_cotton.cotton_loader.Loader",
                "django.template.loaders.filesystem.Loader",
                "django.template.loaders.app_directories.Loader",
            ],
            "builtins": ["django_cotton.templatetags.cotton", "django.templatetags.i18n"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "crm.kernel.web.context.shell",
            ],
        },
    }
]

AUTH_USER_MODEL = "kernel.Account"
AUTHENTICATION_BACKENDS = ["crm.kernel.people.backends.AccountBackend"]
ANONYMOUS_USER_NAME = None
# Guardian's backend stays out: user.has_perm() is answered by the policies, which read the grants (ADR 13).
SILENCED_SYSTEM_CHECKS = ["guardian.W001"]
CSRF_FAILURE_VIEW = "crm.kernel.web.errors.csrf_failure"
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "home:my_day"
LOGOUT_REDIRECT_URL = "login"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("login",)},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "crm.kernel.people.passwords.ThreeClassesValidator"},
]
# Who may say in X-Forwarded-For for whom it speaks. None: every request comes from its peer.
TRUSTED_PROXIES = networks("TRUSTED_PROXIES")
LOGIN_TRIES = 5  # failed ones, per account and address within the window
LOGIN_TRIES_PER_ADDRESS = 50
LOGIN_WINDOW_MINUTES = 30
# Failed ones per account and hour by where they come from: unknown places together, networks and browsers from which
# the account has signed in before. Their sum is what may reach the password check in an hour.
LOGIN_TRIES_PER_ACCOUNT = {"": 10, "network": 5, "device": 5}
LOGIN_ACCOUNT_WINDOW_MINUTES = 60
KNOWN_PLACES = 10  # of each kind, per account
KNOWN_PLACE_DAYS = 90
API_KEY_MOST_DAYS = 366
API_KEY_WARN_DAYS = 14
# Tells a browser from which somebody has signed in before; opens nothing by itself.
DEVICE_COOKIE_NAME = "device"
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_IDLE_SECONDS = 30 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
# Pages carry the token in their markup (hx-headers, hidden fields), so no script has to read the cookie.
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"

# Nothing inline, nothing from elsewhere: whatever slips through escaping still cannot run.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"

# A form is small; files are streamed and have their own limit (kernel.attachments).
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2500
DATA_UPLOAD_MAX_NUMBER_FILES = 20

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Simplified Chinese")), ("en", _("English"))]
# What a filter that asks for nothing says.
FILTERS_EMPTY_CHOICE_LABEL = _("All")
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = "crm.formats"
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "crm.static_files.PackageFinder",
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "crm.static_files.HashedStorage"},
}
MEDIA_ROOT = env.path("MEDIA_ROOT", default=str(VAR_DIR / "media"))()
ANCHOR_DIR = env.path("ANCHOR_DIR", default=str(VAR_DIR / "anchors"))()
AUDIT_ANCHOR_MAIL = env.str("AUDIT_ANCHOR_MAIL", default="")

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "crm.kernel.people.api_auth.ApiKeyAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": [
        "rest_framework.permissions.IsAuthenticated",
        "crm.kernel.people.key_scopes.WithinKey",
    ],
    "DEFAULT_PARSER_CLASSES": ["crm.kernel.web.parsers.StrictJSONParser"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_PAGINATION_CLASS": "crm.kernel.web.pagination.ApiPagination",
    "DEFAULT_FILTER_BACKENDS": [
        "crm.kernel.web.filters.StrictFilterBackend",
        "crm.kernel.web.changes.UpdatedSinceBackend",
    ],
    "EXCEPTION_HANDLER": "crm.kernel.web.api.problem_handler",
    "COERCE_DECIMAL_TO_STRING": True,
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Sanshen API",
    "DESCRIPTION": "Clients, financing projects and their three-stage review.",
    "VERSION": "1.0.0",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.IsAuthenticated"],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "ENFORCE_NON_BLANK_FIELDS": True,
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "crm.kernel.web.schema.name_parameters",
        "crm.kernel.web.schema.close_bodies",
        "crm.kernel.web.schema.document_problems",
    ],
    "ENUM_NAME_OVERRIDES": {
        "ClientGradeEnum": "clients.file.models.Grade",
        "ClientTypeEnum": "clients.file.models.ClientType",
        "CashflowStateEnum": "projects.cashflow.models.CashflowModel.State",
        "CashflowVerdictEnum": "projects.cashflow.models.CashflowModel.Verdict",
        "ComplaintClassEnum": "staff.complaints.models.Grade",
        "ComplaintDecisionEnum": "staff.complaints.models.DECISION_CHOICES",
        "ConditionKindEnum": "risk.reviews.models.Condition.Kind",
        "CoverKindEnum": "crm.kernel.people.covers.Cover.Kind",
        "ContractStateEnum": "projects.funding.models.Contract.State",
        "DrawdownStateEnum": "projects.funding.models.Drawdown.State",
        "RepaymentPlanKindEnum": "projects.servicing.models.RepaymentPlan.Kind",
        "RepaymentPlanStateEnum": "projects.servicing.models.RepaymentPlan.State",
        "RepaymentStateEnum": "projects.servicing.models.Repayment.State",
        "RepaymentPartKindEnum": "projects.servicing.models.RepaymentPart.Kind",
        "ExportFormatEnum": "crm.kernel.exports.models.ExportRun.Format",
        "ExportStateEnum": "crm.kernel.exports.models.ExportRun.State",
        "FacilityKindEnum": "projects.facilities.models.Facility.Kind",
        "FacilityStateEnum": "projects.facilities.models.Facility.State",
        "DocumentKindEnum": "projects.deals.models.ProjectDocument.Kind",
        "HearingStatusEnum": "risk.committee.models.AgendaItem.Status",
        "ImportStateEnum": "crm.kernel.imports.models.ImportRun.State",
        "InteractionKindEnum": "clients.relations.models.Interaction.Kind",
        "InteractionStateEnum": "clients.relations.models.Interaction.State",
        "SeriesKindEnum": "projects.series.models.Series.Kind",
        "RequestChannelEnum": "clients.requests.models.ServiceRequest.Channel",
        "RequestKindEnum": "clients.requests.models.ServiceRequest.Kind",
        "RequestStateEnum": "clients.requests.models.ServiceRequest.State",
        "PromiseStateEnum": "clients.relations.models.Promise.State",
        "ReviewStageEnum": "risk.reviews.models.Stage",
        "ReviewStatusEnum": "risk.reviews.models.CaseStatus",
        "StatementStateEnum": "clients.statements.models.Statement.State",
        "VoteKindEnum": "risk.committee.models.Vote.Kind",
    },
}

# E-mail goes to files unless EMAIL_URL names a relay (smtp+tls://user:password@host:587).
EMAIL_CONFIG = env.email_url("EMAIL_URL", default=f"filemail:///{VAR_DIR / 'mail'}")
vars().update(EMAIL_CONFIG)
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="sanshen@localhost")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
EMAIL_TIMEOUT = 5  # seconds

SITE_URL = env.str("SITE_URL", default="http://127.0.0.1:8000").rstrip("/")  # where links in mails lead

# Due work (kernel.outbox): how often it is tried, and how long the house waits between two tries.
OUTBOX_TRIES = 8
OUTBOX_FIRST_WAIT_SECONDS = 10
OUTBOX_LONGEST_WAIT_SECONDS = 3600

# JSON only; a task is acknowledged when done, one at a time, within a time limit; a killed worker's task comes again.
# No results: what a task did is in the database.
CELERY_BROKER_URL = redis_database(REDIS_URL, 0)
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    # Above the longest task, or a second worker would start it while the first still works.
    "visibility_timeout": 3600,
    "socket_connect_timeout": 3,
    # A broker that takes everything and answers nothing must not hold a worker or a beat: without these two they would
    # wait for ever at a connection that died silently, also when the broker is long back.
    "socket_timeout": 5,
    "health_check_interval": 10,
    "socket_keepalive": True,
}
# However long it is away, the worker comes back to it by itself.
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_TASK_PUBLISH_RETRY_POLICY = {"max_retries": 1, "interval_start": 0.1, "interval_step": 0.2, "interval_max": 0.5}
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_SOFT_TIME_LIMIT = 25 * 60
CELERY_TASK_TIME_LIMIT = 30 * 60
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = TIME_ZONE

# A line for every poke, every five seconds, would bury what matters; pikepdf greets at every start.
QUIET = ("celery.worker.strategy", "celery.app.trace", "celery.beat", "pikepdf")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
    "loggers": {name: {"level": "WARNING"} for name in QUIET},
}
