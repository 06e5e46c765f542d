"""Inserts the rows of a batch, and finds the one that a constraint refuses."""

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from sources.lib.inserting import insert
from sources.records.dossier.kinds import DossierError
from sources.records.dossier.saving import first_error


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
