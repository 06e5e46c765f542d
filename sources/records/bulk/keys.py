"""Primary keys for rows before they are inserted."""

from itertools import count

from django.db import connection

# How many keys PostgreSQL is asked for at a time.
BLOCK = 1000


class Keys:
    """Gives out free primary keys. Use it within one transaction, which on SQLite holds the write lock."""

    def __init__(self):
        self._free = {}

    def next(self, model):
        if model not in self._free:
            self._free[model] = _of_sequence(model) if connection.vendor == "postgresql" else _after_last(model)
        return next(self._free[model])


def _of_sequence(model):
    table, column = connection.ops.quote_name(model._meta.db_table), model._meta.pk.column
    query = "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)"
    while True:
        with connection.cursor() as cursor:
            cursor.execute(query, [table, column, BLOCK])
            keys = [key for (key,) in cursor.fetchall()]
        yield from keys


def _after_last(model):
    with connection.cursor() as cursor:
        # The highest key that the table ever had: keys are not given again.
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [model._meta.db_table])
        row = cursor.fetchone()
    return count((row[0] if row else 0) + 1)
