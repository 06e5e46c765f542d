"""Dates in words and the numbers beside facts."""

import pytest
from django.utils import translation

from sources.lib.date_words import in_words
from sources.reading.footnotes import Footnotes
from sources.templatetags import reading
from sources.templatetags.evidence import cite
from tests.factory import make_person, make_position, make_source

DATES = [
    ("2025", "2025"),
    ("2025-12", "December 2025"),
    ("2025-12-05", "5 December 2025"),
    ("2025~", "about 2025"),
    ("2025?", "2025 (uncertain)"),
    ("1995-06-19%", "about 19 June 1995 (uncertain)"),
    ("2026-01-08/2026-01-16", "8–16 January 2026"),
    ("2026-03-03/2026-04-10", "3 March – 10 April 2026"),
    ("2025-12-22/2026-01-15", "22 December 2025 – 15 January 2026"),
    ("2025-03/2025-05", "March–May 2025"),
    ("2001/2005", "2001–2005"),
    ("2001/2005-06", "2001 – June 2005"),
    ("2001~/2005", "about 2001 – 2005"),
    ("2001/..", "since 2001"),
    ("../2006-12-31", "until 31 December 2006"),
    ("2001/", "from 2001; end not known"),
    ("2001-05~/", "from about May 2001; end not known"),
    ("/2006", "until 2006; start not known"),
    ("one morning", "one morning"),
    ("", ""),
]


def test_a_date_is_as_precise_in_words_as_in_its_source(subtests):
    for text, words in DATES:
        with subtests.test(text):
            assert in_words(text) == words


def test_only_a_date_without_doubt_is_marked_for_machines():
    assert reading.when("2025-12") == '<time datetime="2025-12">December 2025</time>'
    assert reading.when("2025-12~") == "about December 2025"
    assert reading.when(None) == ""


def test_names_come_in_the_readers_language():
    link = {"name": "Germany", "name_es": "Alemania", "page": "/organisations/germany/"}
    assert reading.refer(link) == '<a href="/organisations/germany/"><bdi>Germany</bdi></a>'
    with translation.override("es"):
        assert "Alemania" in reading.refer(link)
        assert reading.prose("Text.") == '<p lang="en">Text.</p>'


@pytest.mark.parametrize(
    ("number", "shown"), [("VII(3)", "Art. VII(3)"), ("12", "Art. 12"), ("Title I", "Title I"), ("", "")]
)
def test_articles_are_cited_as_articles(number, shown):
    assert reading.article(number) == shown


def citation(uid, stance="supports"):
    source = {"slug": f"source-{uid}", "reliability": "B"}
    return {"id": uid, "source": source, "finding": None, "locator": "p. 1", "stance": stance, "credibility": 2}


def notes_of(*citations, state="supported", disputing=0):
    fact = {
        "part": "", "field": "term", "state": state, "disputing": disputing, "ruling": None,
        "citations": [item["id"] for item in citations],
    }  # fmt: skip
    return Footnotes({"facts": [fact], "citations": citations})


def test_a_fact_carries_its_numbers():
    shown = cite(notes_of(citation("a"), citation("b")), "", "term")
    assert 'id="fact-term"' in shown
    assert shown.count('role="doc-noteref"') == 2


@pytest.mark.parametrize("judged", [{"credibility": 3}, {"against_text": "matches"}])
def test_one_place_that_is_judged_differently_has_two_notes(judged):
    place = citation("a")
    assert len(notes_of(place, {**place, "id": "b"}).notes) == 1
    assert len(notes_of(place, {**place, "id": "b"} | judged).notes) == 2


def test_neighbouring_numbers_become_a_range():
    shown = cite(notes_of(*map(citation, "abcd")), "", "term")
    assert '<a href="#note-1" role="doc-noteref">1–4</a>' in shown


def test_a_disputing_source_stands_alone_and_says_so():
    notes = notes_of(citation("a"), citation("b", "disputes"), state="contested", disputing=1)
    shown = cite(notes, "", "term")
    assert 'class="against" href="#note-2"' in shown
    assert "disputed by 1 source" in shown
    assert 'href="#about-fact-term"' in shown


def test_unsourced_facts_are_marked():
    shown = cite(notes_of(state="unsourced"), "", "term")
    assert "unsourced" in shown
    assert 'id="fact-term"' in shown


def test_a_second_mention_repeats_the_numbers_and_not_the_anchor():
    notes = notes_of(citation("a"))
    cite(notes, "", "term")
    assert "id=" not in cite(notes, "", "term")
    assert notes.unplaced == []


def test_a_field_without_evidence_shows_nothing():
    assert cite(notes_of(citation("a")), "", "title") == ""


@pytest.mark.django_db
class TestListsInWords:
    def test_a_language_is_shown_by_its_name(self, client, carol):
        make_source(language="es")
        assert "<bdi>Spanish</bdi>" in client.get("/sources/?language=es").content.decode()
        client.force_login(carol)
        assert ">Spanish</a>" in client.get("/admin/sources/source/").content.decode()

    @pytest.mark.parametrize(
        ("address", "words"),
        [
            ("/sources/?language=es", "1 source"),
            ("/people/", "2 people"),
            ("/positions/", "1 position"),
            ("/events/", ""),
        ],
    )
    def test_a_count_names_what_it_counts(self, client, address, words):
        make_source(language="es")
        make_position(status="published")
        for slug in ("ana", "luis"):
            make_person(slug=slug, status="published")
        text = client.get(address).content.decode()
        assert (f"<strong>{words}</strong>" in text) if words else "Nothing published matches" in text

    def test_a_long_statement_is_cut_with_an_ellipsis(self):
        name = str(make_position(statement="We will not agree to this. " * 5, status="published"))
        assert name.endswith("…") and len(name) < 110
