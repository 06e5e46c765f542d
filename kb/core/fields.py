"""Model fields that every record shares: partial dates, plain text, web addresses."""

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import models

from kb.core.dates import PartialDate, PartialDateError
from kb.core.text import validate_plain_text


class PlainTextMixin:
    """Text without direction overrides and control characters, and never NULL."""

    default_validators = [validate_plain_text]


class NameField(PlainTextMixin, models.CharField):
    """One line of plain text."""

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("max_length", 300)
        super().__init__(*args, **kwargs)

    def formfield(self, **kwargs):
        field = super().formfield(**kwargs)
        if field is not None and hasattr(field.widget, "attrs"):
            field.widget.attrs.setdefault("class", "vTextField")
        return field


class ProseField(PlainTextMixin, models.TextField):
    """Several lines of plain text."""


class WebAddressField(models.URLField):
    """An address on the web; other schemes (``javascript:``, ``data:``) are refused."""

    default_validators = [URLValidator(schemes=["http", "https"]), validate_plain_text]

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("max_length", 1000)
        super().__init__(*args, **kwargs)

    def formfield(self, **kwargs):
        return super().formfield(**{"assume_scheme": "https", **kwargs})


class PartialDateField(models.CharField):
    """EDTF text with its bounds in two date columns declared beside it.

    ``PartialDateField(bounds=("date_earliest", "date_latest"))`` keeps the named columns; sort and filter by them.
    The attribute is a ``PartialDate`` or ``None``.
    """

    def __init__(self, *args, bounds, **kwargs):
        self.bounds = tuple(bounds)
        kwargs.setdefault("max_length", 32)
        kwargs.setdefault("blank", True)
        kwargs.setdefault("default", "")
        super().__init__(*args, **kwargs)

    def deconstruct(self):
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "bounds": self.bounds}

    def from_db_value(self, value, expression, connection):
        return PartialDate.parse(value) if value else None

    def to_python(self, value):
        if not value:
            return None
        if isinstance(value, PartialDate):
            return value
        try:
            return PartialDate.parse(value)
        except PartialDateError as error:
            raise ValidationError(str(error), code="partial_date") from None

    def get_prep_value(self, value):
        return str(value) if value else ""

    def value_to_string(self, obj):
        return str(self.value_from_object(obj) or "")

    def pre_save(self, instance, add):
        date = self.to_python(getattr(instance, self.attname))
        setattr(instance, self.attname, date)
        earliest, latest = self.bounds
        setattr(instance, earliest, date.earliest if date else None)
        setattr(instance, latest, date.latest if date else None)
        return self.get_prep_value(date)

    def run_validators(self, value):
        super().run_validators(str(value) if value else "")

    def validate(self, value, model_instance):
        super().validate(str(value) if value else "", model_instance)

    def clean(self, value, model_instance):
        super().clean(value, model_instance)
        return self.to_python(value)


def bound():
    """A date column kept by the ``PartialDateField`` beside it."""
    return models.DateField(null=True, blank=True, editable=False, db_index=True)
