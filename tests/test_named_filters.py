"""Filters take a record by its address, its code or any of its names, in both languages, on pages, in the API and in CSV."""

import pytest

from agreements.models import Agreement, Topic
from people.models import Organisation, Person
from sources.lib.named_rows import ByAnyName, ByName
from sources.models import Publisher
from tests.factory import make_agreement, make_organisation, make_person, make_source, make_state, make_topic
from tests.routes import API_LISTS, LISTS, is_api, refused_parameters

pytestmark = pytest.mark.django_db
API = "/api/v1/agreements/"


@pytest.fixture
def world():
    make_state("PRY", "Paraguay")
    make_state("USA", "United States", name_es="Estados Unidos")
    make_organisation(slug="chamber", name="Chamber of Deputies", kind="legislature",
                      other_names=[{"name": "Cámara de Diputados"}], status="published")  # fmt: skip
    rubio = make_person(slug="marco-rubio", name="Marco Rubio", status="published", other_names=[{"name": "M. Rubio"}])
    make_agreement(
        slug="pact",
        title="Status of Forces, Signed in Asunción",
        parties=[{"organisation": "pry"}, {"organisation": "usa"}],
        signatures=[{"person": rubio.slug, "party": "usa"}],
        status="published",
    )
    make_agreement(slug="other", parties=[{"organisation": "pry"}], status="published")


def slugs(client, query, address=API):
    answer = client.get(address, query)
    assert answer.status_code == 200, answer.content
    return [row["slug"] for row in answer.json()["results"]]


class TestNames:
    @pytest.mark.parametrize(
        "query",
        [
            {"party": "usa"},
            {"party": "USA"},
            {"party": "United States"},
            {"party": "ESTADOS  unidos"},
            {"signatory": "marco-rubio"},
            {"signatory": "Marco Rubio"},
            {"signatory": "m rubio"},
            {"between": "Estados Unidos, Paraguay"},
            {"between": ["paraguay", "USA"]},
            {"signatory": "Marco Rubio", "party": "Estados Unidos"},
        ],
    )
    def test_page_api_and_csv_agree(self, client, world, query):
        assert slugs(client, query) == ["pact"]
        page = client.get("/agreements/", query)
        assert [row["slug"] for row in page.context["rows"]] == ["pact"]
        table = client.get(API, {**query, "format": "csv", "fields": "slug"}).getvalue().decode()
        assert table.split() == ["slug", "pact"]

    def test_a_name_may_hold_a_comma(self, client, world):
        found = client.get("/api/v1/milestones/", {"agreement": "Status of Forces, signed in Asuncion"})
        assert found.status_code == 200

    def test_the_chosen_filter_shows_the_name(self, client, world):
        page = client.get("/agreements/", {"party": "USA,pry", "signatory": "M. Rubio"})
        assert [chip["value"] for chip in page.context["chips"]] == ["United States, Paraguay", "Marco Rubio"]

    def test_the_form_suggests_the_states_in_both_languages(self, client, world):
        page = client.get("/agreements/").content.decode()
        assert '<datalist id="names-of-states">' in page
        assert all(f'<option value="{name}">' in page for name in ("Estados Unidos", "United States", "Paraguay"))
        assert page.count('list="names-of-states"') == 3

    def test_what_differs_by_capitals_of_a_topic_is_one_topic(self, client):
        make_topic("D2", name="Criminal jurisdiction")
        for name in ("D2", "d2", "criminal jurisdiction"):
            assert client.get("/api/v1/codings/", {"topic": name}).status_code == 200

    def test_a_publisher_goes_by_its_name(self, client):
        source = make_source(slug="report")
        found = client.get("/api/v1/sources/", {"publisher": source.publisher.name.upper()}).json()["results"]
        assert [row["slug"] for row in found] == ["report"]


class TestUnclearNames:
    def test_one_word_of_a_name_is_answered_with_the_name(self, client, world):
        answer = client.get(API, {"signatory": "Rubio"})
        assert answer.status_code == 400
        assert "marco-rubio (Marco Rubio)" in refused_parameters(answer)["signatory"]

    def test_a_misspelt_name_is_answered_with_the_nearest(self, client, world):
        assert "pry (Paraguay)" in refused_parameters(client.get(API, {"party": "Paragauy"}))["party"]

    def test_namesakes_are_told_apart(self, client):
        for slug in ("one", "two"):
            make_person(slug=slug, name="José García", status="published")
        said = refused_parameters(client.get("/api/v1/positions/", {"person": "jose garcia"}))["person"]
        assert "Several" in said
        assert "one (José García (one)), two (José García (two))" in said

    def test_the_refused_form_links_what_may_be_meant(self, client, world):
        answer = client.get("/agreements/", {"signatory": "Rubio", "party": "PRY,Estados"})
        assert answer.status_code == 400
        page = answer.content.decode()
        assert "signatory=marco-rubio&amp;" in page or "signatory=marco-rubio" in page
        assert "marco-rubio (Marco Rubio)" not in page
        party = next(links for label, links in answer.context["meant"] if label == "Any of these parties")
        assert [link["name"] for link in party] == ["United States"]
        assert client.get(f"/agreements/?{party[0]['query'].replace('Rubio', 'marco-rubio')}").status_code == 200

    @pytest.mark.parametrize("name", ["!!!", "'", "%", "_", "a" * 200, "a,b,c", "<b>", "٣", "漢字", "x y z " * 30])
    def test_odd_names_are_refused(self, client, world, name):
        for address in ("/agreements/", API):
            assert client.get(address, {"party": name}).status_code == 400


@pytest.mark.parametrize("address", ["/agreements/", API])
def test_the_name_of_a_draft_is_answered_like_one_that_nobody_has(client, world, address):
    """The two names are alike, so that only the record could make a difference."""
    make_state("QQQ", "Qqland")
    Organisation.objects.filter(slug="qqq").update(status="draft")
    make_person(slug="zaa-zaa", name="Zaa Zaa")
    make_agreement(slug="secret", title="Secret pact", short_title="Zbb")
    Agreement.objects.filter(slug="pact").update(search_text="status of forces")
    for name, draft, nobody in (
        ("party", "Qqland", "Qqlend"), ("party", "QQQ", "QQW"), ("signatory", "Zaa Zaa", "Zee Zee"),
    ):  # fmt: skip
        answers = [client.get(address, {name: value}).content.decode() for value in (draft, nobody)]
        assert answers[0].replace(draft, nobody) == answers[1]


@pytest.mark.usefixtures("content")
class TestEveryFilterOfRecords:
    def test_every_name_finds_what_the_address_finds(self, client, subtests):
        for route, name, lookup in named_filters():
            if not isinstance(lookup, ByName):
                continue
            with subtests.test(f"{route} {name}"):
                row = lookup.rows().order_by("-pk").first()
                address = LISTS[route][0]
                texts = [row.slug, *{text for text in row.all_names() if len(lookup.by_name(text)) == 1}]
                answers = [client.get(address, {name: text, "page_size": 5}) for text in texts]
                assert {answer.status_code for answer in answers} == {200}, texts
                assert len({tuple(identities(answer)) for answer in answers}) == 1, texts

    def test_records_of_any_kind_go_by_their_names(self, client):
        for name, address in (("record", "/api/v1/citations/"), ("about", "/api/v1/positions/")):
            answers = [
                client.get(address, {name: text}) for text in ("agreements/us-paraguay-sofa", "US–Paraguay SOFA")
            ]
            assert answers[0].json()["results"] == answers[1].json()["results"] != []

    def test_a_refused_name_costs_little(self, client, django_assert_max_num_queries):
        address = "/agreements/?signatory=Rubbio&party=Paragauy"
        # The first of a day asks which of its words are common.
        client.get(address)
        with django_assert_max_num_queries(14):
            client.get(address)


def named_filters():
    for route in LISTS:
        for name, item in LISTS[route][1].filterset_class.base_filters.items():
            lookup = item.extra.get("lookup")
            if isinstance(lookup, ByAnyName):
                yield route, name, lookup


def identities(answer):
    if is_api(answer.request["PATH_INFO"]):
        return [str(row) for row in answer.json()["results"]]
    return [str(row) for row in answer.context["rows"]]


def test_every_kind_that_filters_name_has_names():
    assert {"signatory", "party", "record"} <= {name for _route, name, _lookup in named_filters()}
    assert len(API_LISTS) > 8
    for model in (Agreement, Organisation, Person, Publisher, Topic):
        assert model.name_columns()
