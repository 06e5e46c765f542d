"""Parameters and filters that refuse what they do not understand (see ``sources.lib.filter_sets``)."""

from types import MappingProxyType

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from sources.lib.dates import PartialDate, PartialDateError
from sources.lib.fields import may_lie_between
from sources.lib.languages import language_name
from sources.lib.problems import hint

MAX_VALUES = 100
NO_ALIASES = MappingProxyType({})
MAX_TEXT = 200
# The parameters of every list besides its filters; pages do not take the last three.
PAGE_PARAMETERS = ("ordering", "cursor", "page_size", "count")
LIST_PARAMETERS = (*PAGE_PARAMETERS, "format", "fields", "include")
# What does not change which rows a list has.
NOT_FILTERS = (*LIST_PARAMETERS, "facets")


class BadParameters(Exception):
    """A request has wrong parameters; ``errors`` maps each to its messages. ``offers`` maps a parameter to the rows that may be
    meant, as ``[(refused value, value to write, name)]``."""

    def __init__(self, errors, offers=None):
        self.errors, self.offers = errors, offers or {}
        super().__init__(str(errors))


def check_names(params, known, repeatable=()):
    """Raise ``BadParameters`` for unknown parameters and for repeated ones that are not ``repeatable``."""
    errors = {}
    for name in params:
        values = params.getlist(name)
        if name not in known:
            errors[name] = [f"There is no such parameter.{hint(name, known)}"]
        elif len(values) > 1 and name not in repeatable:
            errors[name] = ["This parameter is given more than once."]
        elif len(values) > MAX_VALUES:
            errors[name] = [f"More than {MAX_VALUES} values."]
        elif any(len(value) > MAX_TEXT * 5 for value in values):
            errors[name] = ["The value is too long."]
    if errors:
        raise BadParameters(errors)


def check_not_blank(params):
    """Raise ``BadParameters`` for parameters without a value: the program would take the unfiltered list for its answer."""
    errors = {name: ["Give a value, or leave the parameter out."] for name in blank_parameters(params)}
    if errors:
        raise BadParameters(errors)


def blank_parameters(params):
    return [name for name, values in params.lists() if any(not value.strip() for value in values)]


class TextField(forms.CharField):
    def __init__(self, **kwargs):
        super().__init__(max_length=MAX_TEXT, **kwargs)


class WordsFilter(django_filters.Filter):
    """``q=``: every word must be in the record's names, whole or as the beginning of a word, with or without accents."""

    field_class = TextField

    def filter(self, queryset, value, aliases=NO_ALIASES):
        return queryset.found_by(value) if value else queryset


class ExactTextFilter(django_filters.Filter):
    """One exact value."""

    field_class = TextField

    def filter(self, queryset, value, aliases=NO_ALIASES):
        return queryset.filter(**{self.field_name: value}) if value else queryset


class LanguageFilter(ExactTextFilter):
    """The ISO 639 code of a language, which pages show by its name."""

    in_words = staticmethod(language_name)


class ChoicesField(forms.MultipleChoiceField):
    def to_python(self, value):
        return [item for item in super().to_python(value) if item.strip()]

    def validate(self, value):
        for item in value:
            if not self.valid_value(item):
                known = [key for key, _label in self.choices]
                raise ValidationError(
                    f"“{item[:60]}” is not one of: {', '.join(map(str, known))}.{hint(item, known)}",
                    code="invalid_choice",
                )


class ChoicesFilter(django_filters.MultipleChoiceFilter):
    """One of a closed list; repeated values mean any of them."""

    field_class = ChoicesField
    repeatable = True

    @property
    def is_plain(self):
        """Whether the values stand in the query as they are."""
        return type(self) is ChoicesFilter

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("distinct", False)
        super().__init__(*args, **kwargs)

    def filter(self, queryset, value, aliases=NO_ALIASES):
        if not value:
            return queryset
        return queryset.filter(one_of(aliases.get(self.field_name, self.field_name), value))


class ChoicesAmongFilter(ChoicesFilter):
    """A ``ChoicesFilter`` on related rows (see ``Among``)."""

    def __init__(self, *args, among, **kwargs):
        self.among = among
        super().__init__(*args, **kwargs)

    def condition(self, values):
        return Q(**{f"{self.field_name}__in": values})


class SlugsField(forms.MultipleChoiceField):
    widget = forms.TextInput

    def __init__(self, *args, lookup=None, **kwargs):
        self.lookup = lookup
        # The row for each text that was understood.
        self.known = {}
        kwargs.setdefault("choices", ())
        super().__init__(*args, **kwargs)

    @property
    def suggests(self):
        """What the list is called whose names are suggested; empty if none are."""
        return getattr(self.lookup, "suggests", "")

    def to_python(self, value):
        """Split each value at commas, since the form on a page has one box for several; but not within a name with a comma."""
        values = value if isinstance(value, (list, tuple)) else [value] if value else []
        words = [word for item in values for part in self._parts(str(item)) if (word := part.strip())]
        if not words and any(str(item).strip() for item in values):
            raise ValidationError("Give a value between the commas.", code="invalid")
        return words

    def _parts(self, text):
        """The names in one value."""
        if "," not in text or not hasattr(self.lookup, "by_name") or len(text) > MAX_TEXT:
            return text.split(",")
        return [text] if self.lookup.by_name(text) else text.split(",")

    def validate(self, value):
        """Only the number of values; ``clean`` looks them up."""
        if len(value) > MAX_VALUES:
            raise ValidationError(f"More than {MAX_VALUES} values.", code="too_many")

    def clean(self, value):
        """The rows that the values name, as ``lookup`` gives them; each copy of a field looks them up anew."""
        self.known = {}
        return [self._row(item) for item in super().clean(value)]

    def _row(self, text):
        if text not in self.known:
            if len(text) > MAX_TEXT:
                raise ValidationError(f"Nothing published is called “{text[:60]}”.", code="invalid_choice")
            self.known[text] = self.lookup(text)
        return self.known[text]

    def in_words(self, value):
        """What the rows of one value are called; the value as it stands where it was not understood."""
        texts = [value] if value.strip() in self.known else value.split(",")
        return ", ".join(self._called(text.strip()) for text in texts)

    def _called(self, text):
        row = self.known.get(text)
        rows = row if isinstance(row, list) else [row]
        return ", ".join(dict.fromkeys(getattr(row, "name", "") or str(row) for row in rows)) if row else text


class _ManyInput(forms.TextInput):
    """One text box for several values."""

    def value_from_datadict(self, data, files, name):
        return data.getlist(name) if hasattr(data, "getlist") else data.get(name)

    def format_value(self, value):
        return ", ".join(map(str, value)) if isinstance(value, (list, tuple)) else value


class RefsFilter(django_filters.Filter):
    """Filters by published rows: ``lookup(text)`` gives the row or raises ``ValidationError`` (see
    ``sources.lib.named_rows.ByName``); repeated values mean any of them.

    ``condition(rows)`` gives the ``Q`` for the listed row or, with ``among``, for its related rows (see ``Among``).
    """

    field_class = SlugsField
    repeatable = True

    def __init__(self, *args, lookup, condition, among=None, **kwargs):
        self.condition, self.among = condition, among
        # What writes a row in a query, if one value names one row.
        self.value_of = getattr(lookup, "value_of", None)
        super().__init__(*args, lookup=lookup, widget=_ManyInput, **kwargs)

    def filter(self, queryset, value, aliases=NO_ALIASES):
        if not value:
            return queryset
        rows = queryset.filter(self.condition(value))
        return rows.distinct() if self.distinct else rows


class AllRefsFilter(RefsFilter):
    """As ``RefsFilter``, but all of the rows must match."""

    def filter(self, queryset, value, aliases=NO_ALIASES):
        for row in value or ():
            queryset = queryset.filter(self.condition([row]))
        return queryset


class YesNoField(forms.NullBooleanField):
    def clean(self, value):
        if value in (None, ""):
            return None
        if value not in ("true", "false"):
            raise ValidationError("Write true or false.", code="invalid")
        return value == "true"


class _YesNo(forms.Select):
    def __init__(self, attrs=None):
        super().__init__(attrs, choices=[("", _("either")), ("true", _("yes")), ("false", _("no"))])


class YesNoFilter(django_filters.Filter):
    """``true`` keeps the rows that meet ``condition``, ``false`` the others."""

    field_class = YesNoField

    def __init__(self, *args, condition, **kwargs):
        self.condition = condition
        super().__init__(*args, widget=_YesNo, **kwargs)

    def filter(self, queryset, value, aliases=NO_ALIASES):
        if value is None:
            return queryset
        return queryset.filter(self.condition) if value else queryset.exclude(self.condition)


class PartialDateFormField(forms.CharField):
    """A partial date to filter by. ``bound`` (``earliest`` or ``latest``) must be known: an open interval would match every
    row."""

    def __init__(self, *args, bound, **kwargs):
        self.bound = bound
        super().__init__(*args, max_length=32, **kwargs)

    def clean(self, value):
        value = super().clean(value)
        if not value:
            return None
        try:
            date = PartialDate.parse(value)
        except PartialDateError as error:
            raise ValidationError(str(error), code="partial_date") from None
        if getattr(date, self.bound) is None:
            raise ValidationError(_("This end of the interval is open; write a date."), code="partial_date")
        return date


class AfterFilter(django_filters.Filter):
    """Dates that may lie on or after the start of the given one: ``signed_after=2025`` includes all of 2025.

    ``field_name`` is the column of the date. A date with an open end always matches.
    """

    field_class = PartialDateFormField

    def __init__(self, *args, **kwargs):
        super().__init__(*args, bound="earliest", **kwargs)

    def filter(self, queryset, value, aliases=NO_ALIASES):
        if value is None:
            return queryset
        return queryset.filter(may_lie_between(self.field_name, first=value.earliest))


class BeforeFilter(django_filters.Filter):
    """Dates that may lie on or before the end of the given one; ``field_name`` is the column of the date."""

    field_class = PartialDateFormField

    def __init__(self, *args, **kwargs):
        super().__init__(*args, bound="latest", **kwargs)

    def filter(self, queryset, value, aliases=NO_ALIASES):
        if value is None:
            return queryset
        return queryset.filter(may_lie_between(self.field_name, last=value.latest))


class YearField(forms.RegexField):
    def __init__(self, **kwargs):
        super().__init__(
            regex=r"^[12][0-9]{3}\Z", error_messages={"invalid": "Write a year with four digits."}, **kwargs
        )


class YearFilter(django_filters.Filter):
    """Dates that may lie in a year; ``field_name`` is the column of the date."""

    field_class = YearField

    def filter(self, queryset, value, aliases=NO_ALIASES):
        if not value:
            return queryset
        year = PartialDate.parse(value)
        return queryset.filter(may_lie_between(self.field_name, year.earliest, year.latest))


def any_of(field):
    """The condition of a ``RefsFilter`` on one relation."""
    return lambda rows: one_of(field, rows)


def one_of(column, values):
    """The ``Q`` that a column has one of the values. One value is asked for as such: after ``IN`` neither database reads the rest of
    an index in its order."""
    return Q(**({column: values[0]} if len(values) == 1 else {f"{column}__in": values}))


def contested_filter():
    """``contested=true``: records with a fact on which sources differ and no ruling has settled it."""
    return YesNoFilter(condition=Q(is_contested=True), label="Has a contested fact")
