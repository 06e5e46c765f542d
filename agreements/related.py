"""Rows of this app that name a record, for that record's page; each is the kind's own list representation."""

from django.contrib.contenttypes.models import ContentType

from agreements.models import Agreement, Assistance, Event, Exercise, Position
from people.views import OrganisationPage, PersonPage
from sources.reading.api import RELATED_LIMIT
from sources.reading.store import reading


def rows_of(model, **condition):
    """Published rows of one kind as its list shows them, at most ``RELATED_LIMIT``."""
    # Named by their keys: a join would have to be made distinct over all columns, which takes PostgreSQL long to plan.
    keys = model.objects.filter(**condition).order_by().values("pk")
    return reading.cards_of(model.objects.published().filter(pk__in=keys)[:RELATED_LIMIT])


def positions_about(record):
    content_type = ContentType.objects.get_for_model(record)
    return rows_of(Position, record_type=content_type, record_id=record.pk)


@PersonPage.add
def of_person(person):
    """What a person signed, said and took part in."""
    return {
        "agreements": rows_of(Agreement, signatures__person=person),
        "positions": rows_of(Position, person=person),
        "events": rows_of(Event, participants__person=person),
        "exercises": rows_of(Exercise, visits__visitors=person),
    }


@OrganisationPage.add
def of_organisation(organisation):
    """What an organisation is party to, did, gave, received and said."""
    return {
        "agreements": rows_of(Agreement, parties__organisation=organisation),
        "decided": rows_of(Agreement, milestones__body=organisation),
        "exercises": rows_of(Exercise, participations__organisation=organisation),
        "given": rows_of(Assistance, provider=organisation),
        "received": rows_of(Assistance, recipients=organisation),
        "supplied": rows_of(Assistance, supplier=organisation),
        "positions": rows_of(Position, organisation=organisation),
        "events": rows_of(Event, participants__organisation=organisation),
    }
