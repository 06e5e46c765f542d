"""The dossier: everything an editor may change about one documented row, as plain data with natural keys.

One form serves the fixtures, the editors' history, proposals, comparison of states and restoring. It is a dict of

* the row's own ``DOSSIER_FIELDS``; relations by slug (``kind/slug`` for ``about``), dates as EDTF or ISO text;
* each of its ``PARTS`` as a list of such dicts, with ``key`` only where it differs from the one the part makes itself;
* ``citations`` and ``rulings`` beside the fields they are about, in the row or the part.

Empty values and defaults are left out. ``read`` makes the dossier of a row; ``write`` brings a row to a dossier and
touches nothing that already agrees.
"""

import datetime
import decimal
import hashlib
from zlib import crc32

import orjson
from django.apps import apps
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import models

from kb.core.dates import PartialDate
ABOUT = "about"


class DossierError(ValueError):
    """A dossier cannot be written: ``path`` names the part and field, the message says why."""

    def __init__(self, path, message):
        self.path = path
        super().__init__(f"{path}: {message}" if path else message)


def documented_models():
    """Every concrete kind of documented row by its ``KIND``."""
    return {model.KIND: model for model in apps.get_models() if getattr(model, "KIND", "")}


def _is_documented(row_or_model):
    return bool(getattr(row_or_model, "KIND", ""))


def canonical(dossier):
    """Canonical JSON bytes: sorted keys, no spaces."""
    return orjson.dumps(dossier, option=orjson.OPT_SORT_KEYS)


def digest(dossier):
    return hashlib.sha256(canonical(dossier)).hexdigest()


# Reading


def read(record):
    """The dossier of ``record``. About one query per part list, one each for citations and rulings."""
    evidence = _evidence_by_part(record)
    dossier = _read_fields(record)
    _add_evidence(dossier, evidence.get("", {}))
    for name in record.PARTS:
        rows = list(getattr(record, name).all())
        if rows:
            dossier[name] = [_read_part(row, evidence.get(f"{name}/{row.key}", {})) for row in rows]
    return dossier


def _read_part(row, evidence):
    entry = {"key": row.key} if row.key != row.default_key() else {}
    entry.update(_read_fields(row))
    _add_evidence(entry, evidence)
    return entry


def _read_fields(row):
    return {
        name: value for name in row.DOSSIER_FIELDS if (value := _read_value(row, name)) not in (None, "", [], {})
    }


def _read_value(row, name):
    if name == ABOUT:
        return row.about.ref if row.about else None
    field = row._meta.get_field(name)
    if field.many_to_many:
        return [_ref(row, target) for target in sorted(getattr(row, name).all(), key=lambda target: target.ref)]
    value = getattr(row, name)
    if field.is_relation:
        return _ref(row, value) if value else None
    if field.has_default() and field.default is not dict and value == field.get_default():
        return None
    if isinstance(value, (PartialDate, datetime.date)):
        return str(value)
    if isinstance(value, decimal.Decimal):
        return f"{value:f}"
    return value


def _ref(row, target):
    """A documented row by its slug; a part by ``parent/key``, or by its key alone within the same record."""
    if _is_documented(target):
        return target.slug
    siblings = getattr(row, "PARENT", None) and target.PARENT == row.PARENT and target.parent == row.parent
    return target.key if siblings else target.ref


def _evidence_by_part(record):
    """``{part: {"citations": [...], "rulings": [...]}}``; citations that differ only in the field are one entry."""
    found = {}
    citations = record.citations.select_related("source", "finding")
    for citation in citations.all():
        place = found.setdefault(citation.part, {"citations": {}, "rulings": []})
        content = {
            name: (value.slug if isinstance(value, models.Model) else value)
            for name in citation.CONTENT_FIELDS
            if (value := getattr(citation, name)) != citation._meta.get_field(name).get_default()
            and value not in (None, "")
        }
        place["citations"].setdefault(canonical(content), (content, []))[1].append(citation.field)
    for ruling in record.adjudications.all():
        content = {name: value for name in ruling.CONTENT_FIELDS if (value := getattr(ruling, name)) not in (None, "")}
        content["ruled_on"] = str(ruling.ruled_on)
        if ruling.state == ruling.State.OPEN:
            content.pop("state")
        place = found.setdefault(ruling.part, {"citations": {}, "rulings": []})
        place["rulings"].append({"field": ruling.field, **content})
    return found


def _add_evidence(entry, evidence):
    citations = [
        {"fields": sorted(fields), **content} for _key, (content, fields) in sorted(evidence.get("citations", {}).items())
    ]
    if citations:
        entry["citations"] = citations
    if evidence.get("rulings"):
        entry["rulings"] = sorted(evidence["rulings"], key=lambda ruling: ruling["field"])


# Writing


def write(record, dossier, provisional=False):
    """Bring ``record`` (saved or new) to ``dossier``; validates every row. Raises ``DossierError``.

    ``provisional`` is for a transaction that will be rolled back: new parts get primary keys made of their keys, so that
    a form rendered from them finds them again.
    """
    write_fields(record, dossier)
    write_parts(record, dossier, provisional)


def write_fields(record, dossier, skip_self=False):
    """Bring the row's own fields to the dossier and save. ``skip_self`` leaves out relations to its own kind."""
    known = {*record.DOSSIER_FIELDS, *record.PARTS, "citations", "rulings"}
    unknown = sorted(set(dossier) - known)
    if unknown:
        raise DossierError(unknown[0], "there is no such field")
    skipped = {name for name in record.DOSSIER_FIELDS if names_own_kind(record, name)} if skip_self else set()
    many = _set_fields(record, dossier, "", skipped)
    _save(record, "")
    _set_many(record, many, "")


def names_own_kind(record, name):
    if name == ABOUT:
        return True
    return record._meta.get_field(name).related_model is type(record)


def write_parts(record, dossier, provisional=False):
    """Bring parts, citations and rulings to the dossier. Rows that already agree are left alone."""
    evidence = {"": (dossier, record)}
    for name in record.PARTS:
        entries = dossier.get(name) or []
        if not isinstance(entries, list):
            raise DossierError(name, "must be a list")
        evidence.update(_write_part_list(record, name, entries, provisional))
    _clear_caches(record)
    _write_evidence(record, evidence)
    _clear_caches(record)
    if hasattr(record, "refresh_derived"):
        record.refresh_derived()


def _clear_caches(record):
    record._prefetched_objects_cache = {}


def _write_part_list(record, name, entries, provisional):
    model = record._meta.get_field(name).related_model
    present = {row.key: row for row in getattr(record, name).all()}
    kept, evidence = set(), {}
    for order, entry in enumerate(entries):
        path = f"{name}[{order}]"
        if not isinstance(entry, dict):
            raise DossierError(path, "must be a mapping")
        row, many = _build_part(model, record, entry, path, order)
        if row.key in kept:
            raise DossierError(path, f"the key “{row.key}” stands twice; give one of them another key")
        row = _merge_part(present.get(row.key), row, many, path, provisional)
        kept.add(row.key)
        evidence[f"{name}/{row.key}"] = (entry, row)
    for key, row in present.items():
        if key not in kept:
            row.delete()
    return evidence


def _build_part(model, record, entry, path, order):
    row = model(**{model.PARENT: record})
    unknown = sorted(set(entry) - {*model.DOSSIER_FIELDS, "key", "citations", "rulings"})
    if unknown:
        raise DossierError(f"{path}.{unknown[0]}", "there is no such field")
    many = _set_fields(row, entry, path)
    row.order = order
    row.key = entry.get("key") or row.default_key()
    return row, many


def _merge_part(old, row, many, path, provisional):
    if old is not None:
        row.pk = old.pk
        row._state.adding = False
    elif provisional:
        row.pk = -crc32(f"{row._meta.label}|{row.parent.ref}|{row.key}".encode()) - 1
    if old is None or not _same_columns(old, row):
        _save(row, path, force_insert=old is None)
    _set_many(row, many, path)
    return row


def _same_columns(old, row):
    return all(
        getattr(old, field.attname) == field.to_python(getattr(row, field.attname))
        for field in row._meta.concrete_fields
        if field.editable
    )


def _set_fields(row, data, path, skipped=()):
    """Set plain fields and relations; return the many-to-many values to set after saving."""
    many = {}
    for name in row.DOSSIER_FIELDS:
        if name in skipped:
            continue
        where = f"{path}.{name}" if path else name
        given = data.get(name)
        if name == ABOUT:
            _set_about(row, given, where)
            continue
        field = row._meta.get_field(name)
        if field.many_to_many:
            many[name] = [_find(field.related_model, ref, row, where) for ref in _as_list(given, where)]
        elif field.is_relation:
            setattr(row, name, _find(field.related_model, given, row, where) if given else None)
        elif given is None:
            setattr(row, name, field.get_default())
        else:
            setattr(row, name, _clean(field, given, row, where))
    return many


def _as_list(given, where):
    if given is None:
        return []
    if not isinstance(given, list):
        raise DossierError(where, "must be a list")
    return given


def _clean(field, given, row, where):
    if isinstance(given, (dict, list)) or (isinstance(given, bool) and not isinstance(field, models.BooleanField)):
        raise DossierError(where, f"{given!r} is not a plain value")
    if isinstance(field, models.CharField) and not isinstance(given, str):
        given = str(given)
    if isinstance(field, models.BooleanField) and isinstance(given, str):
        given = given.capitalize()  # YAML writes true; Django reads True
    try:
        return field.to_python(given)
    except ValidationError as error:
        raise DossierError(where, "; ".join(error.messages)) from None


def _set_about(row, given, where):
    generic = row._meta.get_field(ABOUT)
    assert isinstance(generic, GenericForeignKey)
    row.about = find_by_ref(given, where) if given else None
    if not given:
        row.record_type = row.record_id = None


def find_by_ref(ref, where=""):
    """The documented row named ``kind/slug``. Raises ``DossierError``."""
    kind, _slash, slug = str(ref).partition("/")
    model = documented_models().get(kind)
    row = model.objects.filter(slug=slug).first() if model else None
    if row is None:
        raise DossierError(where, f"there is no “{ref}”")
    return row


def _find(model, ref, row, where):
    if not isinstance(ref, str):
        raise DossierError(where, f"{ref!r} is not the slug of anything")
    if _is_documented(model):
        found = model.objects.filter(slug=ref).first()
    else:
        parent, _slash, key = ref.rpartition("/")
        parent = parent or getattr(getattr(row, getattr(row, "PARENT", ""), None), "slug", "")
        found = model.objects.filter(**{f"{model.PARENT}__slug": parent, "key": key}).first()
    if found is None:
        raise DossierError(where, f"there is no {model._meta.verbose_name} “{ref}”")
    return found


def _set_many(row, many, path):
    for name, targets in many.items():
        manager = getattr(row, name)
        if {target.pk for target in manager.all()} != {target.pk for target in targets}:
            manager.set(targets)


def _save(row, path, **kwargs):
    try:
        row.full_clean(exclude=[field.name for field in row._meta.fields if not field.editable])
    except ValidationError as error:
        raise DossierError(*_first_error(error, path)) from None
    row.save(**kwargs)


def _first_error(error, path):
    if hasattr(error, "message_dict"):
        name, messages = next(iter(error.message_dict.items()))
        where = path if name == "__all__" else f"{path}.{name}" if path else name
        return where, "; ".join(messages)
    return path, "; ".join(error.messages)


def _write_evidence(record, evidence):
    _write_rows(record, evidence, "citations", apps.get_model("sources.Citation"), _wanted_citations)
    _write_rows(record, evidence, "rulings", apps.get_model("sources.Adjudication"), _wanted_rulings)


def _write_rows(record, evidence, word, model, wanted):
    """Bring the rows about ``record`` to those in ``evidence``; rows are told apart by all that they say."""
    manager = record.citations if word == "citations" else record.adjudications
    present = {}
    for row in manager.all():
        present.setdefault(_identity(row), []).append(row)
    content_type = ContentType.objects.get_for_model(type(record))
    cache = record.__dict__.setdefault("_ref_cache", {})
    fresh = []
    for part, (entry, target) in evidence.items():
        for path, field, content in wanted(_as_list(entry.get(word), word), f"{part or 'record'}.{word}"):
            if field not in target.CITABLE_FIELDS:
                raise DossierError(path, f"“{field}” is not a field that can be cited")
            row = model(record_type=content_type, record_id=record.pk, part=part, field=field)
            _set_content(row, content, path, cache)
            same = present.get(_identity(row))
            if same:
                same.pop()
            else:
                fresh.append((path, row))
    for row in (row for rows in present.values() for row in rows):
        row.delete()
    taken = set(manager.values_list("uid", flat=True))
    for path, row in fresh:
        row.record = record
        uid = row.make_uid()
        if uid in taken:
            raise DossierError(path, f"“{row.field}” has two entries that differ in nothing but their value or note")
        taken.add(uid)
        try:
            row.full_clean(exclude=["record_type", "record_id", "uid", "source", "finding"], validate_unique=False)
        except ValidationError as error:
            raise DossierError(*_first_error(error, path)) from None
        row.save()


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


def _set_content(row, content, path, cache):
    unknown = sorted(set(content) - set(row.CONTENT_FIELDS))
    if unknown:
        raise DossierError(f"{path}.{unknown[0]}", "there is no such field")
    for name, given in content.items():
        field = row._meta.get_field(name)
        if field.is_relation:
            if (name, given) not in cache:
                cache[name, given] = _find(field.related_model, given, row, f"{path}.{name}")
            setattr(row, name, cache[name, given])
        else:
            setattr(row, name, _clean(field, given, row, f"{path}.{name}"))
