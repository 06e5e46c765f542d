"""How many rows a second the bulk path writes, beside ``full_clean()`` and ``save()`` of each row, and beside bare inserts."""

import random
import time
from contextlib import contextmanager

from bench.serving.processor import milliseconds

AGREEMENTS, ONE_BY_ONE = 300, 15
LIMIT_SAVES, LIMIT_BARE = 30, 0.3


def report():
    from django.db import transaction

    from kb import generating
    from kb.generating.world import World
    from sources.records import bulk

    made = World(random.Random(7), "load", AGREEMENTS)  # noqa: S311  (the same content each time)
    everything = list(generating.entries(made, AGREEMENTS))
    first = next(place for place, entry in enumerate(everything) if entry.kind == "agreements")
    bulk.load([everything[:first]], "Measuring")
    entries = everything[first:]
    with transaction.atomic():
        with _captured() as statements:
            at_once = _timed(lambda: bulk.load([entries], "Measuring"))
        transaction.set_rollback(True)
    rows = sum(len(values) for _model, _columns, values in statements)
    bare = _undone(lambda: [_insert(*statement) for statement in statements])
    few = [entry for entry in entries if entry.kind == "agreements"][:ONE_BY_ONE]
    saved, slow = _one_by_one(few)
    rates = {"bulk path": rows / at_once, "full_clean() and save()": saved / slow, "bare inserts": rows / bare}
    for name, rate in rates.items():
        print(f"{name:24} {1000 * rate:9,.0f} rows a second of processor time", flush=True)
    print(f"{rates['bulk path'] / rates['full_clean() and save()']:.1f}x full_clean() and save() (limit {LIMIT_SAVES})")
    print(f"{rates['bulk path'] / rates['bare inserts']:.2f}x bare inserts (limit {LIMIT_BARE})", flush=True)


def _timed(task):
    """Milliseconds of this process and of the database's."""
    from django.db import connection

    backend = None
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            backend = cursor.fetchone()[0]
    own, other = time.process_time(), milliseconds(backend)
    task()
    return (time.process_time() - own) * 1000 + milliseconds(backend) - other


def _undone(task):
    from django.db import transaction

    with transaction.atomic():
        took = _timed(task)
        transaction.set_rollback(True)
    return took


@contextmanager
def _captured():
    """Everything that the bulk path inserts, as ``(model, columns, values)``."""
    from sources.lib import inserting

    real, seen = inserting.insert_values, []

    def insert_values(*statement):
        seen.append(statement)
        real(*statement)

    inserting.insert_values = insert_values
    try:
        yield seen
    finally:
        inserting.insert_values = real


def _insert(*statement):
    from sources.lib import inserting

    inserting.insert_values(*statement)


def _one_by_one(entries):
    """``(rows, milliseconds)`` of saving the rows of these entries as a loop over model instances would."""
    from django.db import transaction

    from sources.records.bulk import Batch
    from sources.records.bulk.keys import Keys

    with transaction.atomic():
        batch = Batch(entries, Keys(), "Measuring")
        batch.build()
        rows = [row for placed in batch.placed.values() for _entry, _path, row in placed]

        def save():
            for row in rows:
                row.full_clean()
                row.save(force_insert=True)

        took = _timed(save)
        transaction.set_rollback(True)
    return len(rows), took
