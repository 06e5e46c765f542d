"""The filters of one list together: what the list of a kind can be asked.

One ``StrictFilterSet`` per kind serves its page, its API list and its download. An unknown or repeated parameter, an unknown
choice or a wrong date is an error that names the parameter. It never gives the unfiltered list.
"""

from copy import copy
from dataclasses import dataclass
from functools import cache, reduce
from operator import and_
from urllib.parse import urlencode

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Exists, F, OuterRef
from django.http import QueryDict

from sources.lib.filters import (
    LIST_PARAMETERS,
    BadParameters,
    ChoicesFilter,
    check_names,
    check_not_blank,
)


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
                field = self.form.fields[name] if self.is_form else copy(self.filters[name].field)
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

    def brief_query(self, beside=()):
        """The query of what is chosen, always worded alike, if that is at most one value of a list of values, such as a type or a party,
        besides what the filters ``beside`` have; else ``None``. There are so few of these queries that their answers can be kept."""
        worded = {
            name: self._worded(name, value) for name, value in self.cleaned.items() if value not in (None, "", [])
        }
        if None in worded.values() or len({*worded} - {*beside}) > 1:
            return None
        return urlencode(sorted(worded.items()))

    def _worded(self, name, value):
        """How a query writes a value; ``None`` for several values, and for one that is not of a list of values."""
        if isinstance(value, bool):
            return str(value).lower()
        if isinstance(self.filters[name], django_filters.ChoiceFilter):
            return value
        if not isinstance(value, list) or len(value) > 1:
            return None
        value_of = str if isinstance(self.filters[name], ChoicesFilter) else self.filters[name].value_of
        return value_of(value[0]) if value_of else None

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
