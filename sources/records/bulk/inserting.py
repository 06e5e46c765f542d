"""Inserts many rows of one table together, and finds the row that a constraint refuses."""

from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from sources.records.dossier.kinds import DossierError
from sources.records.dossier.saving import first_error


def insert(model, rows):
    """Insert unsaved rows of ``model``, with or without primary keys. Nothing is read back, and ``save()`` does not run."""
    if not rows:
        return
    fields = [field for field in model._meta.concrete_fields if not (field.primary_key and rows[0].pk is None)]
    values = [
        [field.get_db_prep_save(field.pre_save(row, True), connection) for field in fields]
        for row in rows
    ]  # fmt: skip
    insert_values(model, [field.column for field in fields], values)


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
