"""From rows to a dossier."""

import datetime
import decimal
from contextlib import contextmanager
from functools import cache

from django.db import models
from django.db.models import Prefetch

from sources.lib.dates import PartialDate
from sources.lib.prefetching import prefetch
from sources.records.dossier.kinds import (
    ABOUT,
    canonical,
    is_documented,
    relations_to_many,
    single_relations,
    with_single_relations,
)


def gather(records):
    """Fetch parts, citations and rulings of several records of one kind, in a number of queries that does not grow with them.

    Reading the rows then needs no query until ``forget`` is called.
    """
    if records:
        prefetch(records, _prefetches(type(records[0])))


def is_gathered(record):
    return EVIDENCE_MARK in getattr(record, "_prefetched_objects_cache", {})


@contextmanager
def gathered(record):
    """Gather the record for the ``with`` block, and forget the rows afterwards unless they were gathered before."""
    if is_gathered(record):
        yield record
        return
    gather([record])
    try:
        yield record
    finally:
        forget(record)


def forget(record):
    """Drop the gathered rows; the next access queries the database."""
    record._prefetched_objects_cache = {}


# Gathered last, so its presence means that everything was gathered.
EVIDENCE_MARK = "adjudications"


def _prefetches(model):
    """Complete rows, for changing a record."""
    citations = _evidence(model, "citations").with_grades()
    parts = [
        Prefetch(name, with_single_relations(part.objects).prefetch_related(*relations_to_many(part)))
        for name, part in _parts(model)
    ]
    return [*parts, *relations_to_many(model), Prefetch("citations", citations), EVIDENCE_MARK]


def _prefetches_to_read(model):
    """For reading a dossier: only the names of related rows; unordered, except the parts."""
    citations = _evidence(model, "citations").with_names()
    rulings = _evidence(model, "adjudications").order_by()
    parts = [Prefetch(name, _with_names(part).prefetch_related(*_named_by_many(part))) for name, part in _parts(model)]
    return [*parts, *_named_by_many(model), Prefetch("citations", citations), Prefetch(EVIDENCE_MARK, rulings)]


def _evidence(model, name):
    return model._meta.get_field(name).related_model.objects


def _parts(model):
    return [(name, model._meta.get_field(name).related_model) for name in model.PARTS]


def _named_by_many(model):
    fields = map(model._meta.get_field, relations_to_many(model))
    return [
        Prefetch(field.name, field.related_model.objects.only(*_name_columns(field.related_model)).order_by())
        for field in fields
    ]


def _with_names(model):
    """Rows of a model with the names of their related rows."""
    return with_single_relations(model.objects).only(*_columns_to_read(model))


@cache
def _columns_to_read(model):
    columns = [field.attname for field in model._meta.concrete_fields]
    for name in single_relations(model):
        related = model
        for step in name.split("__"):
            related = related._meta.get_field(step).related_model
        columns += [f"{name}__{column}" for column in _name_columns(related)]
    return columns


def _name_columns(model):
    return ["slug"] if is_documented(model) else ["key", model.PARENT]


def read(record, brief=False):
    """The dossier of ``record``. About one query per part list, one each for citations and rulings.

    ``brief`` leaves out keys that equal the default key, as fixtures do. A record that was gathered needs no query.
    """
    if not is_gathered(record):
        record = _with_names(type(record)).get(pk=record.pk)  # the row in memory may be older than its parts
        prefetch([record], _prefetches_to_read(type(record)))
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
        return sorted(_ref(row, target) for target in getattr(row, name).all())
    value = getattr(row, name)
    if field.is_relation:
        return _ref(row, value) if value else None
    if field.has_default() and field.default is not dict and value == field.get_default():
        return None
    if isinstance(value, (PartialDate, datetime.date)):
        return str(value)
    if isinstance(value, decimal.Decimal):
        return f"{value:.{field.decimal_places}f}"
    return value


def _ref(row, target):
    """A documented row by its slug; a part by ``parent/key``, or by its key alone within the same record."""
    if is_documented(target):
        return target.slug
    if getattr(row, "PARENT", None) == target.PARENT:
        own, other = (getattr(part, f"{part.PARENT}_id") for part in (row, target))
        if own == other:
            return target.key
    return target.ref


def _evidence_by_part(record):
    """``{part: {"citations": [...], "rulings": [...]}}``; citations that differ only in the field are one entry."""
    evidence = {}
    for citation in record.citations.all():
        of_part = evidence.setdefault(citation.part, {"citations": {}, "rulings": []})
        content = {
            name: (value.slug if isinstance(value, models.Model) else value)
            for name in citation.CONTENT_FIELDS
            if (value := getattr(citation, name)) != citation._meta.get_field(name).get_default()
            and value not in (None, "")
        }
        _content, fields, ids = of_part["citations"].setdefault(canonical(content), (content, [], {}))
        fields.append(citation.field)
        # After a correction the identifier is no longer the one that the content gives.
        if citation.uid != citation.make_uid():
            ids[citation.field] = citation.uid
    for ruling in record.adjudications.all():
        content = {name: value for name in ruling.CONTENT_FIELDS if (value := getattr(ruling, name)) not in (None, "")}
        content["ruled_on"] = str(ruling.ruled_on)
        if ruling.state == ruling.State.OPEN:
            content.pop("state")
        of_part = evidence.setdefault(ruling.part, {"citations": {}, "rulings": []})
        of_part["rulings"].append({"field": ruling.field, **content})
    return evidence


def _add_evidence(entry, evidence):
    citations = [
        {"fields": sorted(fields), **content, **({"ids": ids} if ids else {})}
        for _key, (content, fields, ids) in sorted(evidence.get("citations", {}).items())
    ]
    if citations:
        entry["citations"] = citations
    if evidence.get("rulings"):
        entry["rulings"] = sorted(evidence["rulings"], key=lambda ruling: ruling["field"])
