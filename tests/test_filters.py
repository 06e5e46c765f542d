"""What filters mean together: one coding for all that is asked of codings, all parties named, and nothing for nothing."""

from itertools import product

import pytest

from agreements.models import Coding
from tests.factory import make_agreement, make_organisation, make_state, make_topic

pytestmark = pytest.mark.django_db
API = "/api/v1/agreements/"


def slugs(client, query, address=API):
    answer = client.get(f"{address}?{query}")
    assert answer.status_code == 200, answer.content
    return sorted(row["slug"] for row in answer.json()["results"])


def refusal(client, query, address=API):
    answer = client.get(f"{address}?{query}")
    assert answer.status_code == 400, query
    return answer.json()["detail"]


@pytest.fixture
def topics():
    """Two topics that share an approach, and one that has another."""
    make_topic("D2", approaches=("host_state", "sending_state"))
    make_topic("D3", approaches=("host_state", "shared"))
    make_topic("F1", approaches=("exempt",))


def coded(topic, stance="present", approach="", person_class="all"):
    values = {"topic": topic, "stance": stance, "basis": "text", "codebook": "1-0", "person_class": person_class}
    return values | ({"approach": f"{topic}/{approach.replace('_', '-')}"} if approach else {})


class TestOneCodingForAll:
    @pytest.fixture(autouse=True)
    def agreements(self, topics):
        make_agreement(
            slug="both",
            codings=[coded("d2", "silent"), coded("d3", approach="host_state", person_class="contractor")],
            status="published",
        )
        make_agreement(slug="one", codings=[coded("d2", approach="host_state")], status="published")

    QUESTIONS = [
        ("topic=D2&stance=silent", ["both"]),
        ("topic=D3&stance=silent", []),
        ("topic=D2&stance=present", ["one"]),
        ("topic=D2&topic=D3&stance=present", ["both", "one"]),
        ("topic=D2&person_class=contractor", []),
        ("topic=D3&person_class=contractor", ["both"]),
        ("stance=silent&approach=D3/host_state", []),
        ("approach=D3/host_state", ["both"]),
        ("topic=D2&approach=host_state", ["one"]),
        ("topic=D2&stance=present&approach=host_state&person_class=all", ["one"]),
    ]

    def test_coding_filters_must_match_one_coding(self, client, subtests):
        for query, expected in self.QUESTIONS:
            with subtests.test(query):
                assert slugs(client, query) == expected
                page = client.get(f"/agreements/?{query}")
                assert [row["slug"] for row in page.context["rows"]] == expected

    def test_the_list_of_codings_agrees(self, client):
        rows = client.get("/api/v1/codings/?topic=D2&approach=host_state").json()["results"]
        assert [row["agreement"]["slug"] for row in rows] == ["one"]


class TestApproaches:
    @pytest.fixture(autouse=True)
    def _topics(self, topics):
        pass

    @pytest.mark.parametrize("address", [API, "/api/v1/codings/"])
    def test_a_code_that_topics_share_is_asked_back_with_the_choices(self, client, address):
        assert "Write one of: D2/host_state, D3/host_state." in refusal(client, "approach=host_state", address)

    def test_a_code_of_one_topic_needs_no_topic(self, client):
        assert slugs(client, "approach=exempt") == []

    def test_a_code_that_the_topic_has_not_is_refused_with_what_it_has(self, client):
        for query in ("topic=D2&approach=shared", "approach=D2/shared"):
            assert "It has: host_state, sending_state." in refusal(client, query)

    def test_a_code_that_nobody_has_is_refused_with_the_nearest(self, client):
        assert "Did you mean “host_state”?" in refusal(client, "approach=host_stat")

    def test_a_parameter_within_the_given_name_is_nearer_than_one_that_is_spelt_alike(self, client):
        assert "Did you mean “year”?" in refusal(client, "signed_year=2025")
        assert "Did you mean “signed_after”?" in refusal(client, "signed_aftr=2025")

    def test_on_the_page_of_a_topic_its_own_approach_is_meant(self, client):
        make_agreement(slug="one", codings=[coded("d2", approach="host_state")], status="published")
        page = client.get("/topics/d2/?approach=host_state")
        assert page.status_code == 200
        assert [row["agreement"]["slug"] for row in page.context["codings"]] == ["one"]
        assert client.get("/api/v1/topics/d2/counts/?approach=host_state").status_code == 200


class TestParties:
    @pytest.fixture(autouse=True)
    def agreements(self):
        for code, name in (("PRY", "Paraguay"), ("USA", "United States"), ("BRA", "Brazil")):
            make_state(code, name)
        parties = {"both": ("pry", "usa"), "all": ("pry", "usa", "bra"), "one": ("usa", "bra")}
        for slug, names in parties.items():
            make_agreement(slug=slug, parties=[{"organisation": name} for name in names], status="published")
        make_agreement(
            slug="kept-by",
            parties=[{"organisation": "pry"}, {"organisation": "usa", "role": "depositary"}],
            status="published",
        )

    QUESTIONS = [
        ("between=USA,PRY", ["all", "both"]),
        ("between=USA&between=PRY", ["all", "both"]),
        ("between=usa, bra ,PRY", ["all"]),
        ("party=PRY&party=BRA", ["all", "both", "kept-by", "one"]),
        ("party=PRY,BRA", ["all", "both", "kept-by", "one"]),
        ("between=USA,PRY&party=BRA", ["all"]),
    ]

    def test_between_asks_for_all_of_them_and_party_for_any(self, client, subtests):
        for query, expected in self.QUESTIONS:
            with subtests.test(query):
                assert slugs(client, query) == expected

    def test_codings_are_chosen_in_the_same_way(self, client):
        make_topic("D2")
        make_agreement(
            slug="coded",
            parties=[{"organisation": "pry"}, {"organisation": "usa"}],
            codings=[coded("d2", "silent")],
            status="published",
        )
        for query, number in (("between=PRY,USA", 1), ("between=PRY,BRA", 0)):
            assert len(client.get(f"/api/v1/codings/?{query}").json()["results"]) == number
            assert client.get(f"/api/v1/topics/d2/counts/?{query}").json()["coded"] == number

    def test_the_form_and_the_description_say_so(self, client):
        label = "Between all of these parties"
        assert label in client.get("/agreements/").content.decode()
        described = client.get("/api/v1/schema/?format=json").json()["paths"][API]["get"]["parameters"]
        assert label in next(item["description"] for item in described if item["name"] == "between")

    def test_a_party_that_is_unknown_is_refused_among_others(self, client):
        assert "no-such-state" in refusal(client, "between=USA,no-such-state")

    def test_a_region_is_not_told_by_a_draft(self, client):
        hidden = make_organisation(slug="x", name="X", kind="state", region="western-asia")
        make_agreement(slug="with-draft", parties=[{"organisation": hidden.slug}], status="published")
        assert slugs(client, "region=western-asia") == []


class TestNothingAskedFor:
    PARAMETERS = [
        (API, "q"), (API, "party"), (API, "between"), (API, "type"), (API, "year"), (API, "ordering"),
        ("/api/v1/codings/", "approach"), ("/api/v1/people/", "q"), ("/api/v1/citations/", "record"),
        ("/api/v1/organisations/", "contested"),
    ]  # fmt: skip

    def test_the_api_refuses_an_empty_value_and_names_it(self, client, subtests):
        for (address, name), value in product(self.PARAMETERS, ["", "%20%20"]):
            with subtests.test(f"{address}?{name}={value}"):
                said = refusal(client, f"{name}={value}", address)
                assert said == f"{name}: Give a value, or leave the parameter out."

    def test_a_page_takes_an_empty_box_for_no_filter_and_hands_it_on_to_nobody(self, client):
        make_agreement(slug="one", title="One agreement", status="published")
        page = client.get("/agreements/?q=&party=&type=&signed_after=&contested=")
        assert [row["slug"] for row in page.context["rows"]] == ["one"]
        assert "/api/v1/agreements/?format=csv" in page.content.decode()

    def test_words_without_letters_or_digits_find_nothing(self, client, subtests):
        make_agreement(slug="one", title="100 % of an agreement * with _ signs", status="published")
        for words in ["%25", "*", "_", "...", "-", "%C2%B7", "🕊"]:
            with subtests.test(words):
                assert slugs(client, f"q={words}") == []
                assert client.get(f"/agreements/?q={words}").context["rows"] == []


class TestTurnedRound:
    @pytest.fixture(autouse=True)
    def some(self, topics):
        make_agreement(slug="a", codings=[coded("d2", "silent"), coded("d3", "silent")], status="published")
        make_agreement(slug="b", codings=[coded("f1", "silent"), coded("d2", "silent")], status="published")

    def test_topics_from_the_last_to_the_first(self, client):
        rising, falling = (
            [row["code"] for row in client.get(f"/api/v1/topics/?ordering={name}").json()["results"]]
            for name in ("code", "-code")
        )
        assert falling == rising[::-1]
        assert set(rising) == {"D2", "D3", "F1"}

    @pytest.mark.parametrize("size", [1, 2, 4])
    def test_parts_of_agreements_too_on_every_page(self, client, size):
        values = {}
        for name in ("agreement", "-agreement"):
            address, values[name] = f"/api/v1/codings/?ordering={name}&page_size={size}", []
            while address:
                body = client.get(address).json()
                values[name] += [row["id"] for row in body["results"]]
                address = body["next"]
        assert values["-agreement"] == values["agreement"][::-1]
        assert len(values["agreement"]) == Coding.objects.count() == 4
