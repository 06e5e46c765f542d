"""Two at once, and undoing: nothing is overwritten unseen, and everything can come back."""

import pytest

from sources.models import Presence
from tests.desk import decide, fresh, propose, restore, verb
from tests.factory import (
    make_agreement,
    make_organisation,
    make_source,
)
from tests.forms import address, forms_of, open_form, said

pytestmark = pytest.mark.django_db


# Two at once


def test_two_editors_in_different_places_are_joined(editor, reviewer, draft):
    one, other = open_form(editor, draft), open_form(reviewer, draft)
    one["title"] = "Alice's title"
    other["short_title"] = "Bob's"
    other.add("clauses", heading="Term", number="3")
    one.post()
    answer = other.post()
    assert "Changes that others made meanwhile" in said(answer)
    record = fresh(draft)
    assert (record.title, record.short_title, record.clauses.count()) == ("Alice's title", "Bob's", 3)


@pytest.mark.parametrize(("side", "title"), [("mine", "Bob's title"), ("theirs", "Alice's title")])
def test_two_editors_in_one_place_get_the_conflict_screen(editor, reviewer, draft, side, title):
    one, other = open_form(editor, draft), open_form(reviewer, draft)
    one["title"], other["title"] = "Alice's title", "Bob's title"
    other["short_title"] = "Kept too"
    one.post()
    screen = other.post(_comment="From the gazette")
    for words in ("The agreement", "Alice&#x27;s title", "Bob&#x27;s title"):
        assert words in screen.content.decode()
    assert fresh(draft).title == "Alice's title"

    kept = forms_of(screen)[address(draft, "settle")]
    undecided = reviewer.post(address(draft, "settle"), kept, follow=True)
    assert "Choose a side" in undecided.content.decode()
    reviewer.post(address(draft, "settle"), {**kept, "side:title": side})
    record = fresh(draft)
    assert (record.title, record.short_title) == (title, "Kept too")
    assert record.revisions.first().comment == "From the gazette"


def test_a_third_change_is_not_covered_by_a_choice_made_before_it(editor, reviewer, draft):
    one, other = open_form(editor, draft), open_form(reviewer, draft)
    one["title"], other["title"] = "First", "Second"
    one.post()
    kept = forms_of(other.post())[address(draft, "settle")]
    third = open_form(editor, draft)
    third["title"] = "Third"
    third.post()
    again = reviewer.post(address(draft, "settle"), {**kept, "side:title": "mine"}, follow=True)
    assert "Third" in again.content.decode()
    assert fresh(draft).title == "Third"


def test_a_part_removed_by_one_and_cited_by_the_other_is_a_conflict(editor, reviewer, draft):
    one, other = open_form(editor, draft), open_form(reviewer, draft)
    one[one.row("clauses", key="art-2-claims") + "-DELETE"] = "on"
    other.cite(["clauses/art-2-claims|number"], make_source())
    one.post()
    screen = other.post().content.decode()
    assert "side:clauses/art-2-claims" in screen
    assert not draft.clauses.filter(key="art-2-claims").exists()


def test_a_draft_published_meanwhile_turns_the_save_into_a_proposal(editor, reviewer, draft):
    form = open_form(editor, draft)
    form["title"] = "Too late"
    verb(reviewer, draft, "publish")
    assert "Kept as your proposal" in said(form.post())
    assert fresh(draft).title == "The agreement"


@pytest.mark.parametrize("base", ["", "rubbish"])
def test_the_conflict_screen_does_not_trust_its_own_fields(editor, draft, base):
    answer = editor.post(
        address(draft, "settle"), {"_base": base, "_theirs": base, "_mine": base, "side:title": "mine"}
    )
    assert answer.status_code == 409
    assert fresh(draft).title == "The agreement"


def test_the_screen_names_other_editors(editor, reviewer, draft):
    editor.post(address(draft, "presence"))
    assert "Also open here: alice" in " ".join(reviewer.get(address(draft)).content.decode().split())
    assert reviewer.post(address(draft, "presence")).json() == {"others": ["alice"]}
    assert editor.post(address(draft, "presence")).json() == {"others": ["bob"]}
    Presence.objects.filter(user__username="bob").delete()
    assert editor.post(address(draft, "presence")).json() == {"others": []}
    assert editor.get(address(draft, "presence")).status_code == 405


# Undoing


def test_one_field_is_brought_back(editor, draft):
    for title in ("Second", "Third"):
        form = open_form(editor, draft)
        form["title"], form["short_title"] = title, f"{title} short"
        form.post()
    assert draft.revisions.count() == 3
    restore(editor, draft, revision="1", path="title")
    record = fresh(draft)
    assert (record.title, record.short_title) == ("The agreement", "Third short")
    assert record.revisions.first().comment == "Restored from revision 1"


def test_the_trail_offers_each_value_that_was_replaced(editor, draft):
    form = open_form(editor, draft)
    form["title"] = "Second"
    form.post()
    page = editor.get(address(draft, "trail")).content.decode()
    offer = '<input type="hidden" name="revision" value="1"><input type="hidden" name="path" value="title">'
    assert offer in " ".join(page.split())
    assert "Restore the value before" in page


def test_a_removed_part_comes_back_whole(editor, draft):
    before = draft.dossier()
    form = open_form(editor, draft)
    form[form.row("clauses", key="art-2-claims") + "-DELETE"] = "on"
    form.post()
    restore(editor, draft, revision="1", path="clauses/art-2-claims")
    assert fresh(draft).dossier() == before


def test_a_whole_agreement_is_restored_with_clauses_and_citations(editor, draft):
    before = draft.dossier()
    form = open_form(editor, draft)
    form["title"] = "Spoilt"
    form[form.row("clauses", key="art-1-scope") + "-DELETE"] = "on"
    form[form.row("milestones", key="signed") + "-date"] = "2024"
    form["remove-citation"] = [citation.uid for citation in draft.citations.all()]
    form.add("clauses", heading="Nonsense")
    form.post()
    spoilt = fresh(draft).dossier()

    restore(editor, draft, revision="1")
    assert fresh(draft).dossier() == before
    restore(editor, draft, revision="2")
    assert fresh(draft).dossier() == spoilt
    assert draft.revisions.count() == 4


def test_restoring_what_is_published_is_a_proposal(editor, reviewer, published):
    proposal = propose(editor, published, title="Second")
    decide(editor, proposal, "submit")
    decide(reviewer, proposal, "approve")
    answer = restore(editor, published, revision="1")
    assert "Kept as your proposal" in said(answer)
    assert fresh(published).title == "Second"


@pytest.mark.parametrize("revision", ["99", "", "x", "-1", "9" * 30])
def test_a_revision_that_is_not_there_is_not_found(editor, draft, revision):
    assert restore(editor, draft, revision=revision).status_code == 404


def test_a_restore_that_is_no_longer_possible_is_explained(editor, alice):
    lost = make_organisation(slug="lost-ministry")
    record = make_agreement(by=alice, parties=[{"organisation": "lost-ministry"}], cited=False)
    form = open_form(editor, record)
    form[form.row("parties", key="lost-ministry") + "-DELETE"] = "on"
    form.post()
    lost.delete()
    assert "lost-ministry" in said(restore(editor, record, revision="1"))
    assert not record.parties.exists()
