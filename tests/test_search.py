"""The search in the header: people, organisations, topics and all other kinds by name, and what helps on when nothing matches."""

import re

import pytest

from kb.site import search
from tests import drafts, factory
from tests.cast import make_user

pytestmark = pytest.mark.django_db


def groups(client, words):
    answer = client.get("/search/", {"q": words})
    assert answer.status_code == 200
    return {group["name"]: group for group in answer.context["groups"]}


@pytest.fixture
def world():
    factory.make_state("PRY", "Paraguay")
    factory.make_person(slug="pena", name="Santiago Peña", status="published")
    factory.make_topic("D2", name="Criminal jurisdiction")
    factory.make_agreement(slug="pact", parties=[{"organisation": "pry"}], title="A pact", status="published")


class TestSearch:
    @pytest.mark.parametrize(
        ("words", "kind"),
        [("PENA", "people"), ("santiago peña", "people"), ("parag", "organisations"), ("jurisdiction", "topics"),
         ("d2", "topics"), ("Paraguay", "agreements")],
    )  # fmt: skip
    def test_every_kind_is_found(self, client, world, words, kind):
        found = groups(client, words)[kind]
        assert found["number"] == len(found["rows"]) == 1

    def test_all_kinds_with_a_list_and_words_are_searched(self):
        names = {search.kinds.name_of(viewset) for viewset in search.searched()}
        assert {
            "agreements",
            "people",
            "organisations",
            "topics",
            "exercises",
            "assistance",
            "events",
            "sources",
        } <= names
        assert "series" not in names

    def test_ten_are_shown_and_the_list_has_all(self, client):
        for number in range(search.SHOWN + 2):
            factory.make_agreement(slug=f"pact-{number}", title=f"Pact {number}", status="published")
        group = groups(client, "pact")["agreements"]
        assert (group["number"], len(group["rows"])) == (12, 10)
        page = client.get("/search/", {"q": "pact"}).content.decode()
        assert "All 12 agreements" in re.sub(r"\s+", " ", page)
        assert len(client.get(group["address"]).context["rows"]) == 12

    def test_what_begins_with_the_words_comes_first(self, client):
        factory.make_organisation(slug="army", name="Army of Paraguay", status="published")
        factory.make_state("PRY", "Paraguay")
        assert [row["slug"] for row in groups(client, "paraguay")["organisations"]["rows"]] == ["pry", "army"]

    def test_nothing_helps_on(self, client, world):
        answer = client.get("/search/", {"q": "Paragauy"})
        page = answer.content.decode()
        assert "this collection has gaps" in page
        assert [row["name"] for row in answer.context["alike"]] == ["Paraguay"]
        assert all(f'href="/{name}/"' in page for name in ("people", "topics", "sources"))

    @pytest.mark.parametrize("query", ["", "?q=", "?q=%20"])
    def test_without_words_it_says_what_can_be_found(self, client, query):
        page = client.get(f"/search/{query}").content.decode()
        assert "What you can search for" in page
        assert "gaps" not in page

    @pytest.mark.parametrize("query", ["?x=1", "?q=a&q=b", f"?q={'x' * 201}"])
    def test_what_it_does_not_understand_is_refused(self, client, query):
        assert client.get(f"/search/{query}").status_code == 400

    @pytest.mark.parametrize(
        "words", ["<script>alert(1)</script>", "'\"><b>", "{{7*7}}", "%", "*", "🕊", "٣", "  a  b "]
    )
    def test_odd_words_stay_text(self, client, world, words):
        page = client.get("/search/", {"q": words}).content.decode()
        assert "<script>alert" not in page
        assert "><b>" not in page
        assert "49" not in page

    def test_drafts_change_no_byte(self, client):
        drafts.small_world()
        words = [drafts.TOKEN, drafts.TOKEN[:4], "paraguay", "a", "zqcanery"]
        before = [client.get("/search/", {"q": word}).content for word in words]
        drafts.write_many_drafts(make_user("editor", f"{drafts.TOKEN}-alice"), copies=1)
        assert [client.get("/search/", {"q": word}).content for word in words] == before

    def test_every_page_has_the_search(self, client, world):
        for address in ("/", "/agreements/", "/people/pena/", "/nowhere/"):
            assert re.search(r'<form class="search" action="/search/"', client.get(address).content.decode()), address


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
