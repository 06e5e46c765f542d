"""The page of the search: what it finds and shows, facets as addresses, pages, what it says instead of guessing, and the header."""

import json
import re
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from django.urls import reverse

from kb.site import search
from sources.reading.search.ranking import typed_kinds
from tests import drafts, factory
from tests.cast import make_user

pytestmark = pytest.mark.django_db


def found(client, words="", **chosen):
    """The context of the page."""
    answer = client.get("/search/", {"q": words, **chosen})
    assert answer.status_code == 200
    return answer.context


def refs(context):
    return [entry.ref for entry in context["found"].results]


def text_of(answer):
    """The words of the page's main part."""
    main = re.search(r"<main.*?</main>", answer.content.decode(), re.DOTALL)[0]
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", main)))


def facet(context, title):
    """``{label: row}`` of a facet on the page."""
    [shown] = [facet for facet in context["facets"] if facet["title"] == title]
    return {row["label"]: row for row in (*shown["rows"], *shown["more"])}


def follow(client, query):
    return client.get(f"/search/?{query}").context


@pytest.fixture
def world():
    factory.make_state("PRY", "Paraguay", region="latin-america-caribbean")
    factory.make_state("USA", "United States", region="northern-america")
    factory.make_person(slug="pena", name="Santiago Peña", status="published")
    factory.make_topic("D2", name="Criminal jurisdiction")
    for slug, title, kind, party, date in (
        ("sofa", "Pact on forces", "sofa", "pry", "2025"),
        ("notes", "Pact on visits", "exchange_of_notes", "usa", "1990"),
        ("both", "Pact on radars", "exchange_of_notes", "pry", "1990-05"),
    ):
        factory.make_agreement(
            slug=slug, title=title, type=kind, parties=[{"organisation": party}],
            milestones=[{"kind": "signed", "date": date}], status="published",
        )  # fmt: skip


class TestResults:
    @pytest.mark.parametrize(
        ("words", "ref"),
        [("PENA", "people/pena"), ("peña santiago", "people/pena"), ("parag", "organisations/pry"),
         ("jurisdiction", "topics/d2"), ("d2", "topics/d2"), ("pact on radars", "agreements/both")],
    )  # fmt: skip
    def test_what_is_meant_comes_first(self, client, world, words, ref):
        assert refs(found(client, words))[0] == ref

    def test_a_result_has_its_name_as_a_link_and_its_kind_in_words(self, client, world):
        answer = client.get("/search/", {"q": "peña"})
        assert '<a href="/people/pena/"><bdi>Santiago Peña</bdi></a>' in answer.content.decode()
        assert "1 result " in text_of(answer)
        assert "Santiago Peña Person" in text_of(answer)

    def test_it_says_where_the_words_stand(self, client):
        factory.make_agreement(title="The pact", summary="Soldiers <b>may not</b> be tried.", status="published")
        page = client.get("/search/", {"q": "tried soldiers"}).content.decode()
        assert "Summary:" in page
        assert "<mark>Soldiers</mark> &lt;b&gt;may not&lt;/b&gt; be <mark>tried</mark>." in page


class TestFacets:
    def test_each_value_is_an_address_with_the_number_that_it_leads_to(self, client, world):
        context = found(client, "pact")
        assert context["found"].count == 3
        for title in ("Type of agreement", "State or body", "Year", "Region"):
            rows = facet(context, title)
            assert len(rows) == 2
            for label, row in rows.items():
                narrowed = follow(client, row["query"])
                assert narrowed["found"].count == row["number"], label
                assert [chip["filter"] for chip in narrowed["chips"]] == [title]

    def test_two_values_of_one_facet_mean_either(self, client, world):
        context = found(client, "pact", type="sofa")
        [other] = facet(context, "Type of agreement").values()
        assert (context["found"].count, other["number"]) == (1, 2)
        assert follow(client, other["query"])["found"].count == 3

    def test_two_facets_mean_both(self, client, world):
        assert refs(found(client, "pact", party="PRY", year="1990")) == ["agreements/both"]

    def test_a_chip_leaves_its_value_out(self, client, world):
        context = found(client, "pact", type=["sofa", "exchange_of_notes"], party="PRY")
        assert [f"{chip['filter']}: {chip['value']}" for chip in context["chips"]] == [
            "Type of agreement: status-of-forces agreement",
            "Type of agreement: exchange of notes or letters",
            "State or body: Paraguay",
        ]
        queries = [parse_qs(chip["query"]) for chip in context["chips"]]
        assert queries[0] == {"q": ["pact"], "type": ["exchange_of_notes"], "party": ["PRY"]}
        assert queries[2] == {"q": ["pact"], "type": ["sofa", "exchange_of_notes"]}
        assert parse_qs(context["clear_query"]) == {"q": ["pact"]}

    def test_a_value_that_all_results_have_is_not_offered(self, client, world):
        titles = [facet["title"] for facet in found(client, "pact")["facets"]]
        assert "Kind" not in titles
        assert "Contested" not in titles

    def test_a_choice_without_results_can_be_taken_back(self, client, world):
        answer = client.get("/search/", {"q": "pact", "type": "sofa", "party": "USA"})
        assert "Search for the same words without the filters" in text_of(answer)
        assert len(answer.context["chips"]) == 2
        assert facet(answer.context, "State or body")["Paraguay"]["number"] == 1

    def test_a_state_that_readers_do_not_see_has_no_name(self, client, world):
        factory.make_state("ZZZ", "Zqcanaria", status="draft")
        assert [chip["value"] for chip in found(client, "pact", party="ZZZ")["chips"]] == ["ZZZ"]


class TestFacetsOfLists:
    def facets(self, client, query, address="/api/v1/agreements/"):
        return client.get(f"{address}?{query}").json()["facets"]

    def test_they_count_the_whole_list(self, client, world):
        counted = self.facets(client, "facets=type,party&page_size=1&ordering=title")
        assert counted["type"] == [{"value": "exchange_of_notes", "count": 2}, {"value": "sofa", "count": 1}]
        assert counted["party"] == [{"value": "PRY", "count": 2}, {"value": "USA", "count": 1}]

    def test_they_count_what_the_filters_leave(self, client, world):
        for query in (
            "party=PRY",
            "q=pact&party=PRY",
            "signed_after=1990-02&party=PRY",
            "party=PRY&type=sofa&type=exchange_of_notes",
        ):
            years = self.facets(client, f"{query}&facets=year")["year"]
            assert years == [{"value": "1990", "count": 1}, {"value": "2025", "count": 1}], query

    def test_clauses_and_disputes_of_a_record_are_not_counted_with_it(self, client):
        clauses = [{"number": str(number), "heading": "Scope"} for number in (1, 2, 3)]
        factory.make_agreement(type="sofa", clauses=clauses, status="published")
        assert self.facets(client, "facets=kind,type") == {
            "kind": [{"value": "agreements", "count": 1}], "type": [{"value": "sofa", "count": 1}],
        }  # fmt: skip

    def test_a_draft_is_not_counted(self, client, world):
        factory.make_agreement(type="memorandum", status="draft")
        assert "memorandum" not in [pair["value"] for pair in self.facets(client, "facets=type")["type"]]

    def test_a_change_is_counted_at_once(self, client, world):
        assert self.facets(client, "facets=kind", "/api/v1/people/")["kind"][0]["count"] == 1
        factory.make_person(status="published")
        assert self.facets(client, "facets=kind", "/api/v1/people/")["kind"][0]["count"] == 2

    def test_the_next_page_is_the_same_list_with_and_without_them(self, client, world):
        following = client.get("/api/v1/agreements/?facets=type&page_size=2").json()["next"]
        assert len(client.get(following).json()["facets"]["type"]) == 2
        assert "facets" not in client.get(following.replace("facets=type&", "")).json()

    @pytest.mark.parametrize(
        ("address", "query"),
        [("agreements", "facets=typ"), ("agreements", "facets=type&format=csv"), ("agreements", "facets="),
         ("agreements", "facets=type&format=jsonl&page_size=1"), ("clauses", "facets=type"), ("topics", "facets=type")],
    )  # fmt: skip
    def test_what_cannot_be_counted_is_refused(self, client, world, address, query):
        answer = client.get(f"/api/v1/{address}/?{query}")
        assert (answer.status_code, answer.json()["errors"][0]["parameter"]) == (400, "facets")

    def test_the_refusal_names_the_nearest(self, client):
        assert "Did you mean “type”?" in client.get("/api/v1/agreements/?facets=typ").json()["detail"]

    def test_a_page_takes_none(self, client):
        assert client.get("/agreements/?facets=type").status_code == 400


class TestPages:
    @pytest.fixture
    def many(self):
        for number in range(45):
            factory.make_topic(f"Q{number + 1}", name=f"Radar {number:02}")

    def test_twenty_stand_on_a_page(self, client, many):
        first = found(client, "radar")
        second = follow(client, first["next_query"])
        third = follow(client, second["next_query"])
        assert [len(refs(page)) for page in (first, second, third)] == [20, 20, 5]
        assert len({*refs(first), *refs(second), *refs(third)}) == 45
        assert refs(follow(client, third["previous_query"])) == refs(second)
        assert parse_qs(second["previous_query"]) == {"q": ["radar"]}
        assert (first["previous_query"], third["next_query"]) == ("", "")

    def test_choosing_a_facet_starts_at_the_first_page(self, client, many):
        factory.make_agreement(title="Radar pact", status="published")
        rows = facet(found(client, "radar", page="2"), "Kind")
        assert parse_qs(rows["Agreements"]["query"]) == {"q": ["radar"], "kind": ["agreements"]}

    @pytest.mark.parametrize("page", ["4", "0", "11", "-1", "x", "٣", "1.0", "99999"])
    def test_a_page_that_is_not_there_is_refused(self, client, many, page):
        assert client.get("/search/", {"q": "radar", "page": page}).status_code == 400


class TestSaying:
    def test_a_misspelt_word_is_said_to_be_read_otherwise(self, client, world):
        answer = client.get("/search/", {"q": "Paragauy"})
        assert refs(answer.context)[0] == "organisations/pry"
        assert "Showing results for paraguay instead of Paragauy." in text_of(answer)

    def test_results_with_some_of_the_words_are_said_to(self, client, world):
        answer = client.get("/search/", {"q": "peña submarine"})
        assert refs(answer.context) == ["people/pena"]
        assert "Nothing has all of these words. These results have some of them." in text_of(answer)

    def test_nothing_helps_on(self, client, world):
        answer = client.get("/search/", {"q": "xyzzyq"})
        words = text_of(answer)
        assert "this collection has gaps" in words
        assert "Try fewer words" in words
        assert "Check the spelling" in words
        assert all(f'href="/{name}/"' in answer.content.decode() for name in ("people", "topics", "sources"))

    @pytest.mark.parametrize("words", ["%", "*", "…", "--", "🕊"])
    def test_signs_are_no_words(self, client, world, words):
        answer = client.get("/search/", {"q": words})
        assert refs(answer.context) == []
        assert "no letter and no digit" in text_of(answer)

    @pytest.mark.parametrize("query", ["", "?q=", "?q=%20", "?q=&kind=&page="])
    def test_without_words_it_says_what_can_be_found(self, client, query):
        words = text_of(client.get(f"/search/{query}"))
        assert "What you can search for" in words
        assert "gaps" not in words

    @pytest.mark.parametrize(
        "query", ["?x=1", "?q=a&q=b", f"?q={'x' * 201}", "?q=a&facets=kind", "?q=%00", "?q=a&kind=%00"]
    )
    def test_what_it_does_not_understand_is_refused(self, client, query):
        assert client.get(f"/search/{query}").status_code == 400

    @pytest.mark.parametrize("words", ["<script>alert(1)</script>", "'\"><b>", "{{7*7}}", "٣", "  a  b "])
    def test_odd_words_stay_text(self, client, world, words):
        page = client.get("/search/", {"q": words, "kind": words}).content.decode()
        assert "<script>alert" not in page
        assert "><b>" not in page
        assert "49" not in page


class TestDrafts:
    def test_they_change_no_byte(self, client):
        drafts.small_world()
        words = [drafts.TOKEN, drafts.TOKEN[:4], "paraguay", "a", "zqcanery"]
        asked = [{"q": word, **more} for word in words for more in ({}, {"kind": "agreements"}, {"party": "PRY"})]
        before = [client.get("/search/", params).content for params in asked]
        drafts.write_many_drafts(make_user("editor", f"{drafts.TOKEN}-alice"), copies=1)
        assert [client.get("/search/", params).content for params in asked] == before


class TestHeader:
    def test_every_page_has_the_search(self, client, world):
        for address in ("/", "/agreements/", "/people/pena/", "/nowhere/"):
            page = client.get(address).content.decode()
            form = re.search(r'<form class="search" action="/search/".*?</form>', page, re.DOTALL)[0]
            assert f'data-suggest="{reverse("api-suggest")}"' in form, address
            kinds = json.loads(unescape(re.search(r'data-kinds="([^"]*)"', form)[1]))
            assert {*kinds} == {*typed_kinds()} >= {"agreements", "people", "topics"}

    def test_the_addresses_of_a_page_are_those_of_the_search(self, client, world):
        page = client.get("/search/", {"q": "pact"}).content.decode()
        queries = re.findall(r'href="(/search/\?[^"]+)"', page)
        assert len(queries) >= 8
        for address in queries:
            assert client.get(unescape(address)).status_code == 200
            assert {*parse_qs(urlsplit(unescape(address)).query)} <= {"q", "page", *search.FACETS}


class TestMenu:
    def test_it_has_at_most_seven_entries(self, client, world):
        for address in ("/", "/agreements/", "/people/pena/"):
            menu = re.search(r'<nav class="sitenav".*?</nav>', client.get(address).content.decode(), re.DOTALL)[0]
            assert 0 < len(re.findall(r'<li><a href="/', menu)) <= 7

    def test_the_foot_leads_to_every_list(self, client):
        foot = client.get("/").content.decode().partition("<footer")[2]
        lists = [f"/{name}/" for name in ("agreements", "compare", "topics", "people", "organisations", "exercises", "assistance",
                 "events", "positions", "sources", "contested", "about", "data")]  # fmt: skip
        assert [address for address in lists if f'href="{address}"' not in foot] == []

    def test_no_list_stands_twice_after_a_search(self, client, world):
        client.get("/search/", {"q": "jurisdiction"})
        foot = client.get("/").content.decode().partition("<footer")[2]
        assert foot.count('href="/topics/"') == 1
