"""The search box of the lists of citations and rulings: by the names of records and sources, not row by row."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from sources import admin
from sources.desk import about_search, record_admin
from sources.models import Citation
from sources.records import found_by_name
from tests.cast import sign_in
from tests.factory import make_agreement, make_source, make_state

pytestmark = pytest.mark.django_db
LIST = "/admin/sources/citation/"


@pytest.fixture
def editor(alice):
    return sign_in(alice)


@pytest.fixture
def cited():
    """Two agreements, of which one is a draft, each with one citation of a source of its own."""
    for slug, title, status, source in (
        ("patrols", "Pact on river patrols", "published", "Gazette of Treaties"),
        ("radars", "Pact on radars", "draft", "Ministry bulletin"),
    ):
        make_source(slug=f"of-{slug}", title=source, status="published")
        citation = {"fields": ["title"], "source": f"of-{slug}", "locator": f"p. {slug}"}
        make_agreement(slug=slug, title=title, status=status, citations=[citation])


def found(client, words):
    page = client.get(LIST, {"q": words}).content.decode()
    return sorted(set(re.findall(r"p\. (patrols|radars)", page)))


def test_citations_are_found_by_their_record_and_by_their_source(cited, editor, subtests):
    for words, expected in (
        ("RIVER pátr", ["patrols"]),
        ("bulletin", ["radars"]),
        ("gazette", ["patrols"]),
        ("pact", ["patrols", "radars"]),
        ("agreements/radars", ["radars"]),
        ("rivers", []),
        ("%", []),
        ("  ", ["patrols", "radars"]),
    ):
        with subtests.test(words):
            assert found(editor, words) == expected


def test_of_very_many_rows_the_newest_are_found(cited, editor, monkeypatch):
    newest = Citation.objects.latest("pk")
    monkeypatch.setattr(about_search, "MOST_LISTED", 1)
    page = editor.get(LIST, {"q": "pact"}).content.decode()
    assert re.findall(rf"{LIST}(\d+)/change", page) == [str(newest.pk)]


def test_an_unfiltered_list_ends_after_so_many_rows(cited, editor, monkeypatch):
    assert Citation.objects.count() > 2
    monkeypatch.setattr(admin, "MOST_LISTED", 2)
    context = editor.get(LIST).context
    assert context["cl"].result_count == 2
    assert "The list ends after 2,000 rows" in editor.get(LIST).content.decode()


def test_a_record_of_exactly_this_name_is_found_among_very_many(cited, editor, monkeypatch):
    """The other one has as much evidence and comes first."""
    make_source(slug="late", title="Late edition", status="published")
    citation = {"fields": ["title"], "source": "late", "locator": "p. radars"}
    make_agreement(slug="river", title="Pact on river", status="published", citations=[citation])
    monkeypatch.setattr(about_search, "MOST_RECORDS", 1)
    assert found(editor, "pact on river") == ["patrols", "radars"]


def test_a_list_of_records_says_what_it_leaves_out(editor, monkeypatch, subtests):
    """With a filter, too, which is applied to those that were found."""
    for slug, kind in (("one", "sofa"), ("two", "memorandum"), ("three", "sofa")):
        make_agreement(slug=slug, title=f"Pact {slug}", type=kind, status="published")
    make_agreement(slug="four", title="Pact four")
    for most, is_said in ((3, False), (2, True)):
        monkeypatch.setattr(record_admin, "MOST_FOUND", most)
        monkeypatch.setattr(found_by_name, "MOST_FOUND", most)
        for query in ("q=pact", "q=pact&status__exact=published"):
            with subtests.test(f"{query}, {most} at most"):
                page = editor.get(f"/admin/agreements/agreement/?{query}").content.decode()
                assert (f"More than {most} records match" in page) == is_said
                assert ("Pact four" in page) == ("status" not in query)


def test_a_list_says_that_it_leaves_out_drafts(editor, monkeypatch, subtests):
    for slug in ("one", "two"):
        make_agreement(slug=slug, title=f"Pact {slug}")
    for most, is_said in ((2, False), (1, True)):
        monkeypatch.setattr(found_by_name, "MOST_FOUND", most)
        with subtests.test(f"{most} at most"):
            page = editor.get("/admin/agreements/agreement/?q=pact").content.decode()
            assert ("records match" in page) == is_said


def test_no_row_is_searched_for_words(cited, editor):
    with CaptureQueriesContext(connection) as queries:
        found(editor, "river")
    own = [query["sql"] for query in queries if f'FROM "{Citation._meta.db_table}"' in query["sql"]]
    assert own
    assert [sql for sql in own if "LIKE" in sql.upper()] == []


def test_nothing_is_asked_twice(cited, editor, subtests):
    for words in ("river", "pact river", "a text of more than six words"):
        with subtests.test(words):
            with CaptureQueriesContext(connection) as queries:
                found(editor, words)
            asked = [
                query["sql"]
                for query in queries
                if "LIKE" in query["sql"] or "MATCH" in query["sql"] or "@@" in query["sql"]
            ]
            assert asked and [sql for sql in asked if asked.count(sql) > 1] == []


def test_a_long_text_is_taken_for_a_title(editor, subtests):
    """The list of citations looks for it in the names of a draft; the list of agreements also in those of its parties."""
    make_state("PRY", "Paraguay")
    title = "Pact on the patrol of rivers and lakes"
    citation = {
        "fields": ["title"],
        "source": make_source(slug="daily", status="published").slug,
        "locator": "p. patrols",
    }
    make_agreement(slug="lakes", title=title, parties=[{"organisation": "pry"}], citations=[citation])
    for words, is_found in ((title, True), ("pact patrol rivers lakes paraguay", True), (f"{title} paraguay", False)):
        with subtests.test(words):
            assert found(editor, words) == ["patrols"] * is_found
            assert title in editor.get("/admin/agreements/agreement/", {"q": words}).content.decode()
