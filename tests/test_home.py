"""The home page: its questions lead to answers, what changed is told in words, and every count has its noun."""

import re
from html import unescape

import pytest

from agreements.models import Agreement
from kb.site import news
from sources.models import Source
from sources.records import dossier
from tests import factory

pytestmark = pytest.mark.django_db


def home(client):
    answer = client.get("/")
    assert answer.status_code == 200
    return answer


@pytest.mark.usefixtures("content")
class TestQuestions:
    def test_each_leads_to_an_answer(self, client, subtests):
        for question in home(client).context["questions"]:
            with subtests.test(question["words"]):
                answer = client.get(question["address"].partition("#")[0])
                assert answer.status_code == 200
                rows = answer.context.get("rows", answer.context.get("codings"))
                assert rows is None or len(rows) > 0

    def test_an_anchor_is_there(self, client):
        for question in home(client).context["questions"]:
            address, _sign, anchor = question["address"].partition("#")
            assert not anchor or f'id="{anchor}"' in client.get(address).content.decode()

    def test_every_count_has_its_noun(self, client):
        numbers = re.search(r'<ul class="numbers">.*?</ul>', home(client).content.decode(), re.DOTALL)[0]
        for item in re.findall(r"<li>.*?</li>", numbers, re.DOTALL):
            assert re.fullmatch(r"[\d,]+ [a-z ]+", " ".join(re.sub("<[^>]+>", "", item).split())), item

    def test_votes_are_told_in_words(self, client):
        words = " ".join(unescape(re.sub("<[^>]+>", " ", home(client).content.decode())).split())
        assert "28 for, 7 against" in words
        assert "53 for, 8 against" in words


def test_an_empty_site_asks_nothing_that_it_cannot_answer(client):
    for question in home(client).context["questions"]:
        assert client.get(question["address"]).status_code == 200


class TestNews:
    def told(self, client):
        return [
            (row["of"]["name"], [change["label"] for change in row["changes"]]) for row in home(client).context["news"]
        ]

    def test_a_new_record_is_told_once(self, client):
        factory.make_agreement(slug="pact", short_title="The Pact", status="published")
        assert ("The Pact", []) in self.told(client)

    def test_a_changed_fact_is_told_in_words(self, client):
        pact = factory.make_agreement(slug="pact", short_title="The Pact", presence="rotational", status="published")
        changed(pact, short_title="The Pact", presence="permanent")
        name, labels = self.told(client)[0]
        assert (name, labels) == ("The Pact", ["Presence"])
        page = home(client).content.decode()
        assert "permanent" in page
        assert 'href="/agreements/pact/history/"' in page

    def test_a_new_grade_is_no_news(self, client):
        pact = factory.make_agreement(slug="pact", short_title="The Pact", status="published")
        before = self.told(client)
        body = pact.representation()
        for citation in body["citations"]:
            citation["credibility"] = 5
        for fact in body["facts"]:
            fact["confidence"] = "low"
        assert pact.freeze(dossier.canonical(body).decode()) is not None
        assert self.told(client) == before

    def test_what_was_withdrawn_is_not_told(self, client, carol):
        pact = factory.make_agreement(slug="pact", short_title="The Pact", status="published")
        Agreement.objects.get(pk=pact.pk).withdraw(carol, "An error.")
        assert "The Pact" not in dict(self.told(client))

    def test_of_a_draft_nothing_is_told(self, client):
        factory.make_agreement(slug="secret", short_title="Secret pact")
        assert "Secret" not in home(client).content.decode()

    def test_the_queries_do_not_grow_with_the_changes(self, client, django_assert_max_num_queries):
        for number in range(12):
            pact = factory.make_agreement(slug=f"pact-{number}", presence="rotational", status="published")
            changed(pact, presence="permanent")
        home(client)
        with django_assert_max_num_queries(24):
            home(client)

    def test_no_more_than_a_few_are_told(self, client):
        for number in range(news.SHOWN + 4):
            factory.make_agreement(slug=f"pact-{number}", status="published")
        assert len(home(client).context["news"]) == news.SHOWN
        assert Source.objects.published().exists()


def changed(record, **fields):
    """A further version of the record, with other values."""
    return record.freeze(dossier.canonical({**record.representation(), **fields}).decode())
