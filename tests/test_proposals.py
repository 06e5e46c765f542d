"""An edit of what is published changes nothing public until somebody else approves it."""

import pytest
from django.test import Client
from django.urls import reverse

from sources.models import Proposal
from tests.cast import make_user, sign_in
from tests.desk import decide, fresh, propose, verb
from tests.factory import (
    make_agreement,
    make_organisation,
    make_source,
    make_topic,
)
from tests.forms import address, forms_of, open_form, said

pytestmark = pytest.mark.django_db


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
    # The parts of a proposal have other primary keys each time they are written.
    make_agreement(clauses=[{"heading": "Elsewhere"}, {"heading": "Elsewhere too"}])
    for heading in ("Term and end", "Term, end and renewal"):
        form = open_form(editor, published)
        form[form.row("clauses", key="art-3-term") + "-heading"] = heading
        make_agreement(clauses=[{"heading": "And again"}])
        assert "Kept as your proposal" in said(form.post())
    proposed = editor.post(address(published, "preview")).content.decode()
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


@pytest.mark.parametrize("also", ["nothing else", "an entry goes", "an entry comes"])
def test_another_order_is_shown_whatever_else_changed(editor, also):
    record = make_agreement(
        slug="ordered", clauses=[{"heading": heading} for heading in ("One", "Two", "Three")], status="published"
    )
    form = open_form(editor, record)
    form[form.row("clauses", key="one") + "-order"] = "2"
    form[form.row("clauses", key="two") + "-order"] = "1"
    if also == "an entry goes":
        form[form.row("clauses", key="three") + "-DELETE"] = "on"
    if also == "an entry comes":
        form.add("clauses", heading="Four")
    form.post()
    changed = {change.path: change for change in Proposal.objects.get().changes()}
    assert changed["clauses"].after.index("two") < changed["clauses"].after.index("one")


def test_an_entry_that_goes_is_no_other_order(editor, published):
    form = open_form(editor, published)
    form["clauses-0-DELETE"] = "on"
    form.add("clauses", number="3", heading="Term")
    form.post()
    assert "clauses" not in {change.path for change in Proposal.objects.get().changes()}


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


def test_a_proposal_changed_since_the_review_is_not_approved(editor, reviewer, published):
    proposal = propose(editor, published, title="Harmless")
    decide(editor, proposal, "submit")
    page = reviewer.get(reverse("admin:sources_proposal_change", args=[proposal.pk]))
    seen = next(fields for fields in forms_of(page).values() if "seen" in fields)["seen"]
    propose(editor, published, title="Harmful")
    decide(editor, proposal, "submit")
    assert "changed while you looked" in said(decide(reviewer, proposal, "approve", seen=seen))
    assert fresh(published).title == "The agreement"


# A reviewer edits it


@pytest.fixture
def submitted(editor, published):
    proposal = propose(editor, published, title="A longish title")
    decide(editor, proposal, "submit")
    return proposal


def test_an_amended_proposal_returns_to_its_author_and_needs_another_reviewer(editor, reviewer, published, submitted):
    form = open_form(reviewer, published, proposal=submitted.pk)
    assert form["title"] == ["A longish title"]
    form["title"] = "A short title"
    answer = form.post(_comment="Shorter")

    assert "back with alice" in said(answer)
    submitted.refresh_from_db()
    assert (submitted.state, submitted.decided_by_name) == ("returned", "bob")
    assert "Shorter" in submitted.answer
    assert "title" in submitted.answer.lower()
    assert fresh(published).title == "The agreement"
    assert "cannot be done now" in said(decide(reviewer, submitted, "approve")), "nobody else has seen the amendment"

    assert open_form(editor, published)["title"] == ["A short title"]
    decide(editor, submitted, "submit")
    assert "does not publish" in said(decide(reviewer, submitted, "approve")), "half of it is the reviewer's own"
    assert fresh(published).title == "The agreement"
    decide(sign_in(make_user("reviewer", "ruth")), submitted, "approve")
    assert fresh(published).title == "A short title"
    assert list(published.reviews.order_by("pk").values_list("verb", "by_name"))[-4:] == [
        ("submit", "alice"), ("amend", "bob"), ("submit", "alice"), ("publish", "ruth"),
    ]  # fmt: skip


def test_a_reviewer_who_changes_nothing_leaves_the_proposal_as_it_is(reviewer, published, submitted):
    assert "Nothing was changed" in said(open_form(reviewer, published, proposal=submitted.pk).post())
    submitted.refresh_from_db()
    assert submitted.state == "submitted"


def test_a_proposal_that_its_author_took_up_again_is_not_edited_over(editor, reviewer, published, submitted):
    form = open_form(reviewer, published, proposal=submitted.pk)
    propose(editor, published, title="The author's second thought")
    form["title"] = "The reviewer's title"
    answer = form.post()
    assert answer.status_code == 409
    assert "The reviewer&#x27;s title" in answer.content.decode(), "what was typed is kept"
    submitted.refresh_from_db()
    assert "second thought" in submitted.dossier
    answer = reviewer.get(address(published), {"proposal": submitted.pk}, follow=True)
    assert "cannot be done now" in said(answer)


def test_a_proposal_that_was_handed_in_anew_meanwhile_is_not_edited_over(editor, reviewer, published, submitted):
    form = open_form(reviewer, published, proposal=submitted.pk)
    propose(editor, published, title="The author's second thought")
    decide(editor, submitted, "submit")
    form["title"] = "The reviewer's title"
    assert "changed while you looked" in form.post().content.decode()
    submitted.refresh_from_db()
    assert "second thought" in submitted.dossier


def test_an_amendment_that_breaks_a_rule_is_shown_with_what_was_typed(reviewer, published, submitted):
    form = open_form(reviewer, published, proposal=submitted.pk)
    form["title"] = ""
    answer = form.post()
    assert answer.context["errors"]
    submitted.refresh_from_db()
    assert submitted.state == "submitted"


def test_editors_do_not_edit_the_proposals_of_others(published, submitted):
    dora = sign_in(make_user("editor", "dora"))
    assert dora.get(address(published), {"proposal": submitted.pk}).status_code == 403
    assert dora.get(address(published), {"proposal": "999999"}).status_code == 404


def test_the_own_proposal_is_edited_as_ever(reviewer, published):
    proposal = propose(reviewer, published, title="Bob's title")
    decide(reviewer, proposal, "submit")
    form = open_form(reviewer, published, proposal=proposal.pk)
    form["title"] = "Bob's other title"
    assert "Kept as your proposal" in said(form.post())
    proposal.refresh_from_db()
    assert proposal.state == "open"


def test_a_proposal_with_a_gap_is_not_approved(editor, reviewer, published):
    proposal = propose(editor, published, title_es="Sin fuente")
    decide(editor, proposal, "submit")
    assert "1 fact has no source" in said(decide(reviewer, proposal, "approve"))
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


def test_its_author_alone_hands_a_proposal_in(editor, reviewer, published):
    proposal = propose(editor, published, title="Half a sentence")
    assert decide(reviewer, proposal, "submit").status_code == 403
    proposal.refresh_from_db()
    assert proposal.state == "open"


def test_a_proposal_is_discarded(editor, reviewer, published):
    proposal = propose(editor, published, title="No")
    decide(editor, proposal, "discard", confirmed="1")
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
    preview = editor.post(address(published, "preview"), follow=True)
    assert preview.status_code == 200
    assert "There is nothing to preview" in said(preview)
