"""One settings file, driven by the environment; docs/operations.md lists every variable."""

from datetime import timedelta
from pathlib import Path

import dj_database_url
from csp.constants import NONE, SELF
from whitenoise.compress import Compressor

from kb import __version__
from kb.ops.env import envbool, envint, envlist, envrate, envtext, envurl, refuse_unknown, required
from kb.ops.keyfile import local_secret_key
from kb.ops.log import logging_config

BASE_DIR = Path(__file__).resolve().parent.parent
VAR = Path(envtext("CONCORDANCE_VAR", str(BASE_DIR / "var")))
# Drafts and the local key are in it.
VAR.mkdir(mode=0o700, parents=True, exist_ok=True)

# Mode

PRODUCTION = envbool("CONCORDANCE_PRODUCTION")
DEBUG = envbool("CONCORDANCE_DEBUG")
LOCAL_HOSTS = ("localhost", "127.0.0.1", "[::1]")

if PRODUCTION:
    SECRET_KEY = required("SECRET_KEY", envtext("SECRET_KEY"))
    ALLOWED_HOSTS = required("ALLOWED_HOSTS", envlist("ALLOWED_HOSTS"))
else:
    SECRET_KEY = envtext("SECRET_KEY") or local_secret_key(VAR / "secret_key")
    ALLOWED_HOSTS = envlist("ALLOWED_HOSTS", LOCAL_HOSTS)

# The number of our own proxies. Only the part of X-Forwarded-For that they wrote is trusted.
PROXIES = envint("CONCORDANCE_PROXIES", 1 if PRODUCTION else 0)

# Applications

INSTALLED_APPS = [
    "kb",
    "agreements",
    "people",
    "sources",
    # django.contrib.admin with our door and our screen for accounts.
    "kb.apps.EditingConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.sitemaps",
    "django.contrib.postgres",
    "django_filters",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "axes",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "csp",
]

MIDDLEWARE = [
    "kb.ops.middleware.RequestId",
    "kb.ops.middleware.HostGuard",
    # Headers before the guard and the static files, so that their answers carry them as well.
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "kb.ops.middleware.PublicHeaders",
    "kb.ops.middleware.CompressApi",
    "kb.ops.middleware.MethodGuard",
    "kb.ops.middleware.RequestGuard",
    "kb.ops.middleware.DatabaseFault",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "kb.ops.middleware.AdminListGuard",
    # Last, as its documentation asks: it turns a refused sign-in into the lock-out answer.
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "kb.urls"
WSGI_APPLICATION = "kb.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "kb.site.frame.frame",
            ],
        },
    },
    {
        # For what a page draws hundreds of times; see sources.reading.jinja.
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "APP_DIRS": True,
        "OPTIONS": {"environment": "sources.reading.jinja.environment", "autoescape": True},
    },
]
FORM_RENDERER = "sources.lib.form_renderer.FormRenderer"

# Database

SQLITE_OPTIONS = {
    # With Django's defaults concurrent writers fail with "database is locked": WAL lets readers go on
    # beside a writer, and IMMEDIATE makes writers queue at BEGIN, where the timeout is honoured.
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": (
        "PRAGMA journal_mode=WAL;"
        "PRAGMA synchronous=NORMAL;"
        "PRAGMA foreign_keys=ON;"
        "PRAGMA temp_store=MEMORY;"
        "PRAGMA mmap_size=268435456;"
        "PRAGMA cache_size=-16000;"
    ),
}
# Without a limit, a request waits minutes for a database host that drops packets.
POSTGRESQL_OPTIONS = {"connect_timeout": 5}


def database(url):
    """The connection for an address, with the options its kind needs."""
    config = dj_database_url.parse(url, conn_max_age=60, conn_health_checks=True)
    kind = SQLITE_OPTIONS if config["ENGINE"].endswith("sqlite3") else POSTGRESQL_OPTIONS
    config["OPTIONS"] = {**kind, **config.get("OPTIONS", {})}
    return config


# ATOMIC_REQUESTS stays off: with IMMEDIATE it would make every reader take the write lock.
DATABASES = {
    "default": database(envurl("DATABASE_URL", f"sqlite:///{VAR / 'db.sqlite3'}", ("sqlite", "postgres", "postgresql")))
}

CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
# A file, since workers share it without a service of their own and a count for each request must not queue for SQLite's lock.
THROTTLE_COUNTS = VAR / "throttle.counts"

# Review: the author of a change does not publish it. A team of one switches this off; each bypass is on record.
CONCORDANCE_FOUR_EYES = envbool("CONCORDANCE_FOUR_EYES", True)

# An agreement with its clauses, codings and citations is one form.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000

# Sign-in

AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "admin:login"
LOGIN_REDIRECT_URL = "admin:index"
# Whether staff must give a second factor; a laptop with sample data need not.
STAFF_SECOND_FACTOR = envbool("CONCORDANCE_SECOND_FACTOR", PRODUCTION)
OTP_TOTP_ISSUER = "Concordance"

AXES_HANDLER = "kb.staff.lockout.Handler"
AXES_FAILURE_LIMIT = 5
# From one address, over all names: a newsroom behind one address has some typing errors, a program that guesses has more.
FAILURES_PER_ADDRESS = 20
AXES_COOLOFF_TIME = timedelta(minutes=15)
# The pair, so that a stranger who knows a name cannot lock its owner out from elsewhere.
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
# Otherwise one person who keeps trying would lock out a whole newsroom.
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_CLIENT_IP_CALLABLE = "kb.ops.client_address.client_network"
AXES_LOCKOUT_CALLABLE = "kb.staff.lockout.locked_out"
# Beside passwords, which are never kept.
AXES_SENSITIVE_PARAMETERS = ["username", "ip_address", "code", "recovery_code"]
AXES_VERBOSE = False

SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_SECURE = PRODUCTION
CSRF_FAILURE_VIEW = "kb.staff.stale_forms.stale_form"
CSRF_COOKIE_SECURE = PRODUCTION

# Headers

X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "form-action": [SELF],
        "img-src": [SELF, "data:"],
    }
}

SECURE_SSL_REDIRECT = PRODUCTION
# A supervisor asks these from inside, without TLS.
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if PROXIES else None
SECURE_HSTS_SECONDS = envint("CONCORDANCE_HSTS_SECONDS", 31_536_000 if PRODUCTION else 0)
SECURE_HSTS_INCLUDE_SUBDOMAINS = envbool("CONCORDANCE_HSTS_SUBDOMAINS", PRODUCTION)
SECURE_HSTS_PRELOAD = envbool("CONCORDANCE_HSTS_PRELOAD")
# W021 wants the preload flag, which hands the whole domain to a list that takes months to leave:
# the owner of the domain decides that, not a default.
SILENCED_SYSTEM_CHECKS = ["security.W021"]

# API

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.AllowAny"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_THROTTLE_CLASSES": ["kb.ops.throttle.SharedRateThrottle"],
    "DEFAULT_THROTTLE_RATES": {"anon": envrate("CONCORDANCE_API_RATE", "600/min")},
    "EXCEPTION_HANDLER": "sources.lib.problems.handler",
}

SPECTACULAR_SETTINGS = {
    "TITLE": "Concordance",
    "DESCRIPTION": "A source-cited knowledge base of international security-cooperation agreements.",
    "VERSION": __version__,
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "OAS_VERSION": "3.1.1",
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "sources.reading.openapi.complete",
    ],
    # Several kinds have a field of that name; each vocabulary keeps its own.
    "ENUM_NAME_OVERRIDES": {
        "AgreementTitleKind": "agreements.models.AgreementTitle.Kind",
        "AssistanceKind": "agreements.models.Assistance.Kind",
        "EventKind": "agreements.models.Event.Kind",
        "ExerciseKind": "agreements.models.Exercise.Kind",
        "MilestoneKind": "agreements.models.Milestone.Kind",
        "OrganisationKind": "people.models.Organisation.Kind",
        "OtherNameKind": "people.models.OtherName.Kind",
        "PublisherKind": "sources.models.Publisher.Kind",
        "RelationKind": "agreements.models.Relation.Kind",
        "SourceKind": "sources.models.Source.Kind",
        "SourceStanding": "sources.models.Source.Standing",
        "InstrumentStatus": "agreements.life.status.InstrumentStatus",
        "InForce": "agreements.life.status.InForce",
        "PartyStanding": "agreements.life.parties.PartyStatus",
        "Confidence": "sources.evidence.confidence.Confidence",
        "FactState": "sources.evidence.confidence.State",
        "CitationStance": "sources.models.Citation.Stance",
        "CodingStance": "agreements.models.Coding.Stance",
        "PositionStance": "agreements.models.Position.Stance",
    },
}

# Languages and time

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("es", "Español")]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_TZ = True
TIME_ZONE = "UTC"

# Static files

STATIC_URL = "/static/"
# Beside the code and not in VAR, which outlives a release and would keep the old files.
STATIC_ROOT = BASE_DIR / "staticfiles"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "kb.ops.static_files.StaticFiles"},
}

# Pages name the hashed files only, and compressing source maps takes longer than all the rest.
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = (*Compressor.SKIP_COMPRESS_EXTENSIONS, "map")

# Logging

LOG_LEVEL = envtext("CONCORDANCE_LOG_LEVEL", "INFO")
LOGGING = logging_config(structured=PRODUCTION, level=LOG_LEVEL)

refuse_unknown()
