"""Checks that stop an unsafe start. kb/apps.py registers them for manage.py; kb/wsgi.py runs them for the server."""

from django.conf import settings
from django.core.checks import Error, Tags, register
from django.core.exceptions import ImproperlyConfigured
from django.db import connection

LOCAL_HOSTS = {"localhost", "127.0.0.1", "[::1]", "::1", ".localhost", "testserver"}
KEY_LENGTH = 50


@register(Tags.security)
def debug_stays_local(app_configs=None, **kwargs):
    """DEBUG shows settings and source code to anybody who causes an error."""
    elsewhere = sorted(set(settings.ALLOWED_HOSTS) - LOCAL_HOSTS)
    if settings.DEBUG and elsewhere:
        hosts = ", ".join(elsewhere)
        return [Error(f"DEBUG is on and these hosts are not local: {hosts}. Unset CONCORDANCE_DEBUG.", id="kb.E001")]
    return []


@register(Tags.security)
def production_key_is_strong(app_configs=None, **kwargs):
    """The key signs sessions and cursors; Django's own check for it only warns."""
    key = settings.SECRET_KEY
    weak = len(key) < KEY_LENGTH or len(set(key)) < 5 or key.startswith("django-insecure-")
    if settings.PRODUCTION and weak:
        return [Error(f"SECRET_KEY must be random and at least {KEY_LENGTH} characters long.", id="kb.E002")]
    return []


@register(Tags.security)
def production_names_its_hosts(app_configs=None, **kwargs):
    """With `*` the visitor chooses the host that appears in the links we send out."""
    if settings.PRODUCTION and "*" in settings.ALLOWED_HOSTS:
        return [Error("ALLOWED_HOSTS must name the hosts; * is refused in production.", id="kb.E003")]
    return []


@register(Tags.compatibility)
def sqlite_is_set_for_writers(app_configs=None, **kwargs):
    """With the defaults, concurrent writers get "database is locked"."""
    database = settings.DATABASES["default"]
    if not database["ENGINE"].endswith("sqlite3"):
        return []
    options = database.get("OPTIONS", {})
    begins = str(options.get("transaction_mode", "")).upper() == "IMMEDIATE"
    wal = "journal_mode=wal" in options.get("init_command", "").lower().replace(" ", "")
    if begins and wal:
        return []
    return [Error("SQLite needs journal_mode=WAL in init_command and transaction_mode IMMEDIATE.", id="kb.E004")]


@register(Tags.compatibility)
def pool_or_persistent(app_configs=None, **kwargs):
    """A pool and persistent connections cannot be combined: every request would fail."""
    database = settings.DATABASES["default"]
    if database.get("OPTIONS", {}).get("pool") and database.get("CONN_MAX_AGE"):
        return [Error("Use a connection pool or CONN_MAX_AGE, not both.", id="kb.E005")]
    return []


@register(Tags.database)
def sqlite_accepts_wal(app_configs=None, databases=None, **kwargs):
    """SQLite silently keeps its old journal mode where WAL is impossible, for example on network drives."""
    if connection.vendor != "sqlite":
        return []
    with connection.cursor() as cursor:
        mode = cursor.execute("PRAGMA journal_mode").fetchone()[0]
    if mode.lower() == "wal":
        return []
    return [Error(f"SQLite runs in journal mode {mode!r} and not in WAL: keep the file on a local disk.", id="kb.E006")]


CHECKS = (
    debug_stays_local,
    production_key_is_strong,
    production_names_its_hosts,
    sqlite_is_set_for_writers,
    pool_or_persistent,
    sqlite_accepts_wal,
)


def refuse_to_start_unsafe():
    """Raise with every reason at once, so that one restart mends them all."""
    faults = [fault for check in CHECKS for fault in check()]
    if faults:
        raise ImproperlyConfigured(" ".join(f"({fault.id}) {fault.msg}" for fault in faults))
