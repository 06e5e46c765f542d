"""Who waits for whom: a request for another writer, and a migration for another one.

On SQLite one connection writes at a time. The others wait in their thread, for as long as the connection's ``timeout`` says, and a
thread that waits serves no reader. PostgreSQL lets nobody wait who writes other rows.
"""

import fcntl
import sqlite3
from contextlib import contextmanager
from pathlib import Path

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


# Any number, the same for all that must not run together.
MIGRATING = 0x636F6E63


@contextmanager
def alone(database):
    """Within, no other process of this base is in such a block; the next one waits.

    On PostgreSQL by an advisory lock on a connection of its own, which falls with the connection whatever happens; on SQLite by a
    locked file beside the database.
    """
    if database.vendor == "postgresql":
        own = database.copy()
        try:
            with own.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_lock(%s)", [MIGRATING])
            yield
        finally:
            own.close()
        return
    path = Path(database.settings_dict["NAME"])
    if not path.parent.is_dir() or "memory" in path.name:
        yield
        return
    with open(f"{path}.migrating", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
