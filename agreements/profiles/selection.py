"""The rows of a state's or body's profile, at most ``SHOWN`` of each group, with the number of all and the list that has them.

Every function takes a published organisation and returns plain data: a group is ``{"name", "rows", "count", "address"}``, the
rows as the API lists them.
"""

from functools import reduce
from operator import or_

from django.db.models import Case, Count, F, Q, Value, When, Window
from django.db.models.functions import RowNumber
from django.http import QueryDict
from django.urls import reverse

from agreements import by_state
from agreements.filters import AgreementFilter
from agreements.life.status import InForce
from agreements.models import Agreement, Assistance, Event, Exercise, Position
from people.bodies import with_their_bodies
from people.models import Membership
from sources.reading.links import link
from sources.reading.store import reading

SHOWN = 10
# Group of agreements → whether they are in force today, as the filter ``in_force`` has it.
BY_FORCE = {
    "in_force": (InForce.YES, InForce.PROVISIONALLY, InForce.SUSPENDED),
    "not_established": (InForce.NOT_ESTABLISHED,),
    "not_in_force": (InForce.NO,),
    "programmes": (InForce.NOT_APPLICABLE,),
}


def groups_of(model, groups):
    """``[group]`` of one kind. ``groups``: ``{name: (condition, the query of the list with the same rows)}``; one query for the
    groups and one for the cards."""
    numbered = list(enumerate(groups.items()))
    conditions = [Q(condition) for condition, _query in groups.values()]
    rows = model.objects.published().counted().filter(reduce(or_, conditions))
    order = rows.model._meta.ordering
    for number, (_name, (condition, _query)) in numbered:
        member = {f"member_{number}": Case(When(condition, then=Value(1)), default=Value(0))}
        window = {"partition_by": [F(f"member_{number}")]}
        rows = rows.annotate(**member).annotate(
            **{
                f"place_{number}": Window(RowNumber(), order_by=order, **window),
                f"size_{number}": Window(Count("*"), **window),
            }
        )
    shown = (Q(**{f"member_{number}": 1, f"place_{number}__lte": SHOWN}) for number, _group in numbered)
    found = list(rows.filter(reduce(or_, shown)).order_by(*order).only("slug"))
    keys = [row.pk for row in found]
    cards = {card["slug"]: card for card in reading.cards_of(model.objects.published().filter(pk__in=keys))}
    return [_group(number, name, query, found, cards) for number, (name, (_condition, query)) in numbered]


def _group(number, name, query, found, cards):
    own = [row for row in found if _is_shown(row, number)]
    count = getattr(own[0], f"size_{number}") if own else 0
    address = f"{reverse(type(own[0]).KIND)}?{_written(query)}" if own else ""
    return {
        "name": name,
        "rows": [cards[row.slug] for row in own if row.slug in cards],
        "count": count,
        "address": address,
    }


def _is_shown(row, number):
    return getattr(row, f"member_{number}") and getattr(row, f"place_{number}") <= SHOWN


def _written(query):
    """A query of a list, ``{parameter: value or values}``, as it stands in an address."""
    params = QueryDict(mutable=True)
    for name, value in query.items():
        params.setlist(name, value if isinstance(value, list) else [value])
    return params.urlencode()


def agreements_of(organisation):
    """What it is party to, by whether that is in force; and, of a body, in whose lives it took a step."""
    in_force = AgreementFilter.base_filters["in_force"]
    groups = {
        name: (
            by_state.party_to([organisation]) & in_force.condition(codes),
            {"party": organisation.slug, "in_force": [str(code) for code in codes]},
        )
        for name, codes in BY_FORCE.items()
    }
    if organisation.kind != "state":
        groups["steps"] = (by_state.step_by([organisation]), {"step_by": organisation.slug})
    return groups_of(Agreement, groups)


def exercises_of(organisation):
    """Those on its soil or hosted by it, and those elsewhere in which it or its bodies took part."""
    held, taking_part = by_state.held_in([organisation]), by_state.taking_part([organisation])
    groups = {
        "on_soil" if organisation.kind == "state" else "hosted": (held, {"host": organisation.slug}),
        "taking_part": (taking_part, {"taking_part": organisation.slug}),
    }
    return groups_of(Exercise, groups)


def assistance_of(organisation):
    """What it and its bodies gave, received and supplied."""
    groups = {
        "given": (by_state.given_by([organisation]), {"given_by": organisation.slug}),
        "received": (by_state.received_by([organisation]), {"received_by": organisation.slug}),
        "supplied": (by_state.supplied_by([organisation]), {"supplier": organisation.slug}),
    }
    return groups_of(Assistance, groups)


def said_for(organisation):
    """``[group]``: what it, its bodies and their officials said; a row has ``offices``, the posts of a speaker in them."""
    groups = {"said": (by_state.said_for([organisation]), {"said_for": organisation.slug})}
    (said,) = groups_of(Position, groups)
    speakers = {row["person"]["slug"] for row in said["rows"] if row["person"]}
    offices = _offices(organisation, speakers) if speakers else {}
    rows = [{**row, "offices": offices.get((row["person"] or {}).get("slug"), [])} for row in said["rows"]]
    return [{**said, "rows": rows}]


def _offices(organisation, speakers):
    """``{slug of a person: [the posts held in the organisation and its bodies]}``; one query."""
    held = Membership.objects.published().filter(
        person__slug__in=speakers, organisation__in=with_their_bodies([organisation])
    )
    offices = {}
    for row in held.select_related("person", "post", "organisation").order_by(
        "dates_earliest", "stated_earliest", "key"
    ):
        post = {"label": row.post.label, "label_es": row.post.label_es} if row.post else None
        words = {"post": post, "role": row.role, "organisation": link(row.organisation)}
        dates = {name: str(getattr(row, name) or "") or None for name in ("dates", "stated_on")}
        offices.setdefault(row.person.slug, []).append({**words, **dates})
    return offices


def events_of(organisation):
    """Events in the state, and those with its bodies and officials."""
    groups = {"events": (by_state.involving([organisation]), {"involving": organisation.slug})}
    return groups_of(Event, groups)
