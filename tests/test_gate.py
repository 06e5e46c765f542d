"""What keeps a record from the public: every fact without a support is named in words, with the reason and a way to mend it."""

import json
import re

import pytest

from agreements.models import Agreement
from sources.desk.admin_addresses import admin_address
from sources.models import Source
from sources.records import dossier
from tests.desk import verb
from tests.factory import make, make_agreement, make_finding, make_source
from tests.forms import add_form, address, open_form, said

pytestmark = pytest.mark.django_db


def bare(**fields):
    """A draft with one uncited milestone and nothing cited."""
    return make_agreement(cited=False, milestones=[{"kind": "signed", "date": "2025"}], **fields)


def cite(record, source, **more):
    """One citation of the title, beside what is there."""
    entry = {"fields": ["title"], "source": source.slug, "locator": "p. 1", **more}
    state = record.dossier()
    dossier.write(record, {**state, "citations": [*state.get("citations", ()), entry]})


def gap_of_title(record):
    return next(gap for gap in record.missing_for_publication() if (gap.part, gap.field) == ("", "title"))


def facts_on(page):
    return json.loads(re.search(r'<script id="fact-states" type="application/json">(.*?)</script>', page)[1])


def test_every_field_that_can_be_cited_is_offered_before_there_is_a_citation(editor, alice):
    record = bare(by=alice)
    assert not record.citations.exists()
    facts = facts_on(editor.get(address(record)).content.decode())
    wanted = {f"{part}|{field}" for part, row in record.cited_rows() for field in row.CITABLE_FIELDS}
    assert set(facts) == wanted
    assert facts["milestones/signed|date"] == {"count": 0, "label": "Milestone: signed 2025 · date", "needed": True}
    assert facts["|summary"] == {"count": 0, "label": "Summary", "needed": False}


def test_the_gate_leads_to_each_field(editor, alice):
    record = bare(by=alice)
    page = editor.get(address(record)).content.decode()
    places = set(re.findall(r'class="to-fact" data-place="([^"]+)"', page))
    assert places == {"|title", "|type", "milestones/signed|kind", "milestones/signed|date"}
    assert places <= set(facts_on(page))
    assert 'href="#id_title"' in page
    assert 'href="#milestones-group"' in page
    assert 'id="milestones-group"' in page


def test_the_first_save_of_a_record_leads_to_where_its_facts_are_cited(editor):
    form = add_form(editor, Agreement)
    form["slug"], form["title"], form["type"] = "new-one", "A new one", "sofa"
    form.add("milestones", kind="signed", date="2025")
    answer = form.post(button="_save")
    record = Agreement.objects.get(slug="new-one")
    assert answer.redirect_chain[-1][0] == address(record)
    assert {"|title", "milestones/signed|date"} <= set(facts_on(answer.content.decode()))


def test_an_empty_field_is_filled_and_cited_in_one_save(editor, alice):
    record, source = bare(by=alice), make_source()
    form = open_form(editor, record)
    form["summary"] = "It says what it does."
    form.cite(["|summary"], source)
    assert "Saved." in said(form.post())
    assert record.citations.get().field == "summary"


def test_the_record_shows_how_often_each_fact_is_cited(editor, alice, draft):
    assert facts_on(editor.get(address(draft)).content.decode())["|title"]["count"] == 1


def test_a_fact_with_nothing_cited():
    assert str(gap_of_title(bare())) == "Title: no source is cited for it"


@pytest.mark.parametrize("status", ["draft", "in_review"])
def test_a_source_that_is_not_published_yet_is_named_with_a_link(editor, alice, status):
    record, source = bare(by=alice), make_source(title="The gazette", status=status)
    cite(record, source)
    gap = gap_of_title(record)
    assert str(gap) == "Title: its source is not published yet: “The gazette”"
    assert gap.sources == (source,)
    page = editor.get(address(record)).content.decode()
    assert f'<a href="{admin_address(source)}">The gazette</a>' in page


def test_a_source_that_was_withdrawn():
    record, source = bare(), make_source(title="The gazette")
    cite(record, source)
    source.withdraw(by=None, reason="It was forged.")
    assert str(gap_of_title(record)) == "Title: its source was withdrawn: “The gazette”"


@pytest.mark.parametrize(
    ("stances", "reason"),
    [
        (["disputes"], "what is cited only disputes it:"),
        (["mentions"], "what is cited only mentions it:"),
        (["disputes", "mentions"], "what is cited mentions or disputes it, and none supports it:"),
    ],
)
def test_only_supporting_citations_count(stances, reason):
    record = bare()
    for stance in stances:
        cite(record, make_source(title=f"It {stance}"), stance=stance)
    gap = gap_of_title(record)
    assert gap.reason == reason
    assert len(gap.sources) == len(stances)


def test_a_search_without_a_place_in_it():
    record, finding = bare(), make_finding()
    state = record.dossier()
    dossier.write(record, {**state, "citations": [{"fields": ["title"], "finding": finding.slug}]})
    gap = gap_of_title(record)
    assert gap.reason == "the citation does not say where in it:"
    assert gap.sources == (finding,)


def test_the_refusal_names_the_facts_and_the_reasons(editor, reviewer, alice):
    record, source = bare(by=alice), make(Source, make_source_fields(), {"status": "draft"})
    cite(record, source)
    verb(editor, record, "submit")
    words = said(verb(reviewer, record, "publish"))
    assert "4 facts have no source" in words
    assert "Title: its source is not published yet: “A memo”" in words
    assert "Milestone: signed 2025 · date: no source is cited for it" in words
    assert "milestones/" not in words


def make_source_fields():
    return {"title": "A memo", "kind": "official", "publisher": make_source().publisher.slug}


def test_the_source_cited_last_is_offered_again(editor, alice):
    """On this record the one used last here, elsewhere the one used last at all; a box left open without a fact counts not."""
    one, other = bare(by=alice, slug="one"), bare(by=alice, slug="other")
    first, second, third = (make_source(title=title) for title in ("First", "Second", "Third"))
    for record, source in ((one, first), (other, second)):
        form = open_form(editor, record)
        form.cite(["|title"], source)
        form.post()
    assert offered(editor, one) == {"value": str(first.pk), "label": "First"}
    assert offered(editor, other) == {"value": str(second.pk), "label": "Second"}
    assert offered(editor, bare(by=alice, slug="fresh")) == {"value": str(second.pk), "label": "Second"}
    form = open_form(editor, one)
    form["note"] = "Only a note."
    form.cite([], third, locator="")
    form.post()
    assert offered(editor, one)["label"] == "First"


def offered(client, record):
    page = client.get(address(record)).content.decode()
    match = re.search(r'<script id="last-source" type="application/json">(.*?)</script>', page)
    return match and json.loads(match[1])
