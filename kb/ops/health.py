"""The health checks ``/healthz`` and ``/readyz``, and which exceptions mean that the database is out of order."""

import sqlite3
import time
from contextlib import closing
from functools import cache
from pathlib import Path
from urllib.parse import quote

from django.db import DatabaseError, Error, InterfaceError, OperationalError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe


@require_safe
@never_cache
def healthz(request):
    """Whether the process is alive. Does not ask the database, or an outage would get healthy processes killed."""
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")


@require_safe
@never_cache
def readyz(request):
    """Whether the database answers, is undamaged and writable, and has all migrations of this code."""
    database, migrations = _state()
    ready = database == "ok" and migrations == "applied"
    body = {"ready": ready, "database": database, "migrations": migrations}
    return JsonResponse(body, status=200 if ready else 503, headers={} if ready else {"Retry-After": "5"})


def _state():
    """``(database, migrations)``, each in a word or two."""
    try:
        if fault := _fault():
            return fault, "unknown"
        applied = set(MigrationRecorder(connection).applied_migrations())
    except Error as error:
        return "damaged" if _is_damage(error) else "unreachable", "unknown"
    missing = _known_migrations() - applied
    return "ok", f"{len(missing)} missing" if missing else "applied"


def _fault():
    """What is wrong with a database that answers, or an empty text."""
    if connection.vendor == "sqlite":
        path = Path(connection.settings_dict["NAME"])
        return fault_of_file(path) if path.is_file() else ""
    with connection.cursor() as cursor:
        # Set on a standby, and by an administrator who closes a full or failing server.
        cursor.execute("SELECT current_setting('transaction_read_only')")
        return "read-only" if cursor.fetchone() == ("on",) else ""


def fault_of_file(path, mode="rw"):
    """“damaged”, “read-only” or “unreachable”, or an empty text for a sound SQLite file.

    Uses a new connection, because an open one has parts of the file in memory. Checks a large file from the beginning for
    ``CHECKING`` seconds.
    """
    try:
        with closing(sqlite3.connect(f"file:{quote(str(path))}?mode={mode}", timeout=0, uri=True)) as own:
            return "" if _is_whole(own) and _takes_writes(own) else "damaged"
    except sqlite3.Error as error:
        code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
        return {sqlite3.SQLITE_BUSY: "", **FAULTS}.get(code, "unreachable")


FAULTS = {
    sqlite3.SQLITE_CORRUPT: "damaged",
    sqlite3.SQLITE_NOTADB: "damaged",
    sqlite3.SQLITE_READONLY: "read-only",
}
CHECKING = 0.1


def _is_whole(own):
    end = time.monotonic() + CHECKING
    own.set_progress_handler(lambda: time.monotonic() > end, 1000)
    try:
        return own.execute("PRAGMA quick_check(1)").fetchone() == ("ok",)
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode != sqlite3.SQLITE_INTERRUPT:
            raise
        return True
    finally:
        own.set_progress_handler(None, 0)


def _takes_writes(own):
    """Try a write and roll it back. ``SQLITE_BUSY`` is a success too, since then another connection is writing."""
    (version,) = own.execute("PRAGMA user_version").fetchone()
    own.execute("BEGIN IMMEDIATE")
    own.execute(f"PRAGMA user_version = {version}")
    own.execute("ROLLBACK")
    return True


@cache
def _known_migrations():
    # The files do not change under a running process, and reading them costs more than asking the database.
    return frozenset(MigrationLoader(None).graph.nodes)


def is_outage(fault):
    """Whether the exception means that the database cannot be used now, and not that our statement was wrong."""
    # SQLite raises OperationalError for a wrong statement as well, with the code SQLITE_ERROR.
    own_mistake = _sqlite_code(fault) == sqlite3.SQLITE_ERROR
    is_known = isinstance(fault, (OperationalError, InterfaceError)) and not own_mistake
    return is_known or _is_damage(fault) or _is_read_only(fault)


def _is_read_only(fault):
    """Whether PostgreSQL refused to write because it is read-only; Django has no class of its own for that."""
    return isinstance(fault, DatabaseError) and getattr(fault.__cause__, "sqlstate", None) == "25006"


def _is_damage(fault):
    """Whether SQLite found that its file is damaged or not a database."""
    return (_sqlite_code(fault) or 0) & 0xFF in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


def _sqlite_code(fault):
    return getattr(fault.__cause__, "sqlite_errorcode", None)
