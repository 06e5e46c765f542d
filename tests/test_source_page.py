"""A source's page: what we state and what the source says, in sentences, by record, disputes first."""

import re
from html import unescape

import pytest

from sources.reading import statements
from sources.reading.statements import Statements
from tests.factory import cite, make_agreement, make_assistance, make_source, make_state, publish

pytestmark = pytest.mark.django_db


@pytest.fixture
def paper():
    """A report that supports, disputes and mentions facts of two agreements and a delivery."""
    source = make_source(
        slug="paper", title="The report", archived_url="https://web.archive.org/web/2025/https://a.example/1"
    )
    step = {"kind": "signed", "date": "2025-12-15", "key": "signed"}
    calm = make_agreement(slug="a-calm", title="A calm pact", term="five years.", milestones=[step])
    cite(calm, "term", source, quotation="for five years", locator="p. 2")
    cite(calm, "term", source, locator="p. 3", stance="mentions")
    cite(calm, "date", source, part="milestones/signed", locator="p. 4")
    bold = make_agreement(slug="b-bold", title="A bold pact", term="ten years")
    cite(bold, "term", source, stance="disputes", value="two years", locator="p. 9")
    make_state("XAA", "Utopia")
    gift = make_assistance(slug="gift", title="A gift", recipients=["xaa"])
    cite(gift, "recipients", source, locator="p. 5")
    for record in (calm, bold, gift):
        publish(record)
    return source


def page(client, query=""):
    answer = client.get(f"/sources/paper/{query}")
    assert answer.status_code == 200
    return " ".join(unescape(re.sub("<[^>]+>", " ", answer.content.decode())).split()), answer.content.decode()


def test_each_row_is_a_sentence_with_what_we_state_and_what_it_says(client, paper):
    words, _html = page(client)
    assert "Term : we state five years ; this source says so (p. 2) ." in words
    assert "“" not in words.split("for five years")[0][-3:] and "for five years" in words
    assert "this source mentions the matter (p. 3)" in words
    assert "Signed · date : we state 15 December 2025 ; this source says so (p. 4)" in words
    assert "Term : we state ten years ; this source disputes it and says two years (p. 9)" in words
    assert "Recipients : we state Utopia ; this source says so (p. 5)" in words


def test_a_fact_is_stated_once_however_often_it_is_cited(client, paper):
    words, _html = page(client)
    assert words.count("we state five years") == 1


def test_records_with_a_dispute_come_first(client, paper):
    words, html = page(client)
    assert words.index("A bold pact") < words.index("A calm pact") < words.index("A gift")
    assert "disputes 1 fact" in words and "3 statements" in words and "1 statement" in words
    assert html.index('<details class="kind" open>') < html.index("A bold pact")


def test_any_page_is_a_part_of_the_whole(paper, monkeypatch):
    """Whether a source has few statements or very many."""
    whole = Statements(paper)[0:100]
    places = [(row.record_ref, row.locator) for row in whole]
    bold, calm, gift = "agreements/b-bold", "agreements/a-calm", "assistance/gift"
    assert places == [(bold, "p. 9"), (calm, "p. 2"), (calm, "p. 3"), (calm, "p. 4"), (gift, "p. 5")]
    for many in (1000, 0):
        monkeypatch.setattr(statements, "MANY", many)
        found = Statements(paper)
        assert (len(found), found.stances) == (5, {"supports": 3, "disputes": 1, "mentions": 1})
        for size in (1, 2, 3):
            parts = [found[start : start + size] for start in range(0, 6, size)]
            assert [row for part in parts for row in part] == whole


def test_each_fact_leads_to_its_place_on_the_page_that_has_it(client, paper):
    _words, html = page(client)
    links = re.findall(r'href="(/[^"]*#fact-[^"]*)"', html)
    assert set(links) == {
        "/agreements/a-calm/full/#fact-term",
        "/agreements/a-calm/full/#fact-milestones-signed-date",
        "/agreements/b-bold/full/#fact-term",
        "/assistance/gift/#fact-recipients",
    }
    for link in links:
        address, _sign, anchor = link.partition("#")
        assert f'id="{anchor}"' in client.get(address).content.decode()


def test_the_archived_address_is_written_out(client, paper):
    _words, html = page(client)
    assert ">https://web.archive.org/web/2025/https://a.example/1</a>" in html


def test_a_source_without_statements_says_so(client, paper):
    make_source(slug="silent")
    assert "No published record rests on it." in client.get("/sources/silent/").content.decode()


def test_it_takes_a_page_that_exists_and_no_other_parameter(client, paper):
    assert client.get("/sources/paper/?page=1").status_code == 200
    assert client.get("/sources/paper/?page=2").status_code == 404
    assert client.get("/sources/paper/?bogus=1").status_code == 400


def test_a_draft_record_is_not_told_of(client, paper):
    draft = make_agreement(slug="secret", title="A secret pact", term="a day", cited=False)
    cite(draft, "term", paper, locator="p. 99")
    words, _html = page(client)
    assert "p. 99" not in words and "secret" not in words


def test_without_any_record_the_list_of_states_is_a_sentence(client):
    assert "Nothing is recorded of any state yet." in client.get("/countries/").content.decode()
