"""The search box of the lists of citations and rulings: by the names of records and sources, not row by row."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from sources.desk import about_search
from sources.models import Citation
from tests.cast import sign_in
from tests.factory import make_agreement, make_source

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


def test_a_record_of_exactly_this_name_is_found_among_very_many(cited, editor, monkeypatch):
    """The other one has as much evidence and comes first."""
    make_source(slug="late", title="Late edition", status="published")
    citation = {"fields": ["title"], "source": "late", "locator": "p. radars"}
    make_agreement(slug="river", title="Pact on river", status="published", citations=[citation])
    monkeypatch.setattr(about_search, "MOST_RECORDS", 4)
    assert found(editor, "pact on river") == ["patrols", "radars"]


def test_no_row_is_searched_for_words(cited, editor):
    with CaptureQueriesContext(connection) as queries:
        found(editor, "river")
    own = [query["sql"] for query in queries if f'FROM "{Citation._meta.db_table}"' in query["sql"]]
    assert own
    assert [sql for sql in own if "LIKE" in sql.upper()] == []
