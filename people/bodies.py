"""Which bodies act for a state or belong to a body, and who holds office in them."""

import datetime

from django.db.models import DateField, Exists, OuterRef, Q, Value
from django.db.models.functions import Coalesce

from people.models import Membership, Organisation
from sources.records.base import Status


def with_their_bodies(rows):
    """The published organisations ``rows`` with the public bodies of those that are states, and the parts of all of these, two
    levels down. A queryset of keys."""
    part = Q(parent__in=rows) | Q(parent__parent__in=rows, parent__status=Status.PUBLISHED)
    public = Q(country__in=rows, kind__in=Organisation.PUBLIC_KINDS)
    return Organisation.objects.published().filter(Q(pk__in=[row.pk for row in rows]) | public | part).values("pk")


def states_of_bodies():
    """``{key of a published organisation: keys of the organisations that it acts for, itself included}``. One query."""
    columns = ("pk", "kind", "country", "parent", "parent__parent", "parent__status")
    found = {}
    for key, kind, country, parent, grandparent, parent_status in Organisation.objects.published().values_list(
        *columns
    ):
        own = {key, parent, grandparent if parent_status == Status.PUBLISHED else None}
        found[key] = (own | {country if kind in Organisation.PUBLIC_KINDS else None}) - {None}
    return found


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
