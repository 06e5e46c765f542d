"""Hostile words in every box that searches: never a failure, and never everything."""

import pytest

from sources.lib.text import fold
from sources.models import SearchEntry
from tests.routes import API_LISTS, PAGE_LISTS
from tests.search_queries import HOSTILE, WORDLESS
from tests.test_named_filters import named_filters

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("content")]
# Half a character cannot stand in an address.
WORDS = [text.encode(errors="ignore").decode() for text in (*WORDLESS, *HOSTILE)]
# How many words one filter is asked for; all of them together are asked for every word.
OF_EACH = 8


def ask(client, address, **query):
    """The answer, which is one or a refusal."""
    answer = client.get(address, query)
    assert answer.status_code in (200, 400), (address, query)
    return answer if answer.status_code == 200 else None


def test_the_search_finds_less_than_half(client, subtests):
    most = SearchEntry.objects.count() / 2
    for text in WORDS:
        with subtests.test(text):
            page = ask(client, "/search/", q=text, kind=text)
            assert page is None or page.context["found"].count == 0
            found = ask(client, "/search/", q=text)
            assert found is None or found.context["found"].count < most
            found = ask(client, "/api/v1/search/", q=text, facets="kind,year")
            assert found is None or found.json()["count"] < most
            found = ask(client, "/api/v1/suggest/", q=text)
            assert found is None or text not in WORDLESS or found.json()["results"] == []


def lists_with_words(lists):
    return [address for address, viewset in lists.values() if "q" in viewset.filterset_class.base_filters]


def test_no_list_answers_hostile_words_with_all_its_rows(client, subtests):
    for address in lists_with_words(API_LISTS):
        with subtests.test(address):
            total = client.get(address, {"page_size": 1, "count": "true"}).json()["count"]
            for text in WORDS:
                answer = ask(client, address, q=text, page_size=1, count="true")
                # Signs around a name do not count, and all of a short list may have the name.
                assert answer is None or answer.json()["count"] < total or "par" in fold(text), text


def test_no_page_shows_rows_for_what_is_no_word(client, subtests):
    for address in lists_with_words(PAGE_LISTS):
        with subtests.test(address):
            # The form of a page sends its empty boxes, too.
            for text in filter(str.strip, WORDLESS):
                answer = ask(client, address, q=text, page_size=1)
                assert answer is None or answer.context["rows"] == [], text


def test_no_filter_takes_hostile_words_for_a_name(client, subtests):
    asked = set()
    filters = [named for named in named_filters() if named[0] in API_LISTS]
    for number, (route, name, _lookup) in enumerate(filters):
        with subtests.test(f"{route} {name}"):
            for place in range(OF_EACH):
                text = WORDS[(number * OF_EACH + place) % len(WORDS)]
                asked.add(text)
                answer = ask(client, API_LISTS[route][0], **{name: text, "page_size": 1})
                # Signs around a name do not count, and two letters may be the code of a state.
                assert answer is None or fold(text) == "paraguay" or len(fold(text)) == 2, text
    assert asked == {*WORDS}
