"""Fetches the lists of a few rows. About half of the lists of a record are empty, and one query tells which."""

from functools import cache

from django.contrib.contenttypes.fields import GenericRelation
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.db.models import Prefetch, prefetch_related_objects

# Of more rows hardly a list is empty.
FEW = 10
EMPTY = ()


def prefetch(rows, lookups):
    """As ``prefetch_related_objects``, for rows of one model and lookups of one step. Lists that none of a few rows has are ``EMPTY``
    without a query of their own."""
    if 0 < len(rows) <= FEW:
        lookups = _without_empty(rows, lookups)
    prefetch_related_objects(rows, *lookups)


def is_empty(row, name):
    """Whether ``prefetch`` found that the list has no row at all."""
    return row._prefetched_objects_cache.get(name) is EMPTY


def empty_lists(rows, names):
    """Those of the lists that have no row at all for any of ``rows``; ``names`` are relations from other rows to these."""
    if not names:
        return []
    keys = {f"key{number}": row.pk for number, row in enumerate(rows)}
    kind = ContentType.objects.get_for_model(rows[0]).pk
    with connection.cursor() as cursor:
        cursor.execute(_statement(type(rows[0]), tuple(names), tuple(keys)), {**keys, "kind": kind})
        return [name for name, has_rows in zip(names, cursor.fetchone(), strict=True) if not has_rows]


def _without_empty(rows, lookups):
    """Set the empty lists; return the lookups of the others."""
    lookups = {lookup.prefetch_through if isinstance(lookup, Prefetch) else lookup: lookup for lookup in lookups}
    lists = [row.__dict__.setdefault("_prefetched_objects_cache", {}) for row in rows]
    known = {name for fetched in lists for name in fetched}
    asked = [name for name in lookups if name in _conditions(type(rows[0])) and name not in known]
    for name in empty_lists(rows, asked):
        attribute = getattr(lookups.pop(name), "to_attr", None)
        for row, fetched in zip(rows, lists, strict=True):
            if attribute:
                setattr(row, attribute, [])
            else:
                fetched[name] = EMPTY
    return lookups.values()


@cache
def _statement(model, names, keys):
    keys = ", ".join(f"%({key})s" for key in keys)
    return f"SELECT {', '.join(_conditions(model)[name].replace('%(keys)s', keys) for name in names)}"


@cache
def _conditions(model):
    """``{list: the condition that it has a row}``, for the lists of rows that name a row of the model."""
    return {
        field.name if isinstance(field, GenericRelation) else field.get_accessor_name(): _condition(field)
        for field in model._meta.get_fields()
        if field.one_to_many
    }


def _condition(field):
    meta, quote = field.related_model._meta, connection.ops.quote_name
    column = field.object_id_field_name if isinstance(field, GenericRelation) else field.field.name
    terms = [f"{quote(meta.get_field(column).column)} IN (%(keys)s)"]
    if isinstance(field, GenericRelation):
        terms.append(f"{quote(meta.get_field(field.content_type_field_name).column)} = %(kind)s")
    return f"EXISTS (SELECT 1 FROM {quote(meta.db_table)} WHERE {' AND '.join(terms)})"  # noqa: S608  (our own names)
