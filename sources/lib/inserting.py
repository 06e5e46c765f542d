"""Inserts many rows of one table together, several times as fast as ``bulk_create``: nothing is read back."""

from collections.abc import Callable
from functools import cache
from operator import itemgetter
from typing import NamedTuple

from django.db import connection, models

from sources.lib.fields import NameField, PlainTextMixin, ProseField, SortKeyField, WebAddressField


def insert(model, rows):
    """Insert unsaved rows of ``model``, with or without primary keys. Nothing is read back, and ``save()`` does not run."""
    if not rows:
        return
    plan = _plan(model, has_key=rows[0].pk is not None)
    for field in plan.filled:
        for row in rows:
            field.pre_save(row, True)
    for field in plan.texts:
        for row in rows:
            if row.__dict__[field.attname]:
                field.pre_save(row, True)
    insert_values(model, plan.columns, [plan.values(row) for row in rows])


class _Plan(NamedTuple):
    """How rows of a model become values: fields that are filled before, texts that are cleaned before, and what the database takes."""

    columns: list
    filled: list
    texts: list
    read: Callable
    converted: list

    def values(self, row):
        values = list(self.read(row.__dict__))
        for place, convert in self.converted:
            values[place] = convert(values[place])
        return values


@cache
def _plan(model, has_key):
    fields = [field for field in model._meta.concrete_fields if has_key or not field.primary_key]
    own = [field for field in fields if type(field).pre_save is not models.Field.pre_save]
    return _Plan(
        columns=[field.column for field in fields],
        filled=[field for field in own if not isinstance(field, PlainTextMixin)],
        texts=[field for field in own if isinstance(field, PlainTextMixin)],
        read=itemgetter(*(field.attname for field in fields)),
        converted=[(place, convert) for place, field in enumerate(fields) if (convert := _converter(field))],
    )


def _converter(field):
    """What turns a value into what the database takes; ``None`` where it takes the value as it is."""
    if field.choices:
        # Not the member of the enumeration.
        kind = int if isinstance(field, models.IntegerField) else str
        return lambda value: None if value is None else kind(value)
    if type(field) in _AS_THEY_ARE or field.is_relation:
        return None
    return lambda value: field.get_db_prep_save(value, connection)


_AS_THEY_ARE = (
    models.CharField, models.TextField, models.IntegerField, models.PositiveIntegerField, models.PositiveSmallIntegerField,
    models.BooleanField, models.BigAutoField, models.AutoField, models.BigIntegerField, models.SlugField, NameField, ProseField,
    SortKeyField, WebAddressField,
)  # fmt: skip


def insert_values(model, columns, values):
    """Insert ``values``, one sequence a row, as the database takes them."""
    table, *names = map(connection.ops.quote_name, [model._meta.db_table, *columns])
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            _copy(cursor, f"COPY {table} ({', '.join(names)}) FROM STDIN", values)
            return
        marks = ", ".join(["%s"] * len(names))
        cursor.executemany(f"INSERT INTO {table} ({', '.join(names)}) VALUES ({marks})", values)  # noqa: S608  (our own names)


def _copy(cursor, statement, values):
    with connection.wrap_database_errors, cursor.copy(statement) as copy:
        for row in values:
            copy.write_row(row)
