"""Which rows a form was made from, as keys ``(content type, primary key)`` of documented rows."""

from django.contrib.contenttypes.models import ContentType
from django.db import models

from sources.lib.prefetching import is_empty
from sources.records.dossier.kinds import is_documented, owner_of

# In the place of a primary key: any row of the kind.
ANY = 0


def key_of(row):
    return key_for(type(row), row.pk)


def key_for(model, pk):
    return ContentType.objects.get_for_model(model).pk, ANY if model.NAMED_AS_ONE else pk


def seen_in(record):
    """The keys of all documented rows in memory around ``record``, which was just represented: whatever its form says was read from
    these. Hidden ones are among them, for a form that leaves out a draft changes when the draft is published."""
    found, known, edge = set(), set(), [record]
    while edge:
        row = edge.pop()
        if id(row) in known:
            continue
        known.add(id(row))
        found |= {*_own_keys(row)}
        edge += _around(row)
    return found


def _own_keys(row):
    if is_documented(row):
        yield key_of(row)
    elif getattr(row, "PARENT", ""):
        yield key_for(owner_of(type(row)), getattr(row, f"{row.PARENT}_id"))


def _around(row):
    """The rows that were read with ``row``."""
    lists = [*getattr(row, "_prefetched_objects_cache", {}).values()]
    # Into an attribute of its own (``to_attr``).
    lists += [value for value in vars(row).values() if isinstance(value, list)]
    singles = row._state.fields_cache.values()
    return [item for item in (*singles, *(item for rows in lists for item in rows)) if isinstance(item, models.Model)]


def hidden_from(model, records):
    """``{primary key: keys}`` of what the records, which were just represented, name and readers do not see yet."""
    hidden = {}
    for part, name, parent, target in _hidden_names(model, records):
        hidden.setdefault(parent, set()).add(key_for(part._meta.get_field(name).related_model, target))
    citations = model._meta.get_field("citations").related_model
    about = {"record_type": ContentType.objects.get_for_model(model), "record_id__in": _keys_with("citations", records)}
    for citation in citations.objects.unusable().filter(**about).order_by().only("record_id", "source", "finding"):
        hidden[citation.record_id] = hidden.get(citation.record_id, set()) | {*_named_by(citation)}
    return hidden


def _keys_with(list_name, records):
    return [record.pk for record in records if not is_empty(record, list_name)]


def _hidden_names(model, records):
    """``(part, column, parent, target)`` of every name in the parts that readers do not see."""
    for list_name in model.PARTS:
        part = model._meta.get_field(list_name).related_model
        keys = _keys_with(list_name, records)
        if part.NAMES and keys:
            rows = part.objects.naming_hidden_records().filter(**{f"{part.PARENT}__in": keys}).order_by()
            for parent, *targets in rows.values_list(part.PARENT, *part.NAMES):
                for name, target in zip(part.NAMES, targets, strict=True):
                    if target is not None:
                        yield part, name, parent, target


def touched_by(row):
    """``(owner, named)`` for a row that is no record, such as a part or a citation: the key of the record that it belongs to, and
    the keys of the rows that it names."""
    part_of = getattr(row, "PARENT", "")
    if part_of:
        owner = key_for(owner_of(type(row)), getattr(row, f"{part_of}_id"))
    else:
        owner = (row.record_type_id, row.record_id)
    return owner, {*_named_by(row)} - {owner}


def _named_by(row):
    for field in row._meta.concrete_fields:
        if field.is_relation and is_documented(field.related_model):
            target = getattr(row, field.attname)
            if target is not None:
                yield key_for(field.related_model, target)
