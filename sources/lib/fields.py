"""Model fields that every record shares: partial dates, plain text, web addresses."""

import datetime

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _

from sources.lib.date_words import in_words
from sources.lib.dates import PartialDate, PartialDateError
from sources.lib.text import MAX_SORT_KEY, clean, validate_plain_text
from sources.lib.web_address import WebAddressInput, validate_web_address


class PlainTextMixin:
    """Text that is cleaned on assignment (see ``text.clean``) and refuses control characters and direction overrides."""

    default_validators = [validate_plain_text]

    def to_python(self, value):
        value = super().to_python(value)
        return clean(value) if isinstance(value, str) else value

    def pre_save(self, instance, add):
        value = self.to_python(super().pre_save(instance, add))
        setattr(instance, self.attname, value)
        return value


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


class SortKeyField(models.CharField):
    """The text that a list is sorted by (see ``text.sort_key``).

    PostgreSQL compares it byte by byte (collation ``C``), as SQLite does, so that both give the same order.
    """

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **{"max_length": MAX_SORT_KEY, "blank": True, "editable": False, **kwargs})

    def db_parameters(self, connection):
        collation = "C" if connection.vendor == "postgresql" else None
        return {**super().db_parameters(connection), "collation": collation}


class ProseField(PlainTextMixin, models.TextField):
    """Several lines of plain text."""


class WebAddressField(models.URLField):
    """An address on the public web; other schemes (``javascript:``, ``data:``) and private hosts are refused."""

    default_validators = [validate_web_address, validate_plain_text]

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("max_length", 1000)
        super().__init__(*args, **kwargs)

    def formfield(self, **kwargs):
        return super().formfield(**{"form_class": WebAddressInput, "assume_scheme": "https", **kwargs})


# How many years ahead a date may lie. One year for what has happened, since a document may be dated ahead.
HAPPENED, EXPECTED = 1, 100


def check_not_far_ahead(date, years, advice=""):
    """Raise ``ValidationError`` for a date that lies more than ``years`` after today; ``advice`` says what to correct."""
    last = date and (date.end or date.start)
    if last and last.earliest > datetime.date.today() + datetime.timedelta(days=366 * years):
        message = _("%(date)s lies more than %(years)s years ahead.") if years > 1 else _("%(date)s lies far ahead.")
        words = message % {"date": in_words(last), "years": years}
        raise ValidationError(f"{words} {advice or _('Correct the date.')}", code="far_ahead")


def check_happened(row, name, advice):
    """Raise ``ValidationError`` if field ``name`` of a row that has happened holds a date far ahead."""
    try:
        date = row._meta.get_field(name).to_python(getattr(row, name))
    except ValidationError:  # not a date: the field reports that itself
        return
    try:
        check_not_far_ahead(date, HAPPENED, advice)
    except ValidationError as refusal:
        raise ValidationError({name: refusal.messages}, code="far_ahead") from None


class PartialDateField(models.CharField):
    """EDTF text, with its bounds in two date columns that the model declares beside it.

    ``PartialDateField(bounds=("date_earliest", "date_latest"))`` fills the two columns on save; sort and filter by them.
    The attribute is a ``PartialDate`` or ``None``. ``years_ahead`` limits how far ahead the date may lie: ``HAPPENED`` for what
    has happened.
    """

    def __init__(self, *args, bounds, years_ahead=EXPECTED, **kwargs):
        self.bounds = tuple(bounds)
        # Only validation uses it, so it is not part of ``deconstruct``.
        self.years_ahead = years_ahead
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
        check_not_far_ahead(value, self.years_ahead)

    def clean(self, value, model_instance):
        super().clean(value, model_instance)
        return self.to_python(value)


def may_lie_between(name, first=None, last=None):
    """``PartialDate.may_lie_between`` as a ``Q`` on the partial date in column ``name``.

    An open or unknown end is NULL and matches any limit. A row without a date never matches.
    """
    condition = ~Q(**{name: ""})
    # Negated, since for an ``OR`` SQLite would collect the rows from two indexes and sort them.
    if last is not None:
        condition &= ~Q(**{f"{name}_earliest__gt": last})
    if first is not None:
        condition &= ~Q(**{f"{name}_latest__lt": first})
    return condition


def bound():
    """A date column that the ``PartialDateField`` beside it fills."""
    return models.DateField(null=True, blank=True, editable=False, db_index=True)
