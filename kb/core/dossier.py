"""The dossier: everything an editor may change about one documented row, as plain data with natural keys.

One form serves the fixtures, the editors' history, proposals, comparison of states and restoring. It is a dict of

* the row's own ``DOSSIER_FIELDS``; relations by slug (``kind/slug`` for ``about``), dates as EDTF or ISO text;
* each of its ``PARTS`` as a list of such dicts with their ``key``; a fixture leaves out a key that the part makes itself;
* ``citations`` and ``rulings`` beside the fields they are about, in the row or the part.

Empty values and defaults are left out. ``read`` makes the dossier of a row; ``write`` brings a row to a dossier and
touches nothing that already agrees.
"""

import datetime
import decimal
import hashlib
from contextlib import contextmanager
from contextvars import ContextVar

import orjson
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.db.models import Prefetch, prefetch_related_objects

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


# Gathering


def gather(records):
    """Fetch parts, citations and rulings of several records of one kind, in a number of queries that does not grow with them.

    Until ``forget`` the rows answer from memory: gather, read, and let go.
    """
    if records:
        prefetch_related_objects(records, *_prefetches(type(records[0])))


def is_gathered(record):
    return EVIDENCE_MARK in getattr(record, "_prefetched_objects_cache", {})


@contextmanager
def gathered(record):
    """The record with its rows in memory; what was not gathered before is forgotten afterwards."""
    if is_gathered(record):
        yield record
        return
    gather([record])
    try:
        yield record
    finally:
        forget(record)


def forget(record):
    """Drop what was gathered; the next look asks the database."""
    record._prefetched_objects_cache = {}


# The last thing to be gathered, so that it stands for all.
EVIDENCE_MARK = "adjudications"


def _prefetches(model, to_read=False):
    """``to_read``: of the sources that are cited no more than their names."""
    citations = apps.get_model("sources.Citation").objects
    citations = citations.with_names() if to_read else citations.with_source()
    parts = [Prefetch(name, _with_relations(model._meta.get_field(name).related_model)) for name in model.PARTS]
    return [*parts, *_many(model), Prefetch("citations", citations), EVIDENCE_MARK]


def _with_relations(model):
    """Rows of a part model with all that their dossier names."""
    return model.objects.select_related(*single_relations(model)).prefetch_related(*_many(model))


def single_relations(model):
    """What to fetch along with the rows of a model, so that they can say what they name without asking again."""
    fields = (model._meta.get_field(name) for name in model.DOSSIER_FIELDS if name != ABOUT)
    for field in fields:
        if field.many_to_one:
            yield field.name
            if not _is_documented(field.related_model):
                yield f"{field.name}__{field.related_model.PARENT}"


def _many(model):
    return [name for name in model.DOSSIER_FIELDS if name != ABOUT and model._meta.get_field(name).many_to_many]


# Reading


def read(record, brief=False):
    """The dossier of ``record``. About one query per part list, one each for citations and rulings.

    ``brief`` leaves out keys that the parts make of themselves, as fixtures do. A record that was gathered needs no query.
    """
    if not is_gathered(record):
        record = type(record).objects.get(pk=record.pk)  # what is in memory may be older than the parts
        prefetch_related_objects([record], *_prefetches(type(record), to_read=True))
    evidence = _evidence_by_part(record)
    dossier = _read_fields(record)
    _add_evidence(dossier, evidence.get("", {}))
    for name in record.PARTS:
        rows = list(getattr(record, name).all())
        if rows:
            dossier[name] = [_read_part(row, evidence.get(f"{name}/{row.key}", {}), brief) for row in rows]
    return dossier


def _read_part(row, evidence, brief):
    entry = {} if brief and row.key == row.default_key() else {"key": row.key}
    entry.update(_read_fields(row))
    _add_evidence(entry, evidence)
    return entry


def _read_fields(row):
    return {name: value for name in row.DOSSIER_FIELDS if (value := _read_value(row, name)) not in (None, "", [], {})}


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
    if getattr(row, "PARENT", None) == target.PARENT:
        own, other = (getattr(part, f"{part.PARENT}_id") for part in (row, target))
        if own == other:
            return target.key
    return target.ref


def _evidence_by_part(record):
    """``{part: {"citations": [...], "rulings": [...]}}``; citations that differ only in the field are one entry."""
    found = {}
    for citation in record.citations.all():
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
        {"fields": sorted(fields), **content}
        for _key, (content, fields) in sorted(evidence.get("citations", {}).items())
    ]
    if citations:
        entry["citations"] = citations
    if evidence.get("rulings"):
        entry["rulings"] = sorted(evidence["rulings"], key=lambda ruling: ruling["field"])


# Writing


def write(record, dossier):
    """Bring ``record`` (saved or new) to ``dossier``; validates every row. Raises ``DossierError``."""
    with remembering():
        write_fields(record, dossier)
        write_parts(record, dossier)


def write_fields(record, dossier, skip_self=False):
    """Bring the row's own fields to the dossier and save. ``skip_self`` leaves out relations to its own kind."""
    known = {*record.DOSSIER_FIELDS, *record.PARTS, "citations", "rulings"}
    unknown = sorted(set(dossier) - known)
    if unknown:
        raise DossierError(unknown[0], "there is no such field")
    skipped = {name for name in record.DOSSIER_FIELDS if names_own_kind(record, name)} if skip_self else set()
    many = _set_fields(record, dossier, "", skipped)
    is_new = record.pk is None
    _save(record, "")
    _set_many(record, many, None if is_new else record)


def names_own_kind(record, name):
    if name == ABOUT:
        return True
    return record._meta.get_field(name).related_model is type(record)


def write_parts(record, dossier, derive=True):
    """Bring parts, citations and rulings to the dossier. Rows that already agree are left alone.

    ``derive=False`` leaves the derived columns to the caller, who writes many records and derives them together.
    """
    evidence = {"": (dossier, record)}
    for name in record.PARTS:
        entries = dossier.get(name) or []
        if not isinstance(entries, list):
            raise DossierError(name, "must be a list")
        evidence.update(_write_part_list(record, name, entries))
    forget(record)
    _write_evidence(record, evidence)
    forget(record)
    if derive and hasattr(record, "refresh_derived"):
        record.refresh_derived()


def _write_part_list(record, name, entries):
    model = record._meta.get_field(name).related_model
    is_fresh = getattr(record, "is_fresh", False)
    present = {} if is_fresh else {row.key: row for row in getattr(record, name).prefetch_related(*_many(model))}
    built, evidence = {}, {}
    for order, entry in enumerate(entries):
        path = f"{name}[{order}]"
        if not isinstance(entry, dict):
            raise DossierError(path, "must be a mapping")
        row, many = _build_part(model, record, entry, path, order)
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
        row.pk, row._state.adding = old.pk, False
        if not _same_columns(old, row):
            _save(row, path)
    _create(fresh)
    for _path, row, many in built.values():
        _set_many(row, many, present.get(row.key))


def _build_part(model, record, entry, path, order):
    row = model(**{model.PARENT: record})
    unknown = sorted(set(entry) - {*model.DOSSIER_FIELDS, "key", "citations", "rulings"})
    if unknown:
        raise DossierError(f"{path}.{unknown[0]}", "there is no such field")
    many = _set_fields(row, entry, path)
    row.order = order
    row.key = entry.get("key") or row.default_key()
    return row, many


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
            if not given and not field.null:
                raise DossierError(where, "this field is required")
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
    row.about = find_by_ref(given, where) if given else None
    if not given:
        row.record_type = row.record_id = None


def find_by_ref(ref, where=""):
    """The documented row named ``kind/slug``. Raises ``DossierError``."""
    kind, _slash, slug = str(ref).partition("/")
    model = documented_models().get(kind)
    row = _look_up(model, slug, None) if model else None
    if row is None:
        raise DossierError(where, f"there is no “{ref}”")
    return row


def _find(model, ref, row, where):
    if not isinstance(ref, str):
        raise DossierError(where, f"{ref!r} is not the slug of anything")
    found = _look_up(model, ref, getattr(row, "PARENT", "") and getattr(row, row.PARENT))
    if found is None:
        raise DossierError(where, f"there is no {model._meta.verbose_name} “{ref}”")
    return found


_remembered = ContextVar("remembered", default=None)


@contextmanager
def remembering():
    """While records are written, each named row is looked up once. What is named may not be deleted meanwhile."""
    if _remembered.get() is not None:
        yield
        return
    token = _remembered.set({})
    try:
        yield
    finally:
        _remembered.reset(token)


def _look_up(model, ref, parent):
    memory = _remembered.get()
    owner = "" if _is_documented(model) or "/" in ref else getattr(parent, "slug", "")
    key = (model, ref, owner)
    if memory is not None and key in memory:
        return memory[key]
    if _is_documented(model):
        found = model.objects.filter(slug=ref).first()
    else:
        slug, _slash, name = ref.rpartition("/")
        found = model.objects.filter(**{f"{model.PARENT}__slug": slug or owner, "key": name}).first()
    if memory is not None and found is not None:
        memory[key] = found
    return found


def _set_many(row, many, old):
    """Set relations to many; ``old`` is the row as it stood, ``None`` for a new one."""
    for name, targets in many.items():
        before = {target.pk for target in getattr(old, name).all()} if old else set()
        if before != {target.pk for target in targets}:
            getattr(row, name).set(targets)


def _check(row, path, rules=True):
    """What can be checked without the database; its constraints speak when the row is written."""
    # Relations were looked up by the writer; asking the database once more whether each row exists takes longest of all.
    exclude = [field.name for field in row._meta.fields if not field.editable or field.is_relation]
    try:
        row.clean_fields(exclude=exclude)
        if rules:
            row.clean()
    except ValidationError as error:
        raise DossierError(*_first_error(error, path)) from None


def _save(row, path):
    _check(row, path)
    _guarded(row.save, [(path, row)])


def _create(rows, rules=True):
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
                raise DossierError(*_first_error(error, path)) from None
        raise DossierError(rows[0][0], str(refusal)) from None


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
    is_fresh = getattr(record, "is_fresh", False)
    manager = record.citations if word == "citations" else record.adjudications
    present, taken = {}, set()
    for row in () if is_fresh else manager.all():
        present.setdefault(_identity(row), []).append(row)
    fresh = []
    for part, (entry, target) in evidence.items():
        for path, field, content in wanted(_as_list(entry.get(word), word), f"{part or 'record'}.{word}"):
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
    _create(fresh, rules=False)


def _check_target(row, target, path):
    """Also of what stood before: the row that it is about may have changed."""
    try:
        row.check_target(target)
    except ValidationError as error:
        raise DossierError(*_first_error(error, path)) from None


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
            setattr(row, name, _find(field.related_model, given, row, f"{path}.{name}"))
        else:
            setattr(row, name, _clean(field, given, row, f"{path}.{name}"))
