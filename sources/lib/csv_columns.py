"""The columns of a kind in CSV, read from its serializer and never from the rows.

A column is named by its path in the JSON, ``party.slug``. A list is one column that holds a JSON array. The type of a field is
read from its class or from its ``extend_schema_field``, so that CSV and the OpenAPI document agree.
"""

from dataclasses import dataclass
from inspect import isclass

import orjson
from drf_spectacular.drainage import get_override
from rest_framework import serializers


@dataclass(frozen=True)
class TableColumn:
    """One column. ``keys`` are the path to the value in a row; ``holds`` is ``value``, ``list``, or ``slugs`` for links."""

    keys: tuple
    holds: str = "value"
    about: str = ""

    @property
    def name(self):
        return ".".join(self.keys)

    def cell(self, row):
        """The value in a row, as text that a program can read back."""
        for key in self.keys:
            row = row.get(key) if isinstance(row, dict) else None
        if row is None:
            return ""
        if isinstance(row, bool):
            return "true" if row else "false"
        if self.holds == "slugs":
            row = [entry["slug"] for entry in row]
        return orjson.dumps(row, default=str).decode() if isinstance(row, (list, dict)) else row


def columns_of(serializer):
    """The columns of a serializer, in the order of its fields."""
    return list(_of_serializer(serializer, ()))


def _of_serializer(serializer, keys, about=""):
    for name, field in serializer.fields.items():
        yield from _of_field(field, (*keys, name), f"{about} {field.help_text or ''}".strip())


def _of_field(field, keys, about):
    form = _documented_form(field)
    if isinstance(form, (type, serializers.Field)):
        yield from _of_field(form() if isclass(form) else form, keys, about)
    elif isinstance(field, (serializers.ListSerializer, serializers.ListField)):
        yield TableColumn(keys, "slugs" if hasattr(field.child, "stands_for") else "list", about)
    elif isinstance(field, serializers.BaseSerializer):
        yield from _of_serializer(field, keys, about)
    else:
        yield TableColumn(keys, "value", about)


def _documented_form(field):
    """The type that ``extend_schema_field`` gives to a field or to its method, or ``None``."""
    if isinstance(field, serializers.SerializerMethodField):
        field = getattr(field.parent, field.method_name)
    return get_override(field, "field")
