"""Networks: who is a party, signed, gave, took part, held a post or spoke, and what rests on or changes what, around one record.

Read from published rows of the tables, a bounded number of queries for each ring. A position is a connection between who said it
and what it is about, no point of its own.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from django.contrib.contenttypes.models import ContentType
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from agreements.models import (
    Agreement,
    Assistance,
    Event,
    EventParticipant,
    Exercise,
    Participation,
    Party,
    Position,
    Relation,
    Signature,
    Visit,
)
from people.models import Membership, Organisation, Person
from sources.reading.fact_wording import localised
from sources.reading.links import link, links_to

# The kinds of records that are points, in the order in which they stand on a ring.
POINTS = {model.KIND: model for model in (Agreement, Organisation, Person, Exercise, Assistance, Event)}
MOST_POINTS = 300
# How many rows one query reads at most. A record with more has its first ones drawn.
MOST_ROWS = 1000


def _office(label, label_es, role):
    return localised({"label": label, "label_es": label_es}, "label") or role


def _of(choices):
    words = dict(choices)
    return lambda value: words.get(value, value)


@dataclass(frozen=True)
class Tie:
    """One sort of connection: rows that name two records, in two columns. ``words(*columns)`` says what connects them."""

    rows: Callable
    source: type
    source_column: str
    target: type
    target_column: str
    words: Callable
    columns: tuple = ()
    is_statement: bool = False

    def ends(self):
        return ((self.source, self.source_column), (self.target, self.target_column))

    def beside(self, column, keys):
        """The connections of the records with these primary keys, named in this ``column``."""
        both = {f"{end}__isnull": False for end in (self.source_column, self.target_column)}
        rows = self.rows().filter(**{f"{column}__in": keys}, **both).order_by("pk")
        extra = (*self.columns, "slug") if self.is_statement else self.columns
        found = rows.values_list(self.source_column, self.target_column, *extra)[:MOST_ROWS]
        return [self._connection(*values) for values in found]

    def _connection(self, source, target, *values):
        page = reverse("positions-page", args=[values[-1]]) if self.is_statement else ""
        words = self.words(*values[: len(self.columns)])
        return Connection((self.source.KIND, source), (self.target.KIND, target), str(words), page)


@dataclass(frozen=True)
class Connection:
    """``source`` and ``target`` are keys of points, ``(kind, primary key)``; ``page`` is that of a statement."""

    source: tuple
    target: tuple
    words: str
    page: str = ""

    def ends(self):
        return (self.source, self.target)


def _always(words):
    return lambda: words


def _of_records():
    """Connections that a record states of itself: ``(model, column, other model, words)``."""
    yield Exercise, "host", Organisation, _("hosted by")
    yield Exercise, "country", Organisation, _("took place in")
    yield Exercise, "legal_basis", Agreement, _("rests on")
    yield Assistance, "provider", Organisation, _("provider")
    yield Assistance, "donors", Organisation, _("donor")
    yield Assistance, "recipients", Organisation, _("recipient")
    yield Assistance, "supplier", Organisation, _("supplier")
    yield Assistance, "legal_basis", Agreement, _("rests on")
    yield Event, "country", Organisation, _("took place in, or was done by")
    yield Event, "agreement", Agreement, _("concerns")
    yield Person, "nationality", Organisation, _("national of")


def _published(model):
    return lambda: model.objects.published()


def _statements_about(model):
    def rows():
        return Position.objects.published().filter(record_type=ContentType.objects.get_for_model(model))

    return rows


TIES = (
    Tie(_published(Party), Organisation, "organisation", Agreement, "agreement", _of(Party.Role.choices), ("role",)),
    Tie(_published(Relation), Agreement, "agreement", Agreement, "target", _of(Relation.Kind.choices), ("kind",)),
    Tie(_published(Signature), Person, "person", Agreement, "agreement", _always(_("signed"))),
    Tie(
        _published(Participation), Organisation, "organisation", Exercise, "exercise",
        _of(Participation.Role.choices), ("role",),
    ),
    Tie(_published(Visit), Person, "visitors", Exercise, "exercise", _always(_("visited"))),
    *(
        Tie(_published(EventParticipant), model, column, Event, "event", _of(()), ("role",))
        for model, column in ((Person, "person"), (Organisation, "organisation"))
    ),
    Tie(
        _published(Membership), Person, "person", Organisation, "organisation",
        _office, ("post__label", "post__label_es", "role"),
    ),
    *(
        Tie(_published(model), model, "pk", other, column, _always(words))
        for model, column, other, words in _of_records()
    ),
    *(
        Tie(_statements_about(about), model, column, about, "record_id", _of(Position.Stance.choices), ("stance",), True)
        for about in POINTS.values()
        for model, column in ((Person, "person"), (Organisation, "organisation"))
    ),
)  # fmt: skip


@dataclass
class Network:
    """``points``: ``{key: its link with the number of its "ring"}``, the nearest first. ``connections`` are in the order of the
    table. ``left_out`` records were found and not drawn; where ``has_more``, not every row was read and more are left out."""

    points: dict = field(default_factory=dict)
    connections: list = field(default_factory=list)
    left_out: int = 0
    has_more: bool = False


def network_of(record, depth=1):
    """The ``Network`` around a published record: what it is connected with, and for each further ``depth`` what that is."""
    rings, known, network = {(record.KIND, record.pk): 0}, set(), Network()
    edge = list(rings)
    for ring in range(1, depth + 1):
        found = _beside(edge, network)
        known |= found
        reached = _by_connections(_visible(found, rings), found)
        edge = reached[: MOST_POINTS - len(rings)]
        network.left_out += len(reached) - len(edge)
        rings |= dict.fromkeys(edge, ring)
    network.points = _named(rings)
    drawn = (connection for connection in known if all(end in network.points for end in connection.ends()))
    network.connections = sorted(drawn, key=_place_in_table(network.points))
    return network


def _beside(edge, network):
    """The connections of the points in ``edge``."""
    keys = _by_kind(edge)
    found = set()
    for tie in TIES:
        for model, column in tie.ends():
            if model.KIND in keys:
                rows = tie.beside(column, keys[model.KIND])
                network.has_more |= len(rows) == MOST_ROWS
                found.update(rows)
    return found


def _by_kind(points):
    keys = {}
    for kind, key in points:
        keys.setdefault(kind, []).append(key)
    return keys


def _visible(connections, rings):
    """``{point: slug}`` of published records that the connections reach and no ring has yet."""
    reached = {end for connection in connections for end in connection.ends()} - rings.keys()
    return {
        (kind, key): slug
        for kind, keys in _by_kind(reached).items()
        for key, slug in POINTS[kind].objects.published().filter(pk__in=keys).order_by().values_list("pk", "slug")
    }


def _by_connections(slugs, connections):
    """The points, those connected with most others first."""
    pairs = {frozenset(connection.ends()) for connection in connections}
    number = Counter(end for pair in pairs for end in pair)
    return sorted(slugs, key=lambda point: (-number[point], point[0], slugs[point]))


def _named(rings):
    """The links of the points in ``rings``, by ring, kind and name."""
    found = {
        (kind, row.pk): {**link(row), "ring": rings[kind, row.pk]}
        for kind, keys in _by_kind(rings).items()
        for row in links_to(POINTS[kind]).filter(pk__in=keys).order_by()
    }
    order = list(POINTS)
    return dict(
        sorted(
            found.items(),
            key=lambda item: (item[1]["ring"], order.index(item[0][0]), item[1]["name"], item[1]["slug"]),
        )
    )


def _place_in_table(points):
    places = {point: number for number, point in enumerate(points)}

    def place(connection):
        ends = [places[end] for end in connection.ends()]
        return (min(ends), max(ends), ends, connection.words, connection.page)

    return place
