"""How much is recorded of each state; the counts are those of the lists that the same conditions filter (``agreements.by_state``).

A fixed number of queries, whatever the number of states.
"""

from collections import defaultdict

from django.db.models import Count, Q
from django.db.models.functions import Coalesce

from agreements.models import Agreement, Assistance, Exercise, Party, StatusSpan
from agreements.profiles.selection import BY_FORCE
from people.bodies import states_of_bodies
from people.models import Organisation
from sources.reading.store import answers

COUNTED = ("agreements", "in_force", "exercises", "given", "received")


@answers.kept("countries")
def counts_by_state():
    """``[{"slug", "name", "name_es", "code", "page", <COUNTED>…}]`` of the published states with anything, by name."""
    acting_for = states_of_bodies()
    counts = {**_agreements(), "exercises": _numbers(_exercises(), acting_for)}
    counts |= {name: _numbers(pairs, acting_for) for name, pairs in _assistance().items()}
    states = Organisation.objects.published().filter(kind=Organisation.Kind.STATE).order_by("sort_key", "slug")
    rows = []
    for state in states.only("slug", "name", "name_es", "iso_alpha3"):
        numbers = {name: counts[name].get(state.pk, 0) for name in COUNTED}
        if any(numbers.values()):
            named = {"slug": state.slug, "name": state.name, "name_es": state.name_es, "code": state.iso_alpha3}
            rows.append({**named, "page": state.get_absolute_url(), **numbers})
    return rows


def number_of_states():
    return Organisation.objects.published().filter(kind=Organisation.Kind.STATE).count()


def _agreements():
    """``{"agreements": {state: number}, "in_force": …}``."""
    in_force = StatusSpan.objects.today().filter(in_force__in=BY_FORCE["in_force"]).values("agreement")
    parties = Party.objects.filter(agreement__in=Agreement.objects.published().between_parties()).order_by()
    numbers = parties.values("organisation").annotate(
        agreements=Count("agreement", distinct=True),
        in_force=Count("agreement", distinct=True, filter=Q(agreement__in=in_force)),
    )
    found = {row["organisation"]: row for row in numbers}
    return {name: {key: row[name] for key, row in found.items()} for name in ("agreements", "in_force")}


def _exercises():
    """``(exercise, state)``; where no source names the state on whose soil it was, its host."""
    return Exercise.objects.published().values_list("pk", Coalesce("country", "host"))


def _assistance():
    """``{"given": [(assistance, organisation)], "received": …}``."""
    rows = Assistance.objects.published()
    return {
        "given": [*rows.values_list("pk", "provider"), *rows.values_list("pk", "donors")],
        "received": rows.values_list("pk", "recipients"),
    }


def _numbers(pairs, acting_for):
    """``{state: how many records}``: a record of a body is one of the state that it acts for."""
    records = defaultdict(set)
    for record, organisation in pairs:
        for state in acting_for.get(organisation, ()):
            records[state].add(record)
    return {state: len(found) for state, found in records.items()}
