"""Filters that refuse what they do not understand.

One ``StrictFilterSet`` per kind serves its page, its API list and its download. An unknown or repeated parameter, an unknown
choice or a wrong date is an error that names the parameter. It never gives the unfiltered list.
"""

from copy import deepcopy
from dataclasses import dataclass
from functools import cache, reduce
from operator import and_
from types import MappingProxyType

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Exists, F, OuterRef, Q
from django.http import QueryDict
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


@dataclass(frozen=True)
class Among:
    """Related rows to filter by: those of ``model`` whose ``column`` points at the listed row.

    Filters with the same ``Among`` must all match one related row, not each a different one.
    """

    model: type
    column: str

    def one(self, condition):
        return Exists(self.model.objects.filter(condition, **{self.column: OuterRef("pk")}))


@dataclass(frozen=True)
class Lead:
    """A filter that a table of list entries answers, in the order of the list.

    An entry is a listed row under one heading, and repeats the columns that lists are ordered by; so one index holds the rows of a
    heading in their order. ``relation`` is the path from the listed row to its entries, ``heading`` the function that makes the
    heading of a value, ``conditions`` what else an entry must be, ``repeats`` maps the columns of the listed row to those of the entry.
    """

    name: str
    relation: str
    heading: object
    repeats: dict
    conditions: tuple = ()
    # Whether all values must match, so that the first can lead and the others follow.
    takes_first: bool = False
    # Whether a row that has the entry meets the filter; else the entry only leads to the rows that may.
    is_whole: bool = True

    def can(self, values):
        return bool(values) and (self.takes_first or len(values) == 1)

    def join(self, rows, value):
        """``rows`` joined with their entry under the heading of ``value``, whose columns get an alias."""
        entry = {"heading": self.heading(value), **dict(self.conditions)}
        aliases = {alias: F(f"{self.relation}__{column}") for column, alias in self._columns()}
        return rows.filter(**{f"{self.relation}__{key}": wanted for key, wanted in entry.items()}).annotate(**aliases)

    @property
    def counts(self):
        """Whether there is one entry for each row that meets the filter."""
        return self.is_whole and "__" not in self.relation

    def entries(self, model, value):
        """The entries under the heading of ``value``; the listed rows are of ``model``."""
        entry = model._meta.get_field(self.relation).related_model
        return entry.objects.filter(heading=self.heading(value), **dict(self.conditions))

    @property
    def aliases(self):
        """``{column of the listed row: its alias in the query}``."""
        return {name: f"entry_{column}" for name, column in self.repeats.items()}

    def _columns(self):
        return [(column, f"entry_{column}") for column in self.repeats.values()]


class StrictFilterSet(django_filters.FilterSet):
    """A FilterSet whose ``check()`` raises ``BadParameters`` for anything it does not understand.

    ``extra`` names the other parameters that the list takes. With ``is_form``, empty parameters are allowed and ignored, since
    the form on a page sends its empty fields. After ``check()``, ``cleaned`` has the value of each filter that is asked for.

    Only what is asked for is validated, and the filters are shared by all requests: the package copies every filter and every
    field of a set for each request, which takes longer than the query. Nothing writes to a filter after it was declared; a field is
    copied before it is used.
    """

    # What can lead the query (see ``Lead``), the filter that usually leaves fewest rows first.
    leads = ()

    def __init__(self, data=None, queryset=None, *, extra=LIST_PARAMETERS, is_form=False):
        self.is_bound = data is not None
        self.data = data or QueryDict()
        self.queryset = queryset
        self.extra, self.is_form = extra, is_form
        self.filters, self.form_prefix, self.request = self.base_filters, None, None
        self.cleaned = {}

    def check(self):
        if self.data:
            repeatable = [name for name in self.data if getattr(self.filters.get(name), "repeatable", False)]
            check_names(self.data, [*self.filters, *self.extra], repeatable)
            if not self.is_form:
                check_not_blank(self.data)
        self.cleaned = self._clean()
        self._check_spans()
        return self

    def _clean(self):
        """``{filter: value}`` of the filters in the request. Raises ``BadParameters``."""
        cleaned, problems = {}, {}
        for name in self.data:
            if name in self.filters:
                field = self.form.fields[name] if self.is_form else deepcopy(self.filters[name].field)
                try:
                    cleaned[name] = field.clean(field.widget.value_from_datadict(self.data, {}, name))
                except ValidationError as error:
                    problems[name] = error.error_list
        if problems:
            raise self._refusal(problems)
        return cleaned

    def _refusal(self, refused):
        """The ``BadParameters`` for ``{filter: problems}``. A page shows the rows that may be meant as links, a program reads them in
        the message."""
        errors, offers = {}, {}
        for name, problems in refused.items():
            errors[name] = [said for problem in problems for said in self._said(problem)]
            offers[name] = [offer for problem in problems for offer in getattr(problem, "offers", ())]
        return BadParameters(errors, {name: found for name, found in offers.items() if found and self.is_form})

    def _said(self, problem):
        meant = () if self.is_form else getattr(problem, "offers", ())
        more = f" Write one of: {', '.join(f'{value} ({name})' for _typed, value, name in meant)}." if meant else ""
        return [f"{message}{more}" for message in problem.messages]

    def suggested(self):
        """``{name of a list: names}`` to suggest in the form's boxes while somebody types."""
        lists = (field.lookup for field in self.form.fields.values() if getattr(field, "suggests", ""))
        return {
            lookup.suggests: lookup.suggestions() for lookup in {lookup.suggests: lookup for lookup in lists}.values()
        }

    def rows(self, make):
        """The filtered rows of the queryset that ``make()`` returns. Checks the parameters before it calls ``make``."""
        self.check()
        self.queryset = make()
        return self.qs

    def all_rows(self, make):
        """The filtered rows of the queryset that ``make()`` returns, after ``check()``."""
        return self.filter_queryset(make())

    @property
    def qs(self):
        """The filtered rows, after ``check()``."""
        return self.filter_queryset(self.queryset.all())

    def filter_queryset(self, queryset):
        """As the base class, but filters with the same ``Among`` are joined into one condition on one related row."""
        lead, aliases = self.lead(), self.aliases()
        if lead:
            queryset = lead.join(queryset, self.cleaned[lead.name][0])
        among = {}
        for name, value in self._remaining(lead):
            item = self.filters[name]
            if getattr(item, "among", None) is None:
                queryset = item.filter(queryset, value, aliases)
            elif value:
                among.setdefault(item.among, []).append((name, item.condition(value)))
        for relation, conditions in among.items():
            # What leads alone has been met by the entry.
            if lead is None or [name for name, _condition in conditions] != [lead.name]:
                queryset = queryset.filter(relation.one(reduce(and_, (condition for _name, condition in conditions))))
        return queryset

    def counted(self):
        """A smaller table whose rows are as many as those of the list, or ``None``."""
        lead = self.lead()
        if lead is None or not lead.counts:
            return None
        entries = lead.entries(self._meta.model, self.cleaned[lead.name][0])
        for name, value in self._remaining(None):
            item = self.filters[name]
            if name != lead.name and value:
                if not isinstance(item, ChoicesFilter) or item.field_name not in lead.repeats:
                    return None
                entries = item.filter(entries, value, lead.repeats)
        return entries if len(self.cleaned[lead.name]) == 1 else None

    def plain_values(self):
        """``[(filter, value)]`` of what stands in the query as it is, a value at a time; ``None`` if some filter does more than that."""
        lead, plain = self.lead(), []
        for name, value in self.cleaned.items():
            item = self.filters[name]
            if lead and name == lead.name and lead.is_whole and len(value) == 1:
                plain.append((name, lead.heading(value[0])))
            elif value and not getattr(item, "is_plain", False):
                return None
            else:
                plain += [(name, one) for one in value or ()]
        return plain

    def with_values(self, pairs, queryset):
        """The rows of ``queryset`` that a filter set of this kind leaves for ``pairs``, as ``plain_values`` has them but with a row for
        a heading."""
        other = type(self)(None)
        for name, value in pairs:
            other.cleaned.setdefault(name, []).append(value)
        return other.filter_queryset(queryset)

    def lead(self):
        """The ``Lead`` of what is asked for, or ``None``."""
        return next((lead for lead in self.leads if lead.can(self.cleaned.get(lead.name))), None)

    def aliases(self):
        """The columns of the list that the query finds under another name."""
        lead = self.lead()
        return lead.aliases if lead else {}

    def _remaining(self, lead):
        """The values that the entry of ``lead`` does not answer. A filter on related rows may have to be met together with others."""
        for name, value in self.cleaned.items():
            if lead is None or name != lead.name or not lead.is_whole or getattr(self.filters[name], "among", None):
                yield name, value
            elif len(value) > 1:
                yield name, value[1:]

    def get_form_class(self):
        return _form_class(type(self))

    def _check_spans(self):
        """Refuse ``signed_after`` with an earlier ``signed_before``: the list would be empty by mistake."""
        for name, value in self.cleaned.items():
            start = self.cleaned.get(f"{name.removesuffix('before')}after")
            if name.endswith("before") and value and start and value.latest < start.earliest:
                raise BadParameters({name: ["The span ends before it starts."]})


@cache
def _form_class(filterset):
    """The form of a filter set, made once: an instance copies its fields."""
    return type(
        f"{filterset.__name__}Form", (forms.Form,), {name: item.field for name, item in filterset.base_filters.items()}
    )


class TextField(forms.CharField):
    def __init__(self, **kwargs):
        super().__init__(max_length=MAX_TEXT, **kwargs)


class WordsFilter(django_filters.Filter):
    """``q=``: every word must be in the record's names, whole or as the beginning of a word, with or without accents."""

    field_class = TextField

    def filter(self, queryset, value, aliases=NO_ALIASES):
        return queryset.matching(value) if value else queryset


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
        """The rows that the values name, as ``lookup`` gives them."""
        return [self._row(item) for item in super().clean(value)]

    def _row(self, text):
        if text not in self.known:
            if len(text) > MAX_TEXT:
                raise ValidationError(f"Nothing published is called “{text[:60]}”.", code="invalid_choice")
            self.known[text] = self.lookup(text)
        return self.known[text]

    def __deepcopy__(self, memo):
        """Each form looks rows up anew."""
        copied = super().__deepcopy__(memo)
        copied.known = {}
        return copied

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
