"""Editing through the forms, as browsers post them: from a first draft to the public, and back again."""

import pytest
from django.test import Client
from django.urls import reverse

from agreements.models import Agreement
from kb.core import dossier
from people.models import Person
from sources.models import Presence, Proposal, Publisher, Source
from tests.cast import make_user, sign_in
from tests.factory import (
    cite_everything,
    make_agreement,
    make_organisation,
    make_person,
    make_publisher,
    make_source,
    make_state,
    make_topic,
)
from tests.forms import CITATIONS, RULINGS, add_form, address, forms_of, open_form, said

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(alice):
    return sign_in(alice)


@pytest.fixture
def reviewer(bob):
    return sign_in(bob)


@pytest.fixture
def paraguay():
    return make_state()


@pytest.fixture
def draft(alice, paraguay):
    """Alice's own draft, whole and cited."""
    return make_agreement(
        slug="the-sofa",
        title="The agreement",
        by=alice,
        parties=[{"organisation": "pry"}],
        milestones=[{"kind": "signed", "date": "2025-12-15"}],
        clauses=[{"number": "1", "heading": "Scope"}, {"number": "2", "heading": "Claims"}],
    )


@pytest.fixture
def published(draft):
    draft.submit(by=None)
    draft.publish(by=None)
    return draft


def verb(client, record, name, **more):
    return client.post(address(record, "verb"), {"verb": name, **more}, follow=True)


def decide(client, proposal, name, **more):
    decision = reverse("admin:sources_proposal_decide", args=[proposal.pk])
    return client.post(decision, {"verb": name, **more}, follow=True)


def in_bulk(client, action, *records, **more):
    opts = records[0]._meta
    changelist = reverse(f"admin:{opts.app_label}_{opts.model_name}_changelist")
    chosen = [record.pk for record in records]
    return client.post(changelist, {"action": action, "_selected_action": chosen, **more}, follow=True)


def propose(client, record, **fields):
    """Save these fields of a published record; returns the proposal."""
    form = open_form(client, record)
    for name, value in fields.items():
        form[name] = value
    form.post()
    return Proposal.objects.latest("changed_at")


def fresh(record):
    return type(record).objects.get(pk=record.pk)


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
    found = draft.citations.filter(source=source)
    assert {f"{citation.part}|{citation.field}" for citation in found} == set(facts)
    assert {citation.quotation for citation in found} == {"It was signed."}
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


# What was typed is kept


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


# The gate and the verbs


def test_an_uncited_draft_is_not_published(editor, reviewer, alice):
    record = make_agreement(by=alice, cited=False, milestones=[{"kind": "signed", "date": "2025"}])
    page = editor.get(address(record)).content.decode()
    assert "4 facts have no source" in page
    verb(editor, record, "submit")
    answer = verb(reviewer, record, "publish")
    assert "4 facts have no source" in said(answer)
    assert "milestones/signed · date" in said(answer)
    assert fresh(record).status == "in_review"


def test_submitted_returned_amended_and_published(editor, reviewer, draft):
    verb(editor, draft, "submit", comment="Please look")
    assert fresh(draft).status == "in_review"
    assert "Say what should change" in said(verb(reviewer, draft, "return"))
    verb(reviewer, draft, "return", comment="The title, please")
    assert fresh(draft).status == "draft"
    assert "The title, please" in editor.get(address(draft, "trail")).content.decode()

    form = open_form(editor, draft)
    form["title"] = "The better title"
    form.post()
    verb(editor, draft, "submit")
    answer = verb(reviewer, draft, "publish", comment="Good")

    assert "is now published" in said(answer)
    verbs = [(review.verb, review.by_name, review.comment) for review in draft.reviews.all()]
    assert verbs == [
        ("publish", "bob", "Good"),
        ("submit", "alice", ""),
        ("return", "bob", "The title, please"),
        ("submit", "alice", "Please look"),
    ]
    assert "The better title" in Client().get(draft.get_absolute_url()).content.decode()


def test_the_author_does_not_publish(draft, reviewer, bob):
    form = open_form(reviewer, draft)
    form["title"] = "Bob's own words"
    form.post()
    assert fresh(draft).changed_by == bob
    assert "does not publish" in said(verb(reviewer, draft, "publish"))
    assert fresh(draft).status == "draft"


def test_an_editor_does_not_publish(editor, draft):
    assert verb(editor, draft, "publish").status_code == 403
    assert verb(editor, draft, "return", comment="x").status_code == 403


def test_a_team_of_one_publishes_and_it_is_recorded(draft, reviewer, settings):
    form = open_form(reviewer, draft)
    form["title"] = "Alone"
    form.post()
    settings.CONCORDANCE_FOUR_EYES = False
    verb(reviewer, draft, "publish")
    assert fresh(draft).is_published
    assert draft.reviews.first().bypassed
    assert "without a second person" in reviewer.get(address(draft, "trail")).content.decode()


def test_an_administrator_may_say_so(draft, carol):
    client = sign_in(carol)
    form = open_form(client, draft)
    form["title"] = "Carol's"
    form.post()
    verb(client, draft, "publish")
    assert fresh(draft).status == "draft"
    verb(client, draft, "publish", bypass="on")
    assert draft.reviews.first().bypassed


def test_what_changed_since_the_reviewer_looked_is_not_published(editor, reviewer, draft):
    seen = next(fields for fields in forms_of(reviewer.get(address(draft))).values() if "seen" in fields)["seen"]
    form = open_form(editor, draft)
    form["title"] = "Slipped in"
    form.post()
    assert "changed while you looked" in said(verb(reviewer, draft, "publish", seen=seen))
    assert fresh(draft).status == "draft"


def test_withdrawn_with_a_reason(reviewer, published):
    assert "needs a reason" in said(verb(reviewer, published, "withdraw"))
    verb(reviewer, published, "withdraw", comment="It was another treaty.")
    answer = Client().get(published.get_absolute_url())
    assert answer.status_code == 410
    assert "It was another treaty." in answer.content.decode()
    assert Client().get(f"/api/v1/agreements/{published.slug}/").status_code == 410


def test_in_bulk_each_refusal_is_reported(editor, reviewer, draft, alice):
    bare = make_agreement(title="Bare", by=alice, cited=False)
    answer = in_bulk(editor, "submit_selected", draft, bare)
    assert "2 records: submitted" in said(answer)
    answer = in_bulk(reviewer, "publish_selected", draft, bare)
    assert "1 records: published" in said(answer)
    assert "Bare: Not published: 2 facts have no source" in said(answer)

    asked = in_bulk(reviewer, "withdraw_selected", draft, bare)
    assert fresh(draft).is_published
    assert draft.title in asked.content.decode()
    answer = in_bulk(reviewer, "withdraw_selected", draft, bare, reason="A mistake")
    assert "1 records: withdrawn" in said(answer)
    assert fresh(draft).withdrawn_reason == "A mistake"


def test_in_bulk_an_editor_only_submits(editor, draft):
    in_bulk(editor, "publish_selected", draft)
    assert fresh(draft).status == "draft"


# Changing what is published


def test_an_edit_changes_nothing_public_until_it_is_approved(editor, reviewer, published):
    visitor = Client()
    addresses = (
        published.get_absolute_url(), f"/api/v1/agreements/{published.slug}/", "/agreements/", "/api/v1/agreements/",
        "/search/?q=agreement",
    )  # fmt: skip
    form = open_form(editor, published)
    form["title"] = "The renamed agreement"
    form[form.row("milestones", key="signed") + "-place"] = "Washington"
    form.cite(["|title"], make_source(), "p. 9")
    form.add("clauses", number="3", heading="Term")
    before = [visitor.get(each).content for each in addresses]
    answer = form.post()

    assert "Kept as your proposal" in said(answer)
    assert [visitor.get(each).content for each in addresses] == before
    assert fresh(published).title == "The agreement"
    assert published.versions.count() == 1

    proposal = Proposal.objects.get()
    form = open_form(editor, published)
    assert form["title"] == ["The renamed agreement"]
    form.cite(["milestones/signed|place", "clauses/art-3-term|number"], make_source(), "p. 10")
    form.post()
    decide(editor, proposal, "submit")
    answer = decide(reviewer, proposal, "approve", comment="Right")

    assert "approved" in said(answer)
    assert "The renamed agreement" in visitor.get(published.get_absolute_url()).content.decode()
    assert published.versions.count() == 2
    assert fresh(published).clauses.count() == 3
    assert published.revisions.first().by_name == "alice"


def test_new_parts_of_a_proposal_are_edited_again(editor, published):
    form = open_form(editor, published)
    form.add("clauses", number="3", heading="Term")
    form.add("clauses", number="4", heading="Notice")
    form.post()
    # Each rehearsal writes the parts anew: rows of another record take the numbers in between.
    make_agreement(clauses=[{"heading": "Elsewhere"}, {"heading": "Elsewhere too"}])
    for heading in ("Term and end", "Term, end and renewal"):
        form = open_form(editor, published)
        form[form.row("clauses", key="art-3-term") + "-heading"] = heading
        make_agreement(clauses=[{"heading": "And again"}])
        assert "Kept as your proposal" in said(form.post())
    proposed = editor.get(address(published, "preview")).content.decode()
    assert "Term, end and renewal" in proposed
    assert "Notice" in proposed
    assert fresh(published).clauses.count() == 2


def test_new_parts_of_a_proposal_are_taken_out_again(editor, published):
    form = open_form(editor, published)
    form.add("clauses", number="3", heading="Term")
    form.post()
    form = open_form(editor, published)
    form[form.row("clauses", key="art-3-term") + "-DELETE"] = "on"
    form.post()
    assert not Proposal.objects.filter(state="open").exists()


def test_codings_of_a_proposal_name_its_own_clauses(editor, published):
    topic = make_topic("A1")
    form = open_form(editor, published)
    form.add("clauses", number="3", heading="Term")
    form.post()
    form = open_form(editor, published)
    coding = {"topic": str(topic.pk), "codebook": str(topic.since_id), "stance": "present", "basis": "text"}
    form.add("codings", **coding, clauses=["art-3-term"])
    assert "Kept as your proposal" in said(form.post())
    form = open_form(editor, published)
    row = form.row("codings", key="a1")
    assert form[f"{row}-clauses"] == ["art-3-term"]
    form[f"{row}-summary"] = "Five years."
    assert "Kept as your proposal" in said(form.post())


def test_a_proposal_is_returned_amended_and_approved_beside_another_edit(editor, reviewer, published):
    mine = propose(editor, published, title="Alice's title")
    decide(editor, mine, "submit")
    assert "Say what should change" in said(decide(reviewer, mine, "return"))
    decide(reviewer, mine, "return", comment="Cite it")
    assert "Cite it" in editor.get(address(published)).content.decode()

    dora = sign_in(make_user("editor", "dora"))
    theirs = propose(dora, published, title_es="El acuerdo")
    form = open_form(dora, published)
    form.cite(["|title_es"], make_source())
    form.post()
    decide(dora, theirs, "submit")
    decide(reviewer, theirs, "approve")

    form = open_form(editor, published)
    form.cite(["|title"], make_source())
    form.post()
    decide(editor, mine, "submit")
    decide(reviewer, mine, "approve")

    record = fresh(published)
    assert (record.title, record.title_es) == ("Alice's title", "El acuerdo")
    assert record.versions.count() == 3
    assert mine.record.proposals.filter(state="approved").count() == 2


@pytest.mark.parametrize(("side", "title"), [("mine", "Alice's title"), ("theirs", "Dora's title")])
def test_where_both_changed_the_same_place_the_reviewer_chooses(editor, reviewer, published, side, title):
    mine = propose(editor, published, title="Alice's title")
    dora = sign_in(make_user("editor", "dora"))
    theirs = propose(dora, published, title="Dora's title")
    for client, proposal in ((editor, mine), (dora, theirs)):
        decide(client, proposal, "submit")
    decide(reviewer, theirs, "approve")

    page = reviewer.get(reverse("admin:sources_proposal_change", args=[mine.pk])).content.decode()
    assert "Changed on both sides" in page
    assert "Dora&#x27;s title" in page
    assert "Choose a side" in said(decide(reviewer, mine, "approve"))
    assert fresh(published).title == "Dora's title"
    decide(reviewer, mine, "approve", **{"side:title": side})
    assert fresh(published).title == title
    mine.refresh_from_db()
    assert mine.state == "approved"


def test_what_changed_since_the_reviewer_looked_is_not_approved(editor, reviewer, published):
    proposal = propose(editor, published, title="Harmless")
    decide(editor, proposal, "submit")
    page = reviewer.get(reverse("admin:sources_proposal_change", args=[proposal.pk]))
    seen = next(fields for fields in forms_of(page).values() if "seen" in fields)["seen"]
    propose(editor, published, title="Harmful")
    decide(editor, proposal, "submit")
    assert "changed while you looked" in said(decide(reviewer, proposal, "approve", seen=seen))
    assert fresh(published).title == "The agreement"


def test_a_proposal_with_a_gap_is_not_approved(editor, reviewer, published):
    proposal = propose(editor, published, title_es="Sin fuente")
    decide(editor, proposal, "submit")
    assert "1 facts have no source" in said(decide(reviewer, proposal, "approve"))
    assert fresh(published).title_es == ""
    proposal.refresh_from_db()
    assert proposal.state == "submitted"


def test_nobody_approves_the_own_proposal(reviewer, published):
    proposal = propose(reviewer, published, title="Bob's title")
    decide(reviewer, proposal, "submit")
    assert "does not publish" in said(decide(reviewer, proposal, "approve"))
    assert decide(reviewer, proposal, "approve", bypass="on").status_code == 403
    assert fresh(published).title == "The agreement"


def test_an_editor_decides_nothing_but_the_own_proposal(editor, published):
    dora = sign_in(make_user("editor", "dora"))
    proposal = propose(dora, published, title="Dora's")
    for name in ("submit", "approve", "return", "discard"):
        assert decide(editor, proposal, name, comment="x").status_code == 403


def test_a_proposal_is_discarded(editor, reviewer, published):
    proposal = propose(editor, published, title="No")
    decide(editor, proposal, "discard")
    assert open_form(editor, published)["title"] == ["The agreement"]
    proposal.refresh_from_db()
    assert proposal.state == "discarded"
    assert "now" in said(decide(reviewer, proposal, "approve"))


def test_a_proposal_does_not_bring_back_what_was_withdrawn(editor, reviewer, published):
    proposal = propose(editor, published, title="Still here")
    decide(editor, proposal, "submit")
    verb(reviewer, published, "withdraw", comment="Wrong treaty")
    assert "not public now" in said(decide(reviewer, proposal, "approve"))
    assert fresh(published).status == "withdrawn"


def test_a_proposal_that_can_no_longer_be_made_is_explained(editor, published, paraguay):
    ministry = make_organisation(slug="lost-ministry", status="published")
    form = open_form(editor, published)
    form.add("parties", organisation=str(ministry.pk))
    form.post()
    ministry.delete()
    answer = editor.get(address(published), follow=True)
    assert "lost-ministry" in said(answer)
    assert answer.request["PATH_INFO"] == reverse("admin:sources_proposal_change", args=[Proposal.objects.get().pk])
    preview = editor.get(address(published, "preview"), follow=True)
    assert preview.status_code == 200
    assert "There is nothing to preview" in said(preview)


# Preview


def test_the_preview_shows_the_draft_as_readers_will_see_it(editor, draft):
    answer = editor.get(address(draft, "preview"))
    assert "The agreement" in answer.content.decode()
    assert "private" in answer["Cache-Control"]
    assert "no-store" in answer["Cache-Control"]
    assert "ETag" not in answer
    assert fresh(draft).status == "draft"


def test_the_preview_shows_a_proposal(editor, reviewer, published):
    proposal = propose(editor, published, title="Not yet")
    assert "Not yet" in editor.get(address(published, "preview")).content.decode()
    assert "Not yet" not in reviewer.get(address(published, "preview")).content.decode()
    answer = reviewer.get(address(published, "preview"), {"proposal": proposal.pk})
    assert "Not yet" in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    assert reviewer.get(address(published, "preview"), {"proposal": proposal.pk + 1}).status_code == 404


def test_the_preview_is_not_answered_from_a_cache(editor, published):
    propose(editor, published, title="Not yet")
    etag = Client().get(published.get_absolute_url())["ETag"]
    answer = editor.get(address(published, "preview"), headers={"If-None-Match": etag})
    assert answer.status_code == 200


def test_strangers_learn_nothing_from_a_preview(draft):
    visitor = Client()
    assert visitor.get(draft.get_absolute_url()).status_code == 404
    there, not_there = (
        visitor.get(reverse("admin:agreements_agreement_preview", args=[number])) for number in (draft.pk, 999_999)
    )
    assert there.status_code == not_there.status_code == 302
    assert there["Location"].startswith("/admin/login/")
    viewer = sign_in(make_user("viewer", "vera"))
    assert viewer.get(address(draft, "preview") + "?proposal=1").status_code == 404


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


def test_who_else_is_here(editor, reviewer, draft):
    editor.get(address(draft))
    assert "Also open here: alice" in " ".join(reviewer.get(address(draft)).content.decode().split())
    assert reviewer.post(address(draft, "presence")).json() == {"others": ["alice"]}
    assert editor.post(address(draft, "presence")).json() == {"others": ["bob"]}
    Presence.objects.filter(user__username="bob").delete()
    assert editor.post(address(draft, "presence")).json() == {"others": []}
    assert editor.get(address(draft, "presence")).status_code == 405


# Undoing


def restore(client, record, **data):
    return client.post(address(record, "restore"), data, follow=True)


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
    assert offer in page
    assert "Bring back the value before" in page


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


# Those who may only look


def test_a_viewer_reads_what_readers_read_and_changes_nothing(victor, published):
    viewer = sign_in(victor)
    page = viewer.get(address(published))
    assert page.status_code == 200
    assert "The agreement" in page.content.decode()
    assert "_base" not in page.content.decode()
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
