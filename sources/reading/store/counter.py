"""The store's counter, by which changes and readers are put in order (see ``sources.reading.store``)."""

from contextlib import contextmanager

from django.apps import apps
from django.db import connection
from django.db.models import F

ROW = 1


def _rows():
    return apps.get_model("sources.PublicTick").objects.filter(pk=ROW)


def now():
    """The tick that is committed."""
    return _rows().values_list("tick", flat=True).first() or 0


def advance():
    """The next tick. The row stays locked until the transaction ends: no form is kept meanwhile by anybody else."""
    if not _rows().update(tick=F("tick") + 1):
        _begin()
        _rows().update(tick=F("tick") + 1)
    return now()


def lock_at_once():
    """The present tick, with its row locked. Raises ``OperationalError`` if somebody else holds it."""
    rows = _rows().select_for_update(nowait=True)
    tick = rows.values_list("tick", flat=True).first()
    if tick is None:
        _begin()
        tick = rows.values_list("tick", flat=True).first()
    return tick


def _begin():
    # Another transaction may have done so at the same moment.
    model = apps.get_model("sources.PublicTick")
    model.objects.bulk_create([model(pk=ROW)], ignore_conflicts=True)


@contextmanager
def impatient():
    """While within, a locked SQLite database refuses a write at once. PostgreSQL is told so by ``nowait``."""
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        yield
        return
    with connection.cursor() as cursor:
        before = cursor.execute("PRAGMA busy_timeout").fetchone()[0]
        cursor.execute("PRAGMA busy_timeout = 0")
        try:
            yield
        finally:
            cursor.execute(f"PRAGMA busy_timeout = {before:d}")
