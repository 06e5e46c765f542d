"""Which bodies act for a state or belong to a body, and who holds office in them."""

import datetime
from functools import cached_property

from django.db.models import DateField, Exists, OuterRef, Q, Value
from django.db.models.functions import Coalesce

from people.models import Membership, Organisation
from sources.records.status import Status

_PUBLIC = Organisation.PUBLIC_KINDS


class LookedUp(list):
    """Organisations whose bodies are looked up once, for several conditions that ask ``with_their_bodies`` for them."""

    @cached_property
    def keys(self):
        return list(_with_their_bodies(self).values_list("pk", flat=True))


def with_their_bodies(rows):
    """The published organisations ``rows`` with the public bodies of those that are states, and the parts of all of these, two
    levels down. Their keys: a queryset, or a list for ``LookedUp`` ones."""
    return rows.keys if isinstance(rows, LookedUp) else _with_their_bodies(rows)


def _with_their_bodies(rows):
    shown = Q(parent__status=Status.PUBLISHED)
    part = Q(parent__in=rows) | Q(parent__parent__in=rows) & shown
    public = Q(country__in=rows, kind__in=_PUBLIC)
    part_of_public = Q(country__isnull=True, parent__country__in=rows, parent__kind__in=_PUBLIC) & shown
    own = Q(pk__in=[row.pk for row in rows])
    return Organisation.objects.published().filter(own | public | part | part_of_public).values("pk")


def states_of_bodies():
    """``{key of a published organisation: keys of the organisations that it acts for, itself included}``. One query."""
    columns = ("pk", "kind", "country", "parent")
    above = [f"parent__{name}" for name in ("parent", "status", "kind", "country")]
    rows = Organisation.objects.published().values_list(*columns, *above)
    return {row[0]: _acts_for(*row) - {None} for row in rows}


def _acts_for(key, kind, country, parent, grandparent, parent_status, parent_kind, parent_country):
    acts_for = {key, parent, country if kind in _PUBLIC else None}
    if parent_status == Status.PUBLISHED:
        acts_for |= {grandparent, parent_country if country is None and parent_kind in _PUBLIC else None}
    return acts_for


def in_office(rows, person, first, last):
    """The condition that a person holds a post in one of ``rows`` or their bodies on a day between two columns.

    ``person``, ``first`` and ``last`` are columns of the outer row. Where the term of office or the day is not known, it counts.
    """
    start = Coalesce(OuterRef(first), Value(datetime.date.min), output_field=DateField())
    end = Coalesce(OuterRef(last), Value(datetime.date.max), output_field=DateField())
    held = Membership.objects.published().filter(person=OuterRef(person), organisation__in=with_their_bodies(rows))
    began = Q(dates_earliest__isnull=True) | Q(dates_earliest__lte=end)
    lasted = Q(dates_latest__isnull=True) | Q(dates_latest__gte=start)
    return Exists(held.filter(began, lasted))
