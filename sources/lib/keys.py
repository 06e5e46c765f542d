"""Values that come from outside where a key is expected: only what the column could hold is looked up.

A letter, thirty digits or a NUL makes a look-up fail, on each database in its own way. So it is asked here, before the database is.
"""

import re

from django import forms
from django.core.exceptions import ValidationError
from django.db import connection, models

NUMBER = re.compile(r"-?[0-9]{1,19}", re.ASCII)


def could_be(column, value):
    """Whether ``column`` (a model field; for a relation, what it points at) could hold what the text says."""
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
    """The column by which a field of a form looks up its rows."""
    meta = field.queryset.model._meta
    return meta.get_field(field.to_field_name) if field.to_field_name else meta.pk


class KeyChoice(forms.ModelChoiceField):
    """A choice of one row; what is no key of any row is refused like the key of none."""

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
