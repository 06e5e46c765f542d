"""How long a request waits for another writer.

On SQLite one connection writes at a time. The others wait in their thread, for as long as the connection's ``timeout`` says, and a
thread that waits serves no reader. PostgreSQL lets nobody wait who writes other rows.
"""

import sqlite3
from contextlib import contextmanager

from django.db import OperationalError, connection

# A form or a preview is drawn in a transaction that is undone. For a moment's wait an editor need not be sent away.
DRAWING = 2


@contextmanager
def waiting(seconds):
    """Within, a statement waits at most so long for SQLite's lock, and then fails as ``is_busy`` tells."""
    if connection.vendor != "sqlite":
        yield
        return
    _wait(seconds)
    try:
        yield
    finally:
        _wait(connection.settings_dict["OPTIONS"].get("timeout", 5))


def _wait(seconds):
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA busy_timeout = {round(seconds * 1000)}")


def is_busy(fault):
    """Whether the exception says that somebody else is writing."""
    code = getattr(fault.__cause__, "sqlite_errorcode", None)
    # The low byte tells the kind, the others the occasion.
    return isinstance(fault, OperationalError) and code is not None and code & 0xFF in BUSY


BUSY = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
