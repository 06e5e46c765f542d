"""Networks: every connection that published records state, nothing of drafts, and the same picture each time."""

import csv
import io
from itertools import combinations, pairwise
from math import cos, hypot, radians, sin
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.test.utils import CaptureQueriesContext

from agreements.pictures import network
from agreements.pictures.lettering import width_of
from agreements.pictures.network_layout import SIZE, laid_out
from tests.factory import (
    make_agreement,
    make_assistance,
    make_event,
    make_exercise,
    make_organisation,
    make_person,
    make_position,
    make_state,
)

SVG = "{http://www.w3.org/2000/svg}"
GRAPHML = "{http://graphml.graphdrawing.org/xmlns}"
FILES = ("svg", "graphml", "json", "csv")
HOSTILE = 'An </title><script>alert(1)</script> & "Co"'
pytestmark = pytest.mark.django_db


def published(make, **fields):
    return make(status="published", **fields)


def joined(client, record, depth=1):
    """``{(who, words, with whom)}`` of the network around a record, as JSON tells it."""
    answer = client.get(f"/network.json?record={record.ref}&depth={depth}").json()
    return {(row["source"], row["words"], row["target"]) for row in answer["connections"]}


def refs(answer):
    return [point["ref"] for point in answer.json()["points"]]


class TestConnections:
    def test_agreements_have_parties_and_signatories(self, client):
        peru, ana = make_state("PER", "Peru"), published(make_person, slug="ana")
        pact = published(
            make_agreement,
            slug="pact",
            parties=[{"organisation": peru.slug, "role": "receiving"}],
            signatures=[{"person": "ana", "party": peru.slug}],
            milestones=[{"kind": "signed", "date": "2020-05-04"}],
        )
        expected = {
            ("organisations/per", "receiving state", "agreements/pact"),
            ("people/ana", "signed", "agreements/pact"),
        }
        assert joined(client, pact) == expected
        assert joined(client, ana) == {("people/ana", "signed", "agreements/pact")}
        assert joined(client, ana, depth=2) == expected

    def test_exercises_have_participants_a_host_a_country_a_basis_and_visitors(self, client):
        make_state("PER", "Peru")
        published(make_organisation, slug="army")
        published(make_person, slug="ana")
        published(make_agreement, slug="pact")
        drill = published(
            make_exercise,
            slug="drill",
            country="per",
            host="army",
            legal_basis="pact",
            participations=[{"organisation": "army", "role": "trainer"}],
            visits=[{"title": "A day", "date": "2020-05-04", "visitors": ["ana"]}],
        )
        assert joined(client, drill) == {
            ("organisations/army", "trainer", "exercises/drill"),
            ("exercises/drill", "hosted by", "organisations/army"),
            ("exercises/drill", "took place in", "organisations/per"),
            ("exercises/drill", "rests on", "agreements/pact"),
            ("people/ana", "visited", "exercises/drill"),
        }

    def test_assistance_has_a_provider_donors_recipients_a_supplier_and_a_basis(self, client):
        make_state("PER", "Peru")
        for slug in ("firm", "fund", "army"):
            published(make_organisation, slug=slug)
        published(make_agreement, slug="pact")
        radar = published(
            make_assistance,
            slug="radar",
            provider="per",
            donors=["fund"],
            recipients=["army"],
            supplier="firm",
            legal_basis="pact",
        )
        assert joined(client, radar) == {
            ("assistance/radar", "provider", "organisations/per"),
            ("assistance/radar", "donor", "organisations/fund"),
            ("assistance/radar", "recipient", "organisations/army"),
            ("assistance/radar", "supplier", "organisations/firm"),
            ("assistance/radar", "rests on", "agreements/pact"),
        }

    def test_events_have_participants_a_state_and_an_agreement(self, client):
        make_state("PER", "Peru")
        published(make_person, slug="ana")
        published(make_agreement, slug="pact")
        call = published(
            make_event,
            slug="call",
            country="per",
            agreement="pact",
            participants=[{"person": "ana", "role": "caller"}, {"organisation": "per", "role": "host"}],
        )
        assert joined(client, call) == {
            ("people/ana", "caller", "events/call"),
            ("organisations/per", "host", "events/call"),
            ("events/call", "took place in, or was done by", "organisations/per"),
            ("events/call", "concerns", "agreements/pact"),
        }

    def test_people_belong_to_organisations(self, client):
        published(make_organisation, slug="army")
        ana = published(make_person, slug="ana", memberships=[{"organisation": "army", "role": "commander"}])
        assert joined(client, ana) == {("people/ana", "commander", "organisations/army")}

    def test_a_position_is_a_connection_and_no_point(self, client):
        ana, pact = published(make_person, slug="ana"), published(make_agreement, slug="pact")
        published(make_position, slug="said", person="ana", holder_note="", about=pact.ref, stance="opposes")
        answer = client.get(f"/network.json?record={ana.ref}")
        assert refs(answer) == ["people/ana", "agreements/pact"]
        assert [row["page"] for row in answer.json()["connections"]] == ["/positions/said/"]
        assert joined(client, pact) == {("people/ana", "opposes", "agreements/pact")}
        assert client.get("/network/?record=positions/said").status_code == 400

    def test_relations_of_agreements_and_nationality_are_connections(self, client):
        peru, pact = make_state("PER", "Peru"), published(make_agreement, slug="pact")
        published(make_agreement, slug="new", relations=[{"kind": "supersedes", "target": "pact"}])
        published(make_person, slug="ana", nationality="per")
        assert joined(client, pact) == {("agreements/new", "supersedes", "agreements/pact")}
        assert joined(client, peru) == {("people/ana", "national of", "organisations/per")}

    def test_what_two_have_in_common_stands_in_one_line(self, client):
        make_state("PER", "Peru")
        published(make_person, slug="ana")
        pact = published(
            make_agreement, slug="pact", parties=[{"organisation": "per"}],
            signatures=[{"person": "ana", "party": "per"}],
        )  # fmt: skip
        for stance in ("supports", "concern"):
            published(make_position, person="ana", holder_note="", about=pact.ref, stance=stance)
        lines = client.get(f"/network/?record={pact.ref}").context["lines"]
        assert [(line["source"]["slug"], len(line["ties"])) for line in lines] == [("per", 1), ("ana", 3)]

    def test_what_was_said_several_times_is_one_row_that_leads_to_the_list(self, client):
        ana, pact = published(make_person, slug="ana"), published(make_agreement, slug="pact")
        for number in range(3):
            published(make_position, person="ana", holder_note="", about=pact.ref, statement=f"No. {number}")
        [line] = client.get(f"/network/?record={ana.ref}").context["lines"]
        [row] = line["ties"]
        assert row["times"] == 3
        assert client.get(row["page"]).context["page"].count == 3


class TestDrafts:
    def test_drafts_change_nothing(self, client):
        peru, ana = make_state("PER", "Peru"), published(make_person, slug="ana")
        pact = published(make_agreement, slug="pact", parties=[{"organisation": "per"}])
        addresses = [f"/network{name}?record={row.ref}&depth=2" for name in ("/", ".json") for row in (peru, ana, pact)]
        before = [client.get(address).content for address in addresses]
        make_agreement(parties=[{"organisation": "per"}], signatures=[{"person": "ana", "party": "per"}])
        make_exercise(country="per", legal_basis="pact", participations=[{"organisation": "per"}])
        make_assistance(provider="per", recipients=["per"], legal_basis="pact")
        make_event(country="per", agreement="pact", participants=[{"person": "ana", "role": "caller"}])
        make_position(person="ana", holder_note="", about=pact.ref)
        assert [client.get(address).content for address in addresses] == before

    def test_a_draft_that_a_published_record_names_is_left_out(self, client):
        make_organisation(slug="secret")
        pact = published(make_agreement, slug="pact")
        published(make_exercise, slug="drill", legal_basis="pact", host="secret")
        answer = client.get(f"/network.json?record={pact.ref}&depth=2")
        assert refs(answer) == ["agreements/pact", "exercises/drill"]
        assert answer.json()["left_out"] == 0
        assert b"secret" not in answer.content

    def test_a_draft_is_called_as_unknown_as_what_never_was(self, client):
        make_person(status="draft", slug="ana")
        hidden = client.get("/network/?record=people/ana")
        assert hidden.status_code == 400
        assert hidden.content.replace(b"ana", b"eva") == client.get("/network/?record=people/eva").content


def crowd(number):
    """A state with that many agreements, a second state with two of them."""
    peru, chile = make_state("PER", "Peru"), make_state("CHL", "Chile")
    for place in range(number):
        parties = [{"organisation": "per"}] + [{"organisation": "chl"}] * (place < 2)
        published(make_agreement, slug=f"pact-{place:02}", title=f"Pact {place:02}", parties=parties)
    return peru, chile


class TestLimits:
    def test_the_nearest_and_most_connected_are_kept_and_the_rest_counted(self, client, monkeypatch):
        peru, chile = crowd(6)
        published(make_person, slug="ana")
        published(make_event, slug="call", agreement="pact-05", country="per")
        monkeypatch.setattr(network, "MOST_POINTS", 4)
        answer = client.get(f"/network.json?record={chile.ref}&depth=2")
        assert refs(answer) == ["organisations/chl", "agreements/pact-00", "agreements/pact-01", "organisations/per"]
        assert answer.json()["left_out"] == 0
        answer = client.get(f"/network.json?record={peru.ref}")
        assert len(refs(answer)) == 4
        assert answer.json()["left_out"] == 4
        assert "4 more records are" in client.get(f"/network/?record={peru.ref}").content.decode()

    def test_rows_that_were_not_read_are_owned_up_to(self, client, monkeypatch):
        peru, _chile = crowd(5)
        monkeypatch.setattr(network, "MOST_ROWS", 3)
        answer = client.get(f"/network.json?record={peru.ref}").json()
        assert answer["has_more"]
        assert len(answer["points"]) == 4

    def test_the_number_of_queries_depends_on_the_depth_alone(self, client):
        peru, _chile = crowd(2)
        few = queries_for(client, peru)
        for number in range(4):
            published(make_agreement, slug=f"more-{number}", parties=[{"organisation": "per"}, {"organisation": "chl"}])
        assert queries_for(client, peru) == few


def queries_for(client, record):
    with CaptureQueriesContext(connection) as queries:
        client.get(f"/network.json?record={record.ref}&depth=2")
    return len(queries)


class TestPicture:
    def test_it_is_the_same_each_time(self, client):
        peru, _chile = crowd(9)
        for ending in FILES:
            address = f"/network.{ending}?record={peru.ref}&depth=2"
            assert client.get(address).content == client.get(address).content

    @pytest.mark.parametrize("number", [0, 1, 30, 130, 299])
    def test_points_lie_within_the_picture_and_apart(self, number):
        chart = laid_out(star(number))
        places = [(point["x"], point["y"]) for point in chart["points"]]
        assert len(places) == number + 1
        assert all(4 <= length <= chart["size"] - 4 for place in places for length in place)
        apart = min((distance(a, b) for n, a in enumerate(places) for b in places[:n]), default=99)
        assert apart > 8

    def test_each_name_stands_in_full_beside_its_point_where_there_is_room(self, subtests):
        names = dict.fromkeys((8, 40), "Meeting of the two ministers of defence")
        for number, name in names.items():
            with subtests.test(number):
                labels = [point["label"] for point in laid_out(star(number, name))["points"] if point["ring"]]
                assert {" ".join(line["text"] for line in label["lines"]) for label in labels} == {name}

    def test_no_name_touches_another_or_a_point_or_leaves_the_picture(self, subtests):
        for name, crowded in crowds():
            with subtests.test(name):
                chart = laid_out(crowded)
                named = [point for point in chart["points"] if point["label"]]
                areas = [area_of(point) for point in named]
                marks = [mark_of(point) for point in chart["points"]]
                assert len(named) == chart["named"] > 0
                assert all(0 <= length <= chart["size"] for area in areas for corner in area for length in corner)
                assert not [pair for pair in combinations(areas, 2) if overlap(*pair)]
                assert not [
                    point["name"] for point, area in zip(named, areas, strict=True)
                    if any(overlap(area, mark) for mark in marks if mark != mark_of(point))
                ]  # fmt: skip

    def test_a_crowded_ring_names_as_many_as_fit_the_best_connected_first(self):
        assert laid_out(star(200))["named"] == 201
        chart = laid_out(second_ring(260, connected={7, 8, 9, 133}))
        ring = [point for point in chart["points"] if point["ring"] == 2]
        named = [point["name"] for point in ring if point["label"]]
        assert 120 <= len(named) < len(ring)
        assert {"Person 7", "Person 8", "Person 9", "Person 133"} <= {*named}
        assert chart == laid_out(second_ring(260, connected={7, 8, 9, 133}))

    def test_the_page_says_how_many_have_their_name(self, client):
        peru, _chile = crowd(1)
        assert "records have their name" not in client.get(f"/network/?record={peru.ref}").content.decode()
        page = render_to_string(
            "agreements/_network_picture.html",
            {"drawn": laid_out(star(299)), "title": "T", "described": "D", "legend": []},
        )
        assert "151 of the 300 records have their name beside them" in " ".join(page.split())

    def test_the_second_ring_stands_beside_what_it_is_connected_with(self):
        links = {("agreements", key): {"name": f"Agreement {key}", "ring": 1} for key in range(8)}
        further = {("people", key): {"name": f"Person {99 - key}", "ring": 2} for key in range(24)}
        ties = [network.Connection(("people", key), ("agreements", key % 8), "signed") for key in range(24)]
        middle = {("organisations", 0): {"name": "Middle", "ring": 0}}
        chart = laid_out(network.Network(points={**middle, **links, **further}, connections=ties))
        lengths = [distance(tie[:2], tie[2:]) for tie in chart["ties"]]
        assert max(lengths) < chart["size"] / 6

    def test_the_best_connected_point_of_the_first_ring_has_its_name(self):
        links = {("organisations", key): {"name": f"Organisation {key}", "ring": 1} for key in range(1, 40)}
        further = {("people", key): {"name": f"Person {key}", "ring": 2} for key in range(150)}
        ties = [network.Connection(("people", key), ("organisations", 20), "member") for key in range(150)]
        chart = laid_out(
            network.Network(points={("people", -1): {"name": "Ann", "ring": 0}, **links, **further}, connections=ties)
        )
        labels = {point["name"]: point["label"] for point in chart["points"]}
        assert labels["Organisation 20"] and labels["Ann"]

    def test_points_stand_by_kind_and_name(self, client):
        peru, _chile = crowd(3)
        published(make_exercise, slug="drill", name="A drill", country="per")
        assert refs(client.get(f"/network.json?record={peru.ref}")) == [
            "organisations/per", "agreements/pact-00", "agreements/pact-01", "agreements/pact-02", "exercises/drill",
        ]  # fmt: skip

    def test_the_picture_has_every_point_of_the_table(self, client):
        peru, _chile = crowd(3)
        answer = client.get(f"/network/?record={peru.ref}")
        page = answer.content.decode()
        picture = ElementTree.fromstring(page[page.index("<svg xmlns") : page.index("</svg>") + 6])  # noqa: S314
        linked = [link.get("href") for link in picture.iter(f"{SVG}a")]
        assert linked == [point["page"] for point in answer.context["network"].points.values()]

    def test_what_one_only_spoke_of_is_dashed(self, client):
        ana, pact = published(make_person, slug="ana"), published(make_agreement, slug="pact")
        published(make_position, person="ana", holder_note="", about=pact.ref)
        chart = laid_out(network.network_of(ana))
        assert (len(chart["ties"]), len(chart["statements"])) == (0, 1)


def star(number, name="Agreement"):
    points = {("organisations", 0): {"name": "Middle", "ring": 0}}
    points |= {("agreements", key): {"name": name, "ring": 1} for key in range(1, number + 1)}
    return network.Network(points=points)


def second_ring(number, connected=()):
    """A middle with ten around it and so many around those; ``connected`` are the further ones with two connections."""
    middle = {("organisations", 0): {"name": "Middle", "ring": 0}}
    links = {
        ("agreements", key): {"name": f"Agreement {key} between two states of the region", "ring": 1}
        for key in range(10)
    }
    further = {("people", key): {"name": f"Person {key}", "ring": 2} for key in range(number)}
    ties = [network.Connection(("people", key), ("agreements", key % 10), "signed") for key in range(number)]
    ties += [network.Connection(("people", key), ("organisations", 0), "member") for key in connected]
    return network.Network(points={**middle, **links, **further}, connections=ties)


def crowds():
    long = "A name so long that no picture of this size has room for all of it " * 2
    for number in (1, 12, 55, 58, 120, 150, 201, 209, 210, 299):
        yield f"{number} long names", star(number, long)
        yield f"{number} short names", star(number, "Peru")
        yield f"{number} in the second ring", second_ring(number, connected={0, number // 2})


def area_of(point):
    """The corners of the label of a point, as it is turned."""
    label = point["label"]
    length = max(width_of(line["text"], SIZE) for line in label["lines"])
    start = label["x"] - {"start": 0, "middle": length / 2, "end": length}[label["anchor"]]
    top, bottom = label["lines"][0]["y"] - 7, label["lines"][-1]["y"] + 2
    box = [(start, top), (start + length, top), (start + length, bottom), (start, bottom)]
    return [turned(corner, (point["x"], point["y"]), label["turned"]) for corner in box]


def mark_of(point):
    x, y = point["x"], point["y"]
    return [(x - 3, y - 3), (x + 3, y - 3), (x + 3, y + 3), (x - 3, y + 3)]


def turned(corner, middle, angle):
    across, down = corner[0] - middle[0], corner[1] - middle[1]
    by_cos, by_sin = cos(radians(angle)), sin(radians(angle))
    return (middle[0] + across * by_cos - down * by_sin, middle[1] + across * by_sin + down * by_cos)


def overlap(one, other):
    """Whether two rectangles overlap: no line along a side of either has them on different sides."""
    for corners in (one, other):
        for (x, y), (to_x, to_y) in pairwise([*corners[:3]]):
            one_side, other_side = ([px * (to_x - x) + py * (to_y - y) for px, py in area] for area in (one, other))
            if max(one_side) <= min(other_side) + 0.1 or max(other_side) <= min(one_side) + 0.1:
                return False
    return True


def distance(one, other):
    return hypot(one[0] - other[0], one[1] - other[1])


class TestFiles:
    def test_hostile_names_stay_text(self, client):
        make_state("PER", "=1+1")
        pact = published(make_agreement, slug="pact", title=HOSTILE, parties=[{"organisation": "per"}])
        picture, graph, data, table = (client.get(f"/network.{ending}?record={pact.ref}") for ending in FILES)
        titles = [title.text for title in tree(picture).iter(f"{SVG}title")]
        assert HOSTILE in titles
        assert not list(tree(picture).iter(f"{SVG}script"))
        assert HOSTILE in [entry.text for entry in tree(graph).iter(f"{GRAPHML}data")]
        assert HOSTILE in [point["name"] for point in data.json()["points"]]
        [row] = csv.DictReader(io.StringIO(table.content.decode()))
        assert row["target.name"] == HOSTILE
        assert row["source.name"] == "'=1+1"
        assert b"<script>alert" not in client.get(f"/network/?record={pact.ref}").content

    def test_they_tell_the_same_connections(self, client):
        peru, _chile = crowd(3)
        rows = joined(client, peru, depth=2)
        address = f"record={peru.ref}&depth=2"
        table = csv.DictReader(io.StringIO(client.get(f"/network.csv?{address}").content.decode()))
        assert {
            (f"{row['source.kind']}/{row['source.slug']}", row["words"], f"{row['target.kind']}/{row['target.slug']}")
            for row in table
        } == rows
        edges = tree(client.get(f"/network.graphml?{address}")).iter(f"{GRAPHML}edge")
        assert {(edge.get("source"), edge.find(f"{GRAPHML}data").text, edge.get("target")) for edge in edges} == rows

    def test_they_need_a_record(self, client):
        assert client.get("/network/").status_code == 200
        for ending in FILES:
            answer = client.get(f"/network.{ending}")
            assert (answer.status_code, answer["Content-Type"]) == (400, "text/plain; charset=utf-8")

    @pytest.mark.parametrize("query", ["depth=3", "depth=1e9", "records=x", "record=people/a&record=people/b"])
    def test_what_they_do_not_understand_is_refused(self, client, query):
        for ending in ("/", *(f".{ending}" for ending in FILES)):
            assert client.get(f"/network{ending}?{query}").status_code == 400


def tree(answer):
    """The root of our own XML."""
    return ElementTree.fromstring(answer.content)  # noqa: S314
