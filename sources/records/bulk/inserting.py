"""Inserts many rows of one table together, and finds the row that a constraint refuses."""

from collections.abc import Callable
from functools import cache
from operator import itemgetter
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, models, transaction

from sources.lib.fields import NameField, PlainTextMixin, ProseField, SortKeyField, WebAddressField
from sources.records.dossier.kinds import DossierError
from sources.records.dossier.saving import first_error


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


def insert_placed(model, placed):
    """Insert rows given as ``(entry, path, row)``. If a constraint refuses, raise ``Refusal`` for the first such row."""
    rows = [row for _entry, _path, row in placed]
    if _fits(model, rows):
        return
    entry, path, row = _first_refused(model, placed)
    try:
        row.full_clean(exclude=[field.name for field in row._meta.fields if not field.editable])
        _insert_in_savepoint(model, [row])
    except ValidationError as error:
        raise Refusal(entry, DossierError(*first_error(error, path))) from None
    except IntegrityError as refusal:
        raise Refusal(entry, DossierError(path, str(refusal))) from None


class Refusal(Exception):
    """A dossier is refused; ``entry`` is the one, ``error`` says where in it and why."""

    def __init__(self, entry, error):
        self.entry, self.error = entry, error
        super().__init__(f"{entry.kind}/{entry.slug}: {error}")


def _fits(model, rows):
    try:
        _insert_in_savepoint(model, rows)
    except IntegrityError:
        return False
    return True


def _insert_in_savepoint(model, rows):
    with transaction.atomic():
        insert(model, rows)


def _first_refused(model, placed):
    """The first row that cannot be inserted after those before it, which are inserted."""
    while len(placed) > 1:
        half = placed[: len(placed) // 2]
        placed = placed[len(half) :] if _fits(model, [row for _entry, _path, row in half]) else half
    return placed[0]
