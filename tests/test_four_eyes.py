"""Nobody publishes a change of their own: every author since the last publication counts, not only the last one."""

import pytest

from sources.models import Adjudication, Proposal
from sources.records.status import VerbRefused
from tests.cast import make_user, sign_in
from tests.desk import decide, fresh, in_bulk, propose, restore, verb
from tests.factory import make_agreement, make_finding, make_organisation, make_person, make_source
from tests.forms import RULINGS, add_form, open_form, said

pytestmark = pytest.mark.django_db
REFUSED = "does not publish"


@pytest.fixture
def other_reviewer(db):
    return sign_in(make_user("reviewer", "ruth"))


def retitle(client, record, title):
    form = open_form(client, record)
    form["title"] = title
    return form.post()


@pytest.fixture
def bobs(bob, paraguay):
    """Bob, who reviews, wrote this draft himself."""
    return make_agreement(slug="bobs", by=bob)


def test_a_reviewer_does_not_publish_the_own_draft_after_an_editors_comma(editor, reviewer, other_reviewer, bobs):
    retitle(editor, bobs, "An agreement, amended")
    assert fresh(bobs).changed_by.username == "alice"
    assert REFUSED in said(verb(reviewer, bobs, "publish"))
    assert REFUSED in said(in_bulk(reviewer, "publish_selected", bobs))
    assert fresh(bobs).status == "draft"
    assert "published" in said(verb(other_reviewer, bobs, "publish"))


def test_each_kind_of_hand_counts(reviewer, other_reviewer, draft):
    """A citation, a ruling and a return to an earlier state are work on the record like any other."""
    for change in (cite, rule, go_back):
        change(reviewer, draft)
        assert draft.revisions.first().by_name == "bob", change.__name__
        assert REFUSED in said(verb(reviewer, draft, "publish")), change.__name__
    assert "published" in said(verb(other_reviewer, draft, "publish"))


def cite(client, record):
    form = open_form(client, record)
    form.cite(["|title"], make_source(), "p. 9")
    form.post()


def rule(client, record):
    form = open_form(client, record)
    form.add(RULINGS, fact="|title", state="open", reason="They differ.", ruled_by="The editors", ruled_on="2026-01-15")
    form.post()
    assert Adjudication.objects.filter(reason="They differ.").exists()


def go_back(client, record):
    restore(client, record, revision="1")


def test_a_publication_closes_the_account(reviewer, other_reviewer, bobs):
    """After somebody else has published a change, its author may publish the record again."""
    verb(other_reviewer, bobs, "publish")
    verb(other_reviewer, bobs, "withdraw", comment="For a day.")
    assert "published" in said(verb(reviewer, bobs, "publish"))


def test_fixtures_have_no_author(reviewer, paraguay):
    loaded = make_agreement(by=None)
    assert "published" in said(verb(reviewer, loaded, "publish"))


def test_an_administrator_overrules_it_and_the_review_says_so(carol, alice, paraguay):
    record = make_agreement(by=carol)
    retitle(sign_in(alice), record, "An agreement, amended")
    client = sign_in(carol)
    assert REFUSED in said(verb(client, record, "publish"))
    verb(client, record, "publish", bypass="on")
    assert fresh(record).is_published
    assert record.reviews.first().bypassed


def test_a_reviewer_does_not_approve_a_proposal_that_is_partly_the_reviewers_own(
    editor, reviewer, other_reviewer, published
):
    proposal = propose(editor, published, title="Alice's title")
    decide(editor, proposal, "submit")
    form = open_form(reviewer, published, proposal=proposal.pk)
    form["title"] = "Bob's title"
    form.post()
    retitle(editor, published, "Alice's last word")
    decide(editor, proposal, "submit")
    assert REFUSED in said(decide(reviewer, proposal, "approve")), "whatever the author made of it afterwards"
    assert "approved" in said(decide(other_reviewer, proposal, "approve"))
    assert not published.reviews.first().bypassed


def test_an_administrator_who_amended_overrules_it_and_the_review_says_so(editor, carol, published):
    proposal, client = propose(editor, published, title="Alice's title"), sign_in(carol)
    decide(editor, proposal, "submit")
    form = open_form(client, published, proposal=proposal.pk)
    form["title"] = "Carol's title"
    form.post()
    decide(editor, proposal, "submit")
    assert REFUSED in said(decide(client, proposal, "approve"))
    decide(client, proposal, "approve", bypass="on")
    assert fresh(published).title == "Carol's title"
    assert published.reviews.first().bypassed


def test_a_finding_and_a_publisher_are_no_different(bob, reviewer, other_reviewer, editor):
    finding = make_finding(status="draft", by=bob)
    form = open_form(editor, finding)
    form["question"] = "Whether the text is public, anywhere."
    form.post()
    assert REFUSED in said(verb(reviewer, finding, "publish"))
    assert "published" in said(verb(other_reviewer, finding, "publish"))

    publisher = make_source().publisher
    form = open_form(reviewer, publisher)
    form["name"] = "Another name"
    form.post()
    proposal = Proposal.objects.get()
    decide(reviewer, proposal, "submit")
    assert REFUSED in said(decide(reviewer, proposal, "approve"))
    assert "approved" in said(decide(other_reviewer, proposal, "approve"))


def test_a_record_that_was_added_on_the_form_has_its_author(reviewer, paraguay):
    from people.models import Organisation

    form = add_form(reviewer, Organisation)
    form["slug"], form["name"], form["kind"] = "the-ministry", "The ministry", "ministry"
    form.post()
    record = Organisation.objects.get(slug="the-ministry")
    form = open_form(reviewer, record)
    form.cite(["|name"], make_source())
    form.post()
    assert REFUSED in said(verb(reviewer, record, "publish"))


def test_a_merger_makes_no_unreviewed_post_public_by_its_authors_hand(bob, alice):
    body = make_organisation(slug="ministry", status="published")
    post = {"key": "minister", "label": "Minister"}
    twin = make_organisation(slug="the-ministry", name="The ministry", posts=[post], by=bob)
    make_person(memberships=[{"organisation": "the-ministry", "post": "the-ministry/minister"}])

    with pytest.raises(VerbRefused, match=REFUSED):
        twin.merge(body, bob, "The same body.")
    assert fresh(twin).status == "draft"
    assert not fresh(body).posts.exists()

    fresh(twin).merge(body, alice, "The same body.")
    assert fresh(body).posts.get().label == "Minister"
