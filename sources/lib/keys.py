"""Checks values from outside before they are looked up as keys.

A letter, thirty digits or a NUL in a key makes the query fail, on each database in a different way.
"""

import re

from django import forms
from django.core.exceptions import ValidationError
from django.db import connection, models

NUMBER = re.compile(r"-?[0-9]{1,19}", re.ASCII)


def could_be(column, value):
    """Whether ``column`` could hold ``value``. ``column`` is a model field; for a relation, the field it points at counts."""
    while column.remote_field is not None:
        column = column.target_field
    if isinstance(value, models.Model) or value is None:
        return True
    text = str(value)
    if "\0" in text:
        return False
    if isinstance(column, models.IntegerField):
        low, high = connection.ops.integer_field_range(column.get_internal_type())
        return (
            bool(NUMBER.fullmatch(text)) and (low is None or int(text) >= low) and (high is None or int(text) <= high)
        )
    try:
        column.to_python(text)
    except (ValidationError, ValueError, TypeError, OverflowError):
        return False
    return True


def could_be_key(model, value):
    return could_be(model._meta.pk, value)


def key_column(field):
    """The column by which a form field looks up its rows."""
    meta = field.queryset.model._meta
    return meta.get_field(field.to_field_name) if field.to_field_name else meta.pk


class KeyChoice(forms.ModelChoiceField):
    """A ``ModelChoiceField`` that refuses an impossible key as an invalid choice."""

    def to_python(self, value):
        if value not in self.empty_values and not could_be(key_column(self), value):
            raise ValidationError(
                self.error_messages["invalid_choice"], code="invalid_choice", params={"value": str(value)[:40]}
            )
        return super().to_python(value)


class KeyChoices(forms.ModelMultipleChoiceField):
    """The same for several rows."""

    def _check_values(self, value):
        wrong = (
            [item for item in value if not could_be(key_column(self), item)] if isinstance(value, (list, tuple)) else []
        )
        if wrong:
            raise ValidationError(
                self.error_messages["invalid_pk_value"], code="invalid_pk_value", params={"pk": str(wrong[0])[:40]}
            )
        return super()._check_values(value)
