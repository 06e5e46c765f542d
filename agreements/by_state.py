"""Conditions that tie agreements, exercises, assistance, events and statements to states and bodies, those below included.

The lists filter by them and the pages of states count by them, so that both give the same rows. Each takes published
organisations and returns a ``Q`` or an ``Exists``.
"""

from django.db.models import Exists, OuterRef, Q

from agreements.models import Assistance, EventParticipant, Milestone, Participation, Party
from people.bodies import in_office, with_their_bodies


def party_to(rows):
    """Agreements that list them as parties, in whatever role."""
    return Exists(Party.objects.filter(agreement=OuterRef("pk"), organisation__in=rows))


def step_by(rows):
    """Agreements in whose lives they or their bodies took a step."""
    steps = Milestone.objects.filter(body__in=with_their_bodies(rows))
    return Exists(steps.filter(agreement=OuterRef("pk")))


def held_in(rows):
    """Exercises on the soil of a state or, where no source names the state, hosted by one of its bodies; of a body: hosted by it."""
    states, bodies = _of_kind(rows, is_state=True), _of_kind(rows, is_state=False)
    on_soil = Q(country__in=states) | Q(country__isnull=True, host__in=with_their_bodies(states))
    return on_soil | Q(host__in=with_their_bodies(bodies)) if bodies else on_soil


def _of_kind(rows, is_state):
    chosen = [row for row in rows if (row.kind == "state") == is_state]
    # The same rows may have their bodies looked up.
    return rows if len(chosen) == len(rows) else chosen


def taking_part(rows):
    """Exercises in which they or their bodies took part."""
    parts = Participation.objects.published().filter(organisation__in=with_their_bodies(rows))
    return Exists(parts.filter(exercise=OuterRef("pk")))


def given_by(rows):
    """Assistance that they or their bodies give or sell, in whole or in part."""
    donated = Assistance.donors.through.objects.filter(organisation__in=with_their_bodies(rows))
    return Q(provider__in=with_their_bodies(rows)) | Exists(donated.filter(assistance=OuterRef("pk")))


def received_by(rows):
    """Assistance that they or their bodies receive."""
    received = Assistance.recipients.through.objects.filter(organisation__in=with_their_bodies(rows))
    return Exists(received.filter(assistance=OuterRef("pk")))


def supplied_by(rows):
    """Assistance that they make or install."""
    return Q(supplier__in=rows)


def said_for(rows):
    """What they, their bodies and the holders of posts in these said."""
    officials = in_office(rows, "person", "date_earliest", "date_latest")
    return Q(organisation__in=with_their_bodies(rows)) | officials


def involving(rows):
    """Events in these states, and events in which they, their bodies or the holders of posts in these took part."""
    own = Q(organisation__in=with_their_bodies(rows))
    officials = in_office(rows, "person", "event__date_earliest", "event__date_latest")
    took_part = EventParticipant.objects.published().filter(own | officials, event=OuterRef("pk"))
    return Q(country__in=rows) | Exists(took_part)
