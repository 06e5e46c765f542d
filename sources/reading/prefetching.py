"""Prefetches the lists of a few rows without a query for each empty list.

A record has a dozen lists (parts, citations, related rows), and most are empty. One query finds out which have rows.
"""

from functools import cache

from django.contrib.contenttypes.fields import GenericRelation
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.db.models import Prefetch, prefetch_related_objects

# With more rows than this, nearly every list has rows, so the extra query does not pay.
FEW = 5


def fetch_lists(rows, lookups):
    """As ``prefetch_related_objects``: ``lookups`` are names or ``Prefetch`` of lists of ``rows``, which are of one model."""
    if not rows:
        return
    if len(rows) > FEW:
        prefetch_related_objects(rows, *lookups)
        return
    model = type(rows[0])
    lists = sorted({name for name in map(_name, lookups) if _is_list(model, name)})
    empty = {name for name, has_rows in zip(lists, _have_rows(model, lists, rows), strict=True) if not has_rows}
    prefetch_related_objects(rows, *(lookup for lookup in lookups if _name(lookup) not in empty))
    for lookup in lookups:
        if _name(lookup) in empty:
            _leave_empty(model, rows, _name(lookup), getattr(lookup, "to_attr", None))


def _name(lookup):
    return lookup.prefetch_through if isinstance(lookup, Prefetch) else lookup


@cache
def _is_list(model, name):
    if "__" in name:
        return False
    field = model._meta.get_field(name)
    return field.one_to_many or field.many_to_many


def _have_rows(model, lists, rows):
    """For each list: whether any of ``rows`` has something in it. One query."""
    if not lists:
        return ()
    keys = [row.pk for row in rows]
    conditions, parameters = [], []
    for name in lists:
        table, column, type_column = _table_of(model, name)
        marks = ", ".join(["%s"] * len(keys))
        condition = f"{column} IN ({marks})"
        parameters += keys
        if type_column:
            condition += f" AND {type_column} = %s"
            parameters.append(ContentType.objects.get_for_model(model).pk)
        conditions.append(f"EXISTS (SELECT 1 FROM {table} WHERE {condition})")  # noqa: S608  (names of our own columns)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(conditions)}", parameters)
        return cursor.fetchone()


@cache
def _table_of(model, name):
    """``(table, column with the row's key, column with its content type or None)`` of a list, quoted."""
    field = model._meta.get_field(name)
    if isinstance(field, GenericRelation):
        other = field.related_model._meta
        columns = [other.get_field(part).column for part in (field.object_id_field_name, field.content_type_field_name)]
        table = other.db_table
    elif field.one_to_many:
        table, columns = field.related_model._meta.db_table, [field.field.column, None]
    elif field.concrete:
        table, columns = field.m2m_db_table(), [field.m2m_column_name(), None]
    else:
        table, columns = field.field.m2m_db_table(), [field.field.m2m_reverse_name(), None]
    quote = connection.ops.quote_name
    return quote(table), *(column and quote(column) for column in columns)


def _leave_empty(model, rows, name, to_attr):
    nothing = model._meta.get_field(name).related_model._default_manager.none()
    for row in rows:
        if to_attr:
            setattr(row, to_attr, [])
        else:
            row.__dict__.setdefault("_prefetched_objects_cache", {})[name] = nothing
