"""Writing rows with their rules, and telling what was refused where."""

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from sources.records.dossier.kinds import DossierError


def _check(row, path, rules=True):
    """What can be checked without the database; its constraints speak when the row is written."""
    # Relations were looked up by the writer; asking the database once more whether each row exists takes longest of all.
    exclude = [field.name for field in row._meta.fields if not field.editable or field.is_relation]
    try:
        row.clean_fields(exclude=exclude)
        if rules:
            row.clean()
    except ValidationError as error:
        raise DossierError(*first_error(error, path)) from None


def save_row(row, path):
    _check(row, path)
    _guarded(row.save, [(path, row)])


def create(rows, rules=True):
    """Insert new rows of one model together; ``rows`` are ``(path, row)``. ``rules=False``: the writer has applied them."""
    for path, row in rows:
        _check(row, path, rules)
    if rows:
        _guarded(lambda: type(rows[0][1]).objects.bulk_create([row for _path, row in rows]), rows)


def _guarded(write, rows):
    """Run ``write``; where a constraint of the database refuses, find the row and say it in the constraint's own words."""
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
