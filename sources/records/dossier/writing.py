"""Writes a dossier to rows."""

from contextlib import contextmanager

from django.db import models

from sources.records.dossier.evidence import write_evidence
from sources.records.dossier.kinds import ABOUT, DossierError, names_own_kind
from sources.records.dossier.plans import fields_of, new_row, point
from sources.records.dossier.reading import forget, gather, gathered, is_gathered
from sources.records.dossier.saving import create, save_row
from sources.records.dossier.values import as_list, clean, find, find_by_ref, look_up_named, remembering


def write(record, dossier, derive=True, corrects=False):
    """Make ``record`` (saved or new) match ``dossier``; validates every row. Raises ``DossierError``.

    ``derive=False`` does not update the derived columns. ``corrects``: see ``write_evidence``.
    """
    is_new = record.pk is None
    with remembering():
        look_up_named((type(record), dossier))
        before = {} if is_new else _present_rows(record)
        write_fields(record, dossier)
        _write_parts(record, dossier, before, corrects)
    if derive:
        _derive(record)


@contextmanager
def written(record, dossier, corrects=False):
    """As ``write``, with the record gathered once for the derived columns and for what the ``with`` block does: note a revision,
    publish."""
    write(record, dossier, derive=False, corrects=corrects)
    with gathered(record):
        _derive(record)
        yield record


def _derive(record):
    if hasattr(record, "refresh_derived"):
        record.refresh_derived()


def write_fields(record, dossier, skip_self=False):
    """Set the row's own fields from the dossier and save. ``skip_self`` leaves out relations to its own kind."""
    refuse_unknown(record, dossier)
    skipped = {name for name in record.DOSSIER_FIELDS if names_own_kind(record, name)} if skip_self else set()
    many = set_fields(record, dossier, "", skipped)
    is_new = record.pk is None
    save_row(record, "")
    _set_many(record, many, None if is_new else record)


def refuse_unknown(record, dossier):
    """Raise ``DossierError`` for a name in the dossier that the record has no field for."""
    unknown = sorted(set(dossier) - {*record.DOSSIER_FIELDS, *record.PARTS, "citations", "rulings"})
    if unknown:
        raise DossierError(unknown[0], "there is no such field")


def write_parts(record, dossier, is_new=False, corrects=False):
    """Make parts, citations and rulings match the dossier. Equal rows are left alone, and derived columns as they are.

    ``is_new``: the record was just created and has no rows yet. ``corrects``: see ``write_evidence``.
    """
    _write_parts(record, dossier, {} if is_new else _present_rows(record), corrects)


def _present_rows(record):
    """``{name: rows}`` of its parts, citations and rulings. They are read here unless the caller has gathered the record."""
    if not is_gathered(record):
        gather([record])
    return {name: list(getattr(record, name).all()) for name in (*record.PARTS, "citations", "adjudications")}


def _write_parts(record, dossier, before, corrects):
    evidence = {"": (dossier, record)}
    for name in record.PARTS:
        entries = dossier.get(name) or []
        if not isinstance(entries, list):
            raise DossierError(name, "must be a list")
        evidence.update(_write_part_list(record, name, entries, before.get(name, ())))
    forget(record)
    write_evidence(record, evidence, before, corrects)
    forget(record)


def _write_part_list(record, name, entries, rows):
    model = record._meta.get_field(name).related_model
    present = {row.key: row for row in rows}
    built, evidence = {}, {}
    for order, entry in enumerate(entries):
        path = f"{name}[{order}]"
        row, many = build_part(model, record, entry, path, order)
        if row.key in built:
            raise DossierError(path, f"the key “{row.key}” stands twice; give one of them another key")
        built[row.key] = (path, row, many)
        evidence[f"{name}/{row.key}"] = (entry, row)
    for key, row in present.items():
        if key not in built:
            _delete(row, f"{name}/{key}")
    _save_parts(present, built)
    return evidence


def _delete(row, path):
    try:
        row.delete()
    except models.ProtectedError as refusal:
        others = ", ".join(sorted({str(other) for other in refusal.protected_objects})[:3])
        raise DossierError(path, f"it cannot be removed, because it is named by {others}") from None


def _save_parts(present, built):
    fresh = []
    for key, (path, row, _many_values) in built.items():
        old = present.get(key)
        if old is None:
            fresh.append((path, row))
            continue
        row.pk, row._state.adding, row._state.db = old.pk, False, old._state.db
        if not _same_columns(old, row):
            save_row(row, path)
    create(fresh)
    for _path, row, many in built.values():
        _set_many(row, many, present.get(row.key))


def build_part(model, record, entry, path, order):
    """``(row, many)``: an unsaved part built from its entry in a dossier, and its relations to many."""
    if not isinstance(entry, dict):
        raise DossierError(path, "must be a mapping")
    row = new_row(model)
    point(row, model._meta.get_field(model.PARENT), record)
    unknown = sorted(entry.keys() - {*model.DOSSIER_FIELDS, "key", "citations", "rulings"})
    if unknown:
        raise DossierError(f"{path}.{unknown[0]}", "there is no such field")
    many = set_fields(row, entry, path)
    row.order = order
    row.key = entry.get("key") or row.default_key()
    return row, many


def _same_columns(old, row):
    return all(
        getattr(old, field.attname) == field.to_python(getattr(row, field.attname))
        for field in row._meta.concrete_fields
        if field.editable
    )


def set_fields(row, data, path, skipped=()):
    """Set plain fields and relations of a row; return its relations to many, ``{name: rows}``, to be set after saving."""
    many = {}
    for name, field, plain in fields_of(type(row)):
        if name in skipped:
            continue
        value = data.get(name)
        if plain and value is None:
            row.__dict__[field.attname] = plain.default_value()
        elif plain:
            row.__dict__[field.attname] = clean(plain, value, _place(path, name))
        elif name == ABOUT:
            _set_about(row, value, _place(path, name))
        elif field.many_to_many:
            where = _place(path, name)
            many[name] = [find(field.related_model, ref, row, where) for ref in as_list(value, where)]
        else:
            _set_relation(row, field, value, _place(path, name))
    return many


def _place(path, name):
    return f"{path}.{name}" if path else name


def _set_relation(row, field, value, where):
    if value:
        point(row, field, find(field.related_model, value, row, where))
    elif field.null:
        setattr(row, field.name, None)
    else:
        raise DossierError(where, "this field is required")


def _set_about(row, value, where):
    row.about = find_by_ref(value, where) if value else None
    if not value:
        row.record_type = row.record_id = None


def _set_many(row, many, old):
    """Set relations to many; ``old`` is the row before the change, ``None`` for a new one."""
    for name, targets in many.items():
        before = {target.pk for target in getattr(old, name).all()} if old else set()
        if before != {target.pk for target in targets}:
            getattr(row, name).set(targets)
