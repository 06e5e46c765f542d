"""From a draft to the public: the gate, the verbs, and what a preview shows."""

import pytest
from django.test import Client
from django.urls import reverse

from sources.desk.saving_edits import store
from tests.cast import make_user, sign_in
from tests.desk import fresh, in_bulk, propose, verb
from tests.factory import (
    cite_everything,
    make_agreement,
)
from tests.forms import address, forms_of, open_form, said

pytestmark = pytest.mark.django_db


# The gate and the verbs


def test_an_uncited_draft_is_not_published(editor, reviewer, alice):
    record = make_agreement(by=alice, cited=False, milestones=[{"kind": "signed", "date": "2025"}])
    page = editor.get(address(record)).content.decode()
    assert "4 facts have no source" in page
    verb(editor, record, "submit")
    answer = verb(reviewer, record, "publish")
    assert "4 facts have no source" in said(answer)
    assert "Milestone: signed 2025 · date" in said(answer)
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


def test_a_returned_draft_says_why_who_and_when_until_it_is_handed_in_again(editor, reviewer, draft):
    verb(editor, draft, "submit")
    verb(reviewer, draft, "return", comment="The title, please")
    review = draft.reviews.first()
    changelist = reverse("admin:agreements_agreement_changelist")
    worklist = reverse("admin:worklist", args=["returned"])

    screen = editor.get(address(draft)).content.decode()
    assert "bob returned this draft:" in screen
    assert "The title, please" in screen
    assert f'<time datetime="{review.at:%Y-%m-%dT%H:%M}' in screen
    assert "Returned by bob: The title, please" in editor.get(changelist).content.decode()
    (row,) = editor.get(worklist).context["rows"]
    assert (row.detail, row.since) == ("Returned by bob: The title, please", review.at)

    verb(editor, draft, "submit")
    for place in (address(draft), changelist, worklist):
        assert "The title, please" not in editor.get(place).content.decode()


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


def test_a_record_changed_since_the_review_is_not_published(editor, reviewer, draft):
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
    assert "1 record: published" in said(answer)
    assert "Bare: Not published: 2 facts have no source" in said(answer)

    asked = in_bulk(reviewer, "withdraw_selected", draft, bare)
    assert fresh(draft).is_published
    assert draft.title in asked.content.decode()
    answer = in_bulk(reviewer, "withdraw_selected", draft, bare, reason="A mistake")
    assert "1 record: withdrawn" in said(answer)
    assert fresh(draft).withdrawn_reason == "A mistake"


def test_in_bulk_an_editor_only_submits(editor, draft):
    in_bulk(editor, "publish_selected", draft)
    assert fresh(draft).status == "draft"


# Preview


def test_the_preview_shows_the_draft_as_readers_will_see_it(editor, draft):
    answer = editor.post(address(draft, "preview"))
    assert 'id="note-1"' in answer.content.decode(), "the notes of a preview stand nowhere else"
    assert "The agreement" in answer.content.decode()
    assert "private" in answer["Cache-Control"]
    assert "no-store" in answer["Cache-Control"]
    assert "ETag" not in answer
    assert fresh(draft).status == "draft"


def test_the_address_of_a_preview_leads_to_the_record_since_a_preview_writes(editor, draft):
    assert editor.get(address(draft, "preview")).url == address(draft)


def test_the_preview_shows_a_proposal(editor, reviewer, published):
    proposal = propose(editor, published, title="Not yet")
    assert "Not yet" in editor.post(address(published, "preview")).content.decode()
    assert "Not yet" not in reviewer.post(address(published, "preview")).content.decode()
    answer = reviewer.post(f"{address(published, 'preview')}?proposal={proposal.pk}")
    assert "Not yet" in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    assert reviewer.post(f"{address(published, 'preview')}?proposal={proposal.pk + 1}").status_code == 404


def test_the_preview_is_not_answered_from_a_cache(editor, published):
    propose(editor, published, title="Not yet")
    etag = Client().get(published.get_absolute_url())["ETag"]
    answer = editor.post(address(published, "preview"), headers={"If-None-Match": etag})
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
    assert viewer.post(address(draft, "preview") + "?proposal=1").status_code == 404


def test_saving_publishing_and_approving_take_few_queries(draft, alice, bob, django_assert_max_num_queries):
    """However many clauses there are; savepoints are among them."""
    state = draft.dossier()
    clauses = [
        {"key": f"art-{number}", "number": str(number), "heading": f"Article {number}"} for number in range(3, 40)
    ]
    with django_assert_max_num_queries(40):
        store(draft, alice, state, {**state, "clauses": [*state["clauses"], *clauses]})
    draft.refresh_from_db()
    cite_everything(draft)
    draft.submit(by=alice)
    with django_assert_max_num_queries(65):
        draft.publish(by=bob)

    state = draft.dossier()
    proposal = draft.propose(alice, state, {**state, "title_note": "As the ministry calls it"})
    proposal.submit(alice)
    with django_assert_max_num_queries(95):
        proposal.approve(bob)
