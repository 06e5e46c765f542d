"""Rows of this app that name a record, for that record's page; each is the kind's own list representation."""

from django.contrib.contenttypes.models import ContentType
from django.db.models import Count

from agreements.models import Agreement, Event, Exercise, Position
from agreements.profiles import selection
from agreements.profiles.timeline import timeline_of
from people.models import Organisation
from people.views import OrganisationPage, PersonPage
from sources.reading.api import RELATED_LIMIT, link
from sources.reading.store import answers, reading


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


def with_numbers(successions):
    """The predecessors that readers see and that are party to agreements, each with their number."""
    rows = [(link(row.predecessor, row), row.predecessor_id) for row in successions]
    keys = [key for _linked, key in rows]
    found = Agreement.objects.published().filter(parties__organisation__in=keys).order_by() if keys else ()
    numbers = dict(found.values_list("parties__organisation").annotate(Count("pk", distinct=True))) if keys else {}
    return [{"predecessor": linked, "number": numbers[key]} for linked, key in rows if linked and key in numbers]


@OrganisationPage.add
def of_organisation(organisation):
    return profile_of(organisation.slug)


@answers.kept("profile")
def profile_of(slug):
    """The profile of a state or body: groups of rows, and the latest entries of its timeline."""
    organisation = Organisation.objects.published().get(slug=slug)
    return {
        "predecessors": with_numbers(organisation.predecessors.all()),
        "agreements": selection.agreements_of(organisation),
        "exercises": selection.exercises_of(organisation),
        "assistance": selection.assistance_of(organisation),
        "said": selection.said_for(organisation),
        "events": selection.events_of(organisation),
        "timeline": timeline_of(organisation, number=selection.SHOWN + 1),
    }
