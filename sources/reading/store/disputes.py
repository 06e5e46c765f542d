"""Reads the list of facts on which sources differ: its rows say where each is, and the forms of their records what sources say of it."""

import orjson
from django.contrib.contenttypes.models import ContentType
from django.urls import reverse

from sources.reading.store.reading import forms_with
from sources.records.base import record_models

OF_FACT = ("part", "field", "state", "stated_value", "confidence", "sources", "independent", "disputing", "importance")
COLUMNS = ("uid", "record_ref", "record_name", "record_type", "record_id", *OF_FACT)


class Disputes:
    """Reads rows of ``ContestedFact`` for ``sources.lib.paging``, each as the API gives it, with the ``entry`` of the record that it
    is about."""

    are_whole = False

    @property
    def shape(self):
        """What the query depends on besides the rows."""
        return "disputes", *(kind.pk for kind in ContentType.objects.get_for_models(*record_models()).values())

    def query(self, queryset, columns):
        return queryset.values_list(*COLUMNS)

    def read(self, queryset, columns):
        return list(self.query(queryset, columns))

    def values(self, columns, row):
        return [row[COLUMNS.index(column.name)] for column in columns]

    ends = values

    def finish(self, rows):
        """The facts of rows that ``read`` gave; one whose record says no more that sources differ is left out."""
        facts = [dict(zip(COLUMNS, row, strict=True)) for row in rows]
        forms = forms_with({_key(fact) for fact in facts})
        said = {key: {_place(one): one for one in orjson.loads(form.disputes)} for key, form in forms.items()}
        found = ((fact, said.get(_key(fact), {}).get(_place(fact))) for fact in facts)
        return [_told(fact, dispute) for fact, dispute in found if dispute]


def disputes_of(rows):
    """The facts of a queryset of ``ContestedFact``, as ``Disputes`` gives them."""
    reader = Disputes()
    return reader.finish(reader.read(rows, ()))


def _key(fact):
    return fact["record_type"], fact["record_id"]


def _place(fact):
    return fact["part"], fact["field"]


def _told(fact, dispute):
    kind, _slash, slug = fact["record_ref"].partition("/")
    about = {"kind": kind, "slug": slug, "ref": fact["record_ref"], "name": fact["record_name"]}
    return {
        "id": fact["uid"],
        "record": {**about, "page": reverse(f"{kind}-page", args=[slug])},
        **{name: fact[name] for name in OF_FACT},
        **{name: dispute[name] for name in ("citations", "ruling", "entry")},
    }
