"""An agreement that is known to exist is told apart from one that is coded; what is no agreement is not counted with them."""

import re

import pytest

from agreements.codebook.coding_coverage import coding_coverage
from agreements.models import Agreement
from kb.site import coverage
from tests.factory import code, make_agreement, make_topics, publish

pytestmark = pytest.mark.django_db


@pytest.fixture
def three(db):
    """A coded agreement, one only known to exist, and a doctrine."""
    make_topics("A1", "A2")
    coded = make_agreement(slug="coded", title="A coded treaty")
    code(coded, "A1", "first")
    publish(coded)
    publish(make_agreement(slug="known", title="A treaty nobody has read"))
    publish(make_agreement(slug="doctrine", title="A doctrine", type="strategy"))


def slugs(client, query=""):
    return {row["slug"] for row in client.get(f"/api/v1/agreements/?{query}").json()["results"]}


@pytest.mark.usefixtures("three")
class TestLevels:
    def test_the_api_names_the_level(self, client):
        rows = {row["slug"]: row for row in client.get("/api/v1/agreements/").json()["results"]}
        assert (rows["coded"]["coded"], rows["coded"]["topics_coded"]) == ("partial", 1)
        assert (rows["known"]["coded"], rows["known"]["topics_coded"]) == ("known", 0)

    @pytest.mark.parametrize(
        ("query", "expected"),
        [("coded=known", {"known"}), ("coded=partial", {"coded"}), ("coded=full", set()),
         ("coded=partial&coded=known", {"coded", "known"})],
    )  # fmt: skip
    def test_it_filters(self, client, query, expected):
        assert slugs(client, query) == expected

    def test_every_topic_coded_is_in_full(self, client):
        agreement = Agreement.objects.get(slug="coded")
        code(agreement, "A2", "first")
        agreement.refresh_derived()
        assert slugs(client, "coded=full") == {"coded"}

    def test_a_topic_that_nobody_coded_does_not_count(self):
        agreement = Agreement.objects.get(slug="known")
        code(agreement, "A1", stance="not_coded")
        agreement.refresh_derived()
        assert agreement.topics_coded == 0

    def test_the_csv_has_the_column(self, client):
        answer = client.get("/api/v1/agreements/?format=csv&fields=slug,coded")
        text = b"".join(answer.streaming_content).decode()
        assert "known,known" in text

    def test_lists_pages_and_topics_say_it(self, client):
        words = {
            "/agreements/": "known, not yet coded",
            "/agreements/known/": "Known to exist,",
            "/agreements/coded/": "coded in part: 1 of 2",
            "/about/": "2 agreements recorded:",
            "/topics/a1/": "1 of the others is only known to exist",
            "/compare/?agreement=coded&agreement=known": "A treaty nobody has read is known to exist and not yet coded",
        }
        missing = [address for address, text in words.items() if text not in plain(client, address)]
        assert missing == []

    def test_the_statement_counts_each_once(self):
        assert coding_coverage() == {"recorded": 2, "coded": 1, "known": 1, "others": 1}


@pytest.mark.usefixtures("three")
class TestWhatIsNoAgreement:
    def test_the_list_leaves_it_out_unless_its_type_is_asked_for(self, client):
        assert "doctrine" not in slugs(client)
        assert slugs(client, "type=strategy") == {"doctrine"}

    def test_its_address_stays_and_says_what_it_is(self, client):
        page = plain(client, "/agreements/doctrine/")
        assert "no agreement between parties" in page
        assert "compare-basket" not in page

    def test_counts_leave_it_out(self, client):
        row = next(row for row in coverage.in_all()["records"] if row["kind"] == "agreements")
        assert row["published"] == 2
        assert client.get("/api/v1/topics/a1/counts/").json()["agreements"] == 2
        assert "A doctrine" not in plain(client, "/compare/")


def plain(client, address):
    answer = client.get(address)
    assert answer.status_code == 200, address
    return re.sub(r"\s+", " ", answer.content.decode())
