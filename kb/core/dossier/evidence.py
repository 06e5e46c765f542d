"""Citations and rulings from a dossier to rows."""

import datetime

from django.apps import apps
from django.core.exceptions import ValidationError

from kb.core.dossier.kinds import DossierError
from kb.core.dossier.saving import create, first_error
from kb.core.dossier.values import as_list, clean, find


def write_evidence(record, evidence, is_new):
    """Bring citations and rulings to ``evidence``: ``{part: (entry of the dossier, row)}``."""
    citations, rulings = ((), ()) if is_new else (record.citations.all(), record.adjudications.all())
    _write_rows(record, evidence, "citations", citations, apps.get_model("sources.Citation"), _wanted_citations)
    _write_rows(record, evidence, "rulings", rulings, apps.get_model("sources.Adjudication"), _wanted_rulings)


def _write_rows(record, evidence, word, before, model, wanted):
    """Bring the rows about ``record`` to those in ``evidence``; rows are told apart by all that they say."""
    present, taken = {}, set()
    for row in before:
        present.setdefault(_identity(row), []).append(row)
    fresh = []
    for part, (entry, target) in evidence.items():
        for path, field, content in wanted(as_list(entry.get(word), word), f"{part or 'record'}.{word}"):
            if field not in target.CITABLE_FIELDS:
                raise DossierError(path, f"“{field}” is not a field that can be cited")
            row = model(record=record, part=part, field=field)
            _set_content(row, content, path)
            _check_target(row, target, path)
            same = present.get(_identity(row))
            if same:
                taken.add(same.pop().uid)
            else:
                fresh.append((path, row))
    for row in (row for rows in present.values() for row in rows):
        row.delete()
    for path, row in fresh:
        row.stamp()
        if row.uid in taken:
            raise DossierError(path, f"“{row.field}” has two entries that differ in nothing but their value or note")
        taken.add(row.uid)
    create(fresh, rules=False)


def _check_target(row, target, path):
    """Also of what stood before: the row that it is about may have changed."""
    try:
        row.check_target(target)
    except ValidationError as error:
        raise DossierError(*first_error(error, path)) from None


def _identity(row):
    values = (getattr(row, row._meta.get_field(name).attname) for name in row.CONTENT_FIELDS)
    return (row.part, row.field, *(value if value != "" else None for value in map(_plain, values)))


def _plain(value):
    return str(value) if isinstance(value, datetime.date) else value


def _wanted_citations(entries, path):
    for number, entry in enumerate(entries):
        where = f"{path}[{number}]"
        fields = entry.get("fields") if isinstance(entry, dict) else None
        if not isinstance(fields, list) or not fields:
            raise DossierError(where, "a citation lists the fields it supports: fields: [date, place]")
        content = {name: value for name, value in entry.items() if name != "fields"}
        for field in fields:
            yield where, field, content


def _wanted_rulings(entries, path):
    for number, entry in enumerate(entries):
        where = f"{path}[{number}]"
        if not isinstance(entry, dict) or "field" not in entry:
            raise DossierError(where, "a ruling names its field")
        yield where, entry["field"], {name: value for name, value in entry.items() if name != "field"}


def _set_content(row, content, path):
    unknown = sorted(set(content) - set(row.CONTENT_FIELDS))
    if unknown:
        raise DossierError(f"{path}.{unknown[0]}", "there is no such field")
    for name, given in content.items():
        field = row._meta.get_field(name)
        if field.is_relation:
            setattr(row, name, find(field.related_model, given, row, f"{path}.{name}"))
        else:
            setattr(row, name, clean(field, given, row, f"{path}.{name}"))
