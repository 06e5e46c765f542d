"""Validates and saves rows, and turns errors into ``DossierError`` with a path."""

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from sources.records.dossier.kinds import DossierError
from sources.records.dossier.plans import clean_fields


def check_row(row, path, rules=True):
    """Validate what needs no database; constraints are checked when the row is saved."""
    try:
        clean_fields(row)
        if rules:
            row.clean()
    except ValidationError as error:
        raise DossierError(*first_error(error, path)) from None


def save_row(row, path):
    check_row(row, path)
    _guarded(row.save, [(path, row)])


def create(rows, rules=True):
    """Insert new rows of one model together; ``rows`` are ``(path, row)``. ``rules=False`` skips ``clean()``, done by the caller."""
    for path, row in rows:
        check_row(row, path, rules)
    if rows:
        _guarded(lambda: type(rows[0][1]).objects.bulk_create([row for _path, row in rows]), rows)


def _guarded(write, rows):
    """Run ``write``. If a constraint refuses, find the row and raise ``DossierError`` with the constraint's message."""
    try:
        with transaction.atomic():
            write()
    except IntegrityError as refusal:
        for path, row in rows:
            try:
                row.full_clean(exclude=[field.name for field in row._meta.fields if not field.editable])
            except ValidationError as error:
                raise DossierError(*first_error(error, path)) from None
        raise DossierError(rows[0][0], str(refusal)) from None


def first_error(error, path):
    if hasattr(error, "message_dict"):
        name, messages = next(iter(error.message_dict.items()))
        where = path if name == "__all__" else f"{path}.{name}" if path else name
        return where, "; ".join(messages)
    return path, "; ".join(error.messages)
