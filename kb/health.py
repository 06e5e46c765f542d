"""Two questions a supervisor asks: is the process alive, and can it serve? And what counts as an outage."""

import sqlite3
from functools import cache

from django.db import Error, InterfaceError, OperationalError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe


@require_safe
@never_cache
def healthz(request):
    """Alive. Asks no database, so that its outage does not get healthy processes killed."""
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")


@require_safe
@never_cache
def readyz(request):
    """Ready when the database answers and every migration in this code is applied to it."""
    database, migrations = _state()
    ready = database == "ok" and migrations == "applied"
    body = {"ready": ready, "database": database, "migrations": migrations}
    return JsonResponse(body, status=200 if ready else 503, headers={} if ready else {"Retry-After": "5"})


def _state():
    try:
        applied = set(MigrationRecorder(connection).applied_migrations())
    except Error:
        return "unreachable", "unknown"
    missing = _known_migrations() - applied
    return "ok", f"{len(missing)} missing" if missing else "applied"


@cache
def _known_migrations():
    # The files do not change under a running process, and reading them costs more than asking the database.
    return frozenset(MigrationLoader(None).graph.nodes)


def is_outage(fault):
    """Whether the exception says that the database cannot be reached or used just now, and not that we asked nonsense."""
    # SQLite calls a mistake in the statement an operational error, too; its code tells them apart.
    own_mistake = getattr(fault.__cause__, "sqlite_errorcode", None) == sqlite3.SQLITE_ERROR
    return isinstance(fault, (OperationalError, InterfaceError)) and not own_mistake
