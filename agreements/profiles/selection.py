"""The rows of a state's or body's profile, at most ``SHOWN`` of each group, with the number of all and the list that has them.

Every function takes a published organisation and returns plain data: a group is ``{"name", "rows", "count", "address"}``, the
rows as the API lists them.
"""

from functools import reduce
from operator import or_

from django.db.models import Case, F, Func, IntegerField, Q, Subquery, Value, When
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
    """``[group]`` of one kind. ``groups``: ``{name: (condition, the query of the list with the same rows)}``; one query."""
    published, order = model.objects.published().counted(), model._meta.ordering
    members = [published.filter(condition) for condition, _query in groups.values()]
    # The first of each group are looked up by their order, and its size is counted once: nothing is numbered row by row.
    first = (Q(pk__in=rows.order_by(*order).values("pk")[:SHOWN]) for rows in members)
    found = published.filter(reduce(or_, first)).order_by(*order)
    for number, (rows, (condition, _query)) in enumerate(zip(members, groups.values(), strict=True)):
        is_member = Case(When(condition, then=Value(1)), default=Value(0))
        found = found.annotate(**{f"member_{number}": is_member, f"size_{number}": Subquery(_size_of(rows))})
    found = list(found.values("slug", *reading.OF_CARDS, *found.query.annotations))
    cards = {row["slug"]: row for row in reading.cards_from(model, found)}
    return [
        _group(model, number, name, query, found, cards) for number, (name, (_, query)) in enumerate(groups.items())
    ]


def _size_of(rows):
    """The number of rows, as a query of one value."""
    return rows.order_by().values(number=Func(F("pk"), function="COUNT", output_field=IntegerField()))


def _group(model, number, name, query, found, cards):
    # A row that is here for another group may be a member as well, but none that comes before the first of this one.
    own = [row for row in found if row[f"member_{number}"]][:SHOWN]
    return {
        "name": name,
        "rows": [cards[row["slug"]] for row in own if row["slug"] in cards],
        "count": own[0][f"size_{number}"] if own else 0,
        "address": f"{reverse(model.KIND)}?{_written(query)}" if own else "",
    }


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
