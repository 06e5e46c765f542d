"""Search in the published content: what readers type finds first what they mean; nothing finds everything."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.models import Q
from django.test.utils import CaptureQueriesContext

from kb.site.facet_words import kind_in_words, words_of
from sources.lib.text import fold, names_with
from sources.models import PublicForm, SearchEntry
from sources.reading.search import matching
from sources.reading.search.query import counts, search, suggestions
from sources.reading.search.request import FACETS
from sources.records.base import record_models
from sources.records.found_by_name import MAX_WORDS
from tests.search_queries import HOSTILE, QUERIES, WORDLESS

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("content")]


def values_of(facet):
    """The values that entries have of it."""
    pairs = counts(SearchEntry.objects.values_list("facets", flat=True), [facet])[facet]
    return [value for value, _number in pairs]


def refs(text, **asked):
    return [entry.ref for entry in search(text, **asked).results]


def test_there_are_enough_queries():
    assert len({text for text, _ref in QUERIES}) >= 200


def test_what_is_meant_is_found_first(subtests):
    for text, ref in QUERIES:
        with subtests.test(text):
            assert refs(text)[:1] == [ref]


def test_half_a_title_finds_what_has_the_whole():
    found = search("status of force", {"kind": ["agreements"]})
    assert not found.is_loose
    places = [refs("status of force").index(f"agreements/{slug}") for slug in ("us-paraguay-sofa", "nato-sofa-1951")]
    assert max(places) < 5
    assert "agreements/nl-qatar-2014" not in refs("status of force")[: max(places)]


def test_lists_find_by_the_index_what_the_columns_hold(subtests):
    """Words of the queries, and the name of every fortieth record. Editors find the published ones and their drafts."""
    texts = [text for text, _ref in QUERIES][::3]
    texts += SearchEntry.objects.exclude(form=None).order_by("ref").values_list("name", flat=True)[::150]
    for model in record_models():
        with subtests.test(model.KIND):
            rows = model.objects.published()
            for text in texts:
                words = fold(text).split()[:MAX_WORDS]
                held = set(rows.filter(*(held_by(rows, word) for word in words)).values_list("pk", flat=True))
                assert {*rows.found_by(text).values_list("pk", flat=True)} == held, text
                assert {*rows.matching(text).values_list("pk", flat=True)} == held, text


def held_by(rows, word):
    """The ``Q`` that the columns of a row, or of one that it is known by, have the word."""
    beside = rows.named_beside(word, lambda _model, *words: Q(*map(names_with, words)))
    return names_with(word) if beside is None else names_with(word) | beside


def test_what_is_published_is_found_by_its_name():
    """A sample: every fortieth entry. More things may be called so, hence somewhere among the results."""
    entries = SearchEntry.objects.order_by("ref")[::40]
    assert len(entries) > 30
    assert [entry.ref for entry in entries if entry.ref not in refs(entry.name, number=200)] == []


def test_every_public_form_can_be_found():
    assert {*SearchEntry.objects.filter(form__isnull=False).values_list("form", flat=True)} == {
        *PublicForm.objects.values_list("pk", flat=True)
    }


@pytest.mark.parametrize("text", WORDLESS)
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
        *SearchEntry.objects.order_by("ref").values(
            "ref", "names", "words", "passages", "weight", "page", "made_of", "facets"
        )
    ]
    call_command("rebuild_search", verbosity=0)
    after = [
        *SearchEntry.objects.order_by("ref").values(
            "ref", "names", "words", "passages", "weight", "page", "made_of", "facets"
        )
    ]
    assert before == after
    assert before
    assert refs("pena")[0] == "people/santiago-pena"


def test_no_kind_is_shown_by_its_code():
    codes = values_of("kind")
    assert len(codes) > 10
    assert [code for code in codes if code in (kind_in_words(code), kind_in_words(code, 2))] == []


def test_every_value_of_a_facet_chooses_what_has_it(subtests):
    """Values are words of the full-text index, and of the signs in them none parts them."""
    word = "paraguay"
    for name, pairs in search(word, facets=tuple(FACETS)).facets.items():
        for value, number in pairs:
            with subtests.test(f"{name}={value}"):
                assert search(word, {name: [value]}).count == number


def test_the_values_of_facets_have_words(subtests):
    for name in ("type", "status", "region", "contested", "source_kind", "party", "topic", "language"):
        with subtests.test(name):
            codes = values_of(name)
            words = words_of(name, codes)
            assert words
            assert [said for said in words.values() if "_" in said] == []
            # The code of a choice may be the very word, such as “news”.
            if name in ("region", "party", "topic", "language"):
                assert [code for code, said in words.items() if code == said] == []


def test_every_disputed_question_is_found_as_it_is_asked(client):
    """Under the words and the address that the list of them has."""
    asked = {}
    page = client.get("/contested/?page_size=200")
    for row in page.context["rows"]:
        asked[row["address"]] = row["question"]
    entries = SearchEntry.objects.filter(ref__startswith="contested/")
    indexed = {entry.page: entry.name.partition(": ")[2] for entry in entries}
    assert len(asked) > 30
    assert {page: question for page, question in indexed.items() if asked[page] not in question} == {}
    assert asked.keys() == indexed.keys()


def test_facets_of_a_list_count_the_list(client, subtests):
    for query in ("", "type=sofa", "party=PRY", "q=paraguay", "topic=D2"):
        with subtests.test(query):
            answer = client.get(
                f"/api/v1/agreements/?{query}&facets=type,contested&page_size=1&count=true".replace("?&", "?")
            )
            body = answer.json()
            assert len(body["facets"]["type"]) >= 1
            for pairs in body["facets"].values():
                assert sum(pair["count"] for pair in pairs) == body["count"]


def test_rebuilding_the_forms_leaves_topics_in_the_index():
    SearchEntry.objects.filter(ref="topics/d2").delete()
    call_command("rebuild_public", verbosity=0, stdout=StringIO())
    assert refs("d2")[0] == "topics/d2"


@pytest.mark.parametrize("most", [1, 5, 40])
def test_those_with_most_evidence_are_found_first(most, subtests, monkeypatch):
    """However many match and however few are asked for; on PostgreSQL also as in a collection of millions."""
    everything = SearchEntry.objects.count()
    for words in ("agreement", "forces", "japan", "united states", "contractors immune", "radio", "nothing zzz"):
        condition = matching.by_text(words.split())
        keys = [key for key, _facets in matching.best(condition, everything)]
        entries = SearchEntry.objects.in_bulk(keys)
        assert keys == sorted(keys, key=lambda key: (-entries[key].weight, key))
        for at_least, size in ((matching.AT_LEAST, 0), (5, 1_000_000), (5, 200)):
            with subtests.test(f"{words}: {most} of {size}"), monkeypatch.context() as patch:
                patch.setattr(matching, "AT_LEAST", at_least)
                patch.setattr(
                    matching, "_size", lambda _day, size=size: size if connection.vendor == "postgresql" else 0
                )
                assert [key for key, _facets in matching.best(condition, most)] == keys[:most]
                assert matching.best_records(condition, most) == [entries[key].record_id for key in keys[:most]]


@pytest.mark.skipif(connection.vendor != "postgresql", reason="only PostgreSQL would sort all that match")
@pytest.mark.parametrize(
    ("word", "at_least", "ways"),
    [("agreement", 1000, ["along"]), ("agreement", 5, ["along", "along"]), ("zzz", 5, ["along", "words"])],
)
def test_only_what_is_rare_is_read_from_the_index_of_words(monkeypatch, word, at_least, ways):
    """What is common is found along the evidence, if need be a longer way."""
    monkeypatch.setattr(matching, "AT_LEAST", at_least)
    monkeypatch.setattr(matching, "_size", lambda _day: 1_000_000)
    condition = matching.by_text([word])
    # The first of a day asks which words are common.
    matching.best(condition, 40)
    with CaptureQueriesContext(connection) as queries:
        matching.best(condition, 40)
    assert ["words" if "-weight" in query["sql"] else "along" for query in queries] == ways
