"""Editing through the forms, as browsers post them."""

import pytest
from django.urls import reverse

from agreements.models import Agreement
from people.models import Person
from sources.models import Publisher, Source
from sources.records import dossier
from tests.cast import sign_in
from tests.desk import fresh
from tests.factory import (
    cite_everything,
    make_organisation,
    make_person,
    make_publisher,
    make_source,
    make_topic,
)
from tests.forms import CITATIONS, RULINGS, add_form, address, forms_of, open_form, said

pytestmark = pytest.mark.django_db


# A new record


def test_a_record_is_added_with_its_parts(editor, alice, paraguay):
    form = add_form(editor, Agreement)
    form["slug"], form["title"], form["type"] = "new-one", "A new one", "sofa"
    form.add("parties", organisation=str(paraguay.pk))
    form.add("milestones", kind="signed", date="2025-12")
    answer = form.post()

    record = Agreement.objects.get(slug="new-one")
    assert "was added" in said(answer)
    assert [row.key for row in record.milestones.all()] == ["signed"]
    assert record.changed_by == alice
    assert record.uncited_count > 0
    assert record.revisions.get().by == alice


def test_one_citation_form_supports_several_facts(editor, draft):
    source = make_source(title="The gazette")
    form = open_form(editor, draft)
    facts = ["|title", "milestones/signed|date", "clauses/art-1-scope|number"]
    form.cite(facts, source, "line 3", quotation="It was signed.")
    answer = form.post(_comment="The gazette has it")

    assert "Saved." in said(answer)
    cited = draft.citations.filter(source=source)
    assert {f"{citation.part}|{citation.field}" for citation in cited} == set(facts)
    assert {citation.quotation for citation in cited} == {"It was signed."}
    assert draft.revisions.first().comment == "The gazette has it"


def test_two_citation_forms_in_one_save(editor, draft):
    one, other = make_source(), make_source()
    form = open_form(editor, draft)
    form.cite(["|title"], one)
    form.cite(["|title"], other, stance="disputes", value="Another title")
    form.post()
    assert draft.citations.filter(source__in=[one, other]).count() == 2


def test_a_citation_is_removed_by_its_box(editor, draft):
    citation = draft.citations.get(part="", field="title")
    form = open_form(editor, draft)
    form["remove-citation"] = citation.uid
    form.post()
    assert not draft.citations.filter(part="", field="title").exists()


def test_a_citation_is_replaced_in_one_save(editor, draft):
    old = draft.citations.get(part="", field="title")
    form = open_form(editor, draft)
    form["remove-citation"] = old.uid
    form.cite(["|title"], old.source, old.locator, quotation="Now with words.")
    answer = form.post()
    assert "Saved." in said(answer)
    assert draft.citations.get(part="", field="title").quotation == "Now with words."


def test_the_same_citation_twice_is_an_error_at_the_field(editor, draft):
    source = make_source()
    form = open_form(editor, draft)
    form.cite(["|title"], source)
    form.cite(["|title", "|type"], source)
    answer = form.post()
    assert answer.status_code == 200
    assert "already cited" in answer.content.decode()
    assert not draft.citations.filter(source=source).exists()


def test_a_ruling_is_given_once(editor, draft):
    form = open_form(editor, draft)
    ruling = {"reason": "The gazette decides.", "ruled_by": "The editors", "ruled_on": "2026-01-01"}
    form.add(RULINGS, fact="|title", **ruling)
    form.post()
    assert draft.adjudications.get().field == "title"

    form = open_form(editor, draft)
    form.add(RULINGS, fact="|title", **ruling)
    assert "already has a ruling" in form.post().content.decode()
    assert draft.adjudications.count() == 1


def test_a_part_is_removed_and_its_citations_with_it(editor, draft):
    form = open_form(editor, draft)
    form[form.row("clauses", key="art-2-claims") + "-DELETE"] = "on"
    form.post()
    assert [clause.key for clause in draft.clauses.all()] == ["art-1-scope"]
    assert not draft.citations.filter(part="clauses/art-2-claims").exists()


def test_a_new_part_stands_at_the_end_unless_told_otherwise(editor, draft):
    form = open_form(editor, draft)
    form.add("clauses", heading="Term", number="3")
    form.post()
    assert [clause.heading for clause in draft.clauses.all()] == ["Scope", "Claims", "Term"]


def test_the_slug_stands_once_the_record_is_there(editor, draft):
    form = open_form(editor, draft)
    assert "slug" not in form
    form["slug"] = "another"
    form.post()
    assert fresh(draft).slug == "the-sofa"


def test_a_save_without_a_change_leaves_no_trace(editor, draft):
    before = draft.revisions.count()
    assert "Nothing was changed" in said(open_form(editor, draft).post())
    assert draft.revisions.count() == before


def test_rows_beside_the_records_are_edited_the_same_way(editor):
    publisher = make_publisher()
    form = open_form(editor, publisher)
    form["note"] = "Owned by the state."
    form.post()
    assert Publisher.objects.get().note == "Owned by the state."
    assert publisher.revisions.count() == 2


# Typing is kept


def test_an_invalid_form_keeps_what_was_typed(editor, draft):
    source = make_source()
    form = open_form(editor, draft)
    form["title"] = "Half a sentence"
    form[form.row("clauses", key="art-1-scope") + "-heading"] = "Scope and aims"
    form.add("milestones", kind="in_force", date="31 December")
    form.cite(["|title", "|type"], source, "p. 12", quotation="word " * 40)
    answer = form.post()

    assert answer.status_code == 200
    assert not answer.redirect_chain
    kept = next(fields for name, fields in forms_of(answer).items() if name.endswith("_form"))
    assert kept["title"] == ["Half a sentence"]
    assert ["Scope and aims"] in kept.values()
    assert kept["milestones-1-date"] == ["31 December"]
    assert kept[f"{CITATIONS}-0-facts"] == ["|title", "|type"]
    assert kept[f"{CITATIONS}-0-source"] == [str(source.pk)]
    assert kept[f"{CITATIONS}-0-locator"] == ["p. 12"]
    assert fresh(draft).title == "The agreement"


@pytest.mark.parametrize("base", [None, "", "rubbish", "eyJ0aXRsZSI6ICJ4In0:1aaaaa:forged"])
def test_a_form_without_its_base_saves_nothing_and_shows_what_was_typed(editor, draft, base):
    form = open_form(editor, draft)
    form["title"] = "Typed with care"
    form.pop("_base")
    answer = form.post(**({} if base is None else {"_base": base}))
    assert answer.status_code == 409
    assert "Typed with care" in answer.content.decode()
    assert fresh(draft).title == "The agreement"


def test_a_base_that_can_no_longer_be_made_is_explained(editor, draft, carol):
    lost = make_source(slug="lost-report")
    cite = open_form(editor, draft)
    cite.cite(["|title"], lost)
    cite.post()
    form = open_form(editor, draft)
    form["title"] = "Typed with care"
    draft.citations.filter(source=lost).delete()
    Source.objects.get(pk=lost.pk).delete()

    answer = form.post()
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "lost-report" in page
    assert "Typed with care" in page
    assert fresh(draft).title == "The agreement"


def test_a_join_that_breaks_a_rule_is_explained(editor, draft):
    """Alice's coding names a clause that somebody removes before she saves."""
    topic = make_topic("A1")
    form = open_form(editor, draft)
    form.add(
        "codings",
        topic=str(topic.pk),
        codebook=str(topic.since_id),
        stance="silent",
        basis="text",
        clauses=["art-2-claims"],
    )
    state = draft.dossier()
    state["clauses"] = state["clauses"][:1]
    dossier.write(draft, state)

    answer = form.post()
    assert answer.status_code == 409
    assert "art-2-claims" in answer.content.decode()
    assert not draft.codings.exists()


def test_a_save_after_the_session_ended_leads_to_the_door(editor, draft):
    form = open_form(editor, draft)
    form["title"] = "Too late"
    editor.logout()
    answer = form.post()
    assert answer.redirect_chain[0][0].startswith("/admin/login/?next=")
    assert fresh(draft).title == "The agreement"


# Those who may only look


def test_a_viewer_reads_what_readers_read_and_changes_nothing(victor, published):
    viewer = sign_in(victor)
    assert viewer.get(address(published)).url == published.get_absolute_url()
    for word in ("preview", "trail"):
        assert viewer.get(address(published, word)).status_code == 403
    for word in ("change", "verb", "settle", "restore"):
        data = {"title": "Hacked", "verb": "submit", "revision": "1"}
        assert viewer.post(address(published, word), data).status_code == 403
    assert fresh(published).title == "The agreement"
    assert not published.proposals.exists()


def test_a_viewer_sees_no_draft(victor, draft):
    viewer = sign_in(victor)
    for word in ("change", "preview", "trail", "verb"):
        assert viewer.get(address(draft, word)).status_code == 404


def test_a_record_that_is_not_there(editor):
    for word in ("change", "trail", "preview", "restore", "settle", "verb", "presence"):
        gone = reverse(f"admin:people_person_{word}", args=[999_999])
        assert editor.get(gone, follow=True).status_code in (404, 200)
        assert not Person.objects.exists()


def test_every_kind_of_record_opens_and_saves(editor, alice):
    """No screen says that something changed when nothing was typed."""
    source = make_source(by=alice)
    person, ministry = make_person(by=alice), make_organisation(by=alice)
    for record in (source, person, ministry, source.publisher):
        cite_everything(record) if hasattr(record, "status") else None
        assert "Nothing was changed" in said(open_form(editor, record).post())


@pytest.mark.parametrize(("button", "name"), [("_save", "changelist"), ("_addanother", "add"), ("_continue", "change")])
def test_each_button_leads_where_it_says(editor, draft, button, name):
    form = open_form(editor, draft)
    form["title"] = "Another title"
    answer = form.post(button)
    assert answer.resolver_match.url_name == f"agreements_agreement_{name}"
    assert "Saved." in said(answer)
