"""Search in the published content: what readers type finds first what they mean; nothing finds everything."""

import pytest
from django.core.management import call_command

from sources.models import PublicForm, SearchEntry
from sources.reading.search.query import search, suggestions
from tests.search_queries import QUERIES

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("content")]
# Nothing in them can be looked for.
EMPTY = ("", " ", "%", "*", "***", '"', "(", "[]", "\\", "--", "…", "·", "\u200b", "🦜")
# Signs of the query languages beneath, between words that are found.
HOSTILE = (
    "' OR 1=1 --", 'paraguay"', "paraguay*", "par*", "NEAR(paraguay sofa)", "paraguay AND sofa", "names : paraguay", "paraguay OR", "NOT paraguay",
    "-paraguay", "^paraguay", "{paraguay}", "paraguay:*", "paraguay & !sofa", "'paraguay'", "paraguay <-> sofa", "paraguay\\", "paraguay%_",
    "a" * 200, " ".join(["paraguay"] * 60), "ﬁ", "İstanbul", "ß", "한국", "ประเทศไทย", "عربى", "𝔭𝔞𝔯𝔞", "1" * 30, "paraguay \ud83e\udd9c",
)  # fmt: skip


def refs(text, **asked):
    return [entry.ref for entry in search(text, **asked).results]


def test_there_are_enough_queries():
    assert len(QUERIES) >= 80


def test_what_is_meant_is_found_first(subtests):
    for text, ref in QUERIES:
        with subtests.test(text):
            assert refs(text)[:1] == [ref]


def test_half_a_title_finds_what_has_the_whole():
    found = search("status of force", {"kind": ["agreements"]})
    assert not found.is_loose
    assert {"agreements/us-paraguay-sofa", "agreements/nato-sofa-1951"} <= set(refs("status of force", number=200))


def test_what_is_published_is_found_by_its_name():
    """A sample: every fortieth entry. More things may be called so, hence somewhere among the results."""
    entries = SearchEntry.objects.order_by("ref")[::40]
    assert len(entries) > 30
    assert [entry.ref for entry in entries if entry.ref not in refs(entry.name, number=200)] == []


def test_every_public_form_can_be_found():
    assert {*SearchEntry.objects.filter(form__isnull=False).values_list("form", flat=True)} == {
        *PublicForm.objects.values_list("pk", flat=True)
    }


@pytest.mark.parametrize("text", EMPTY)
def test_nothing_is_not_everything(text):
    found = search(text, facets=("kind",))
    assert (found.count, found.results) == (0, [])
    assert suggestions(text) == []


@pytest.mark.parametrize("text", HOSTILE)
def test_signs_of_query_languages_are_only_signs(text):
    assert search(text, facets=("kind", "year")).count < SearchEntry.objects.count() / 2
    suggestions(text)


def test_facets_add_up_to_what_is_found():
    found = search("immunity", facets=("kind", "year"))
    assert sum(number for _value, number in found.facets["kind"]) == found.count
    for value, number in found.facets["kind"]:
        assert search("immunity", {"kind": [value]}).count == number


def test_rebuilding_gives_the_same_index():
    before = [
        *SearchEntry.objects.order_by("ref").values("ref", "names", "words", "passages", "weight", "page", "made_of")
    ]
    call_command("rebuild_search", verbosity=0)
    after = [
        *SearchEntry.objects.order_by("ref").values("ref", "names", "words", "passages", "weight", "page", "made_of")
    ]
    assert before == after
    assert before
    assert refs("pena")[0] == "people/santiago-pena"
