"""Locks: how long a request waits for another writer, and how two migrations run one after the other.

On SQLite one connection writes at a time. Other writers wait up to the connection's ``timeout``, and their thread serves nobody
meanwhile. PostgreSQL makes writers of different rows not wait.
"""

import fcntl
import sqlite3
from contextlib import contextmanager
from pathlib import Path

from django.db import OperationalError, connection

# A preview is drawn in a transaction that is undone. For a moment's wait an editor need not be sent away.
DRAWING = 2


@contextmanager
def waiting(seconds):
    """In this block a statement waits at most ``seconds`` for SQLite's lock, then raises an error that ``is_busy`` recognises."""
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
    """Whether the exception means that another connection is writing."""
    code = getattr(fault.__cause__, "sqlite_errorcode", None)
    # The low byte is the kind of error; the other bytes are details.
    return isinstance(fault, OperationalError) and code is not None and code & 0xFF in BUSY


BUSY = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


# The number of the advisory lock; any constant.
MIGRATING = 0x636F6E63


@contextmanager
def alone(database):
    """Only one process at a time is in this block; others wait.

    On PostgreSQL this is an advisory lock on a separate connection, which ends with the connection. On SQLite it is a locked file
    beside the database.
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
