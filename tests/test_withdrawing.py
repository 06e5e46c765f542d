"""Before a record is withdrawn, the reviewer reads what readers lose with it."""

import pytest

from sources.desk import withdrawal_effects
from tests.desk import fresh, in_bulk, verb
from tests.factory import cite_everything, make_agreement, make_finding, make_organisation, make_source
from tests.forms import forms_of, said

pytestmark = pytest.mark.django_db


@pytest.fixture
def gazette():
    return make_source(slug="gazette", title="The gazette")


@pytest.fixture
def resting(gazette, alice, paraguay):
    """A published agreement whose facts, except the title, rest on the gazette alone."""
    record = make_agreement(
        slug="the-pact", title="The pact", by=alice, cited=False, parties=[{"organisation": "pry"}],
        milestones=[{"kind": "signed", "date": "2025"}],
    )  # fmt: skip
    cite_everything(record, gazette)
    record.citations.create(field="title", source=make_source(), locator="p. 1")
    record.publish(by=None)
    return record


def effect_of(*records):
    effect = withdrawal_effects.of_withdrawal(records)
    return [{str(record): words for record, words in part} for part in (effect.unsourced, effect.unshown)]


def confirm(client, asked):
    """Answer the question as it was asked."""
    fields = next(fields for fields in forms_of(asked).values() if "accepted" in fields)
    address = next(name for name, form in forms_of(asked).items() if form is fields or form == fields)
    return client.post(address or asked.request["PATH_INFO"], fields, follow=True)


def test_the_facts_that_lose_their_only_source_are_named(reviewer, gazette, resting):
    asked = verb(reviewer, gazette, "withdraw", comment="A forgery.")
    page = " ".join(asked.content.decode().split())
    assert "The pact" in page
    lost = len(effect_of(gazette)[0]["The pact"])
    assert lost >= 3
    assert f"{lost} facts lose their only source" in page
    assert "Milestone: signed 2025 · date" in page
    assert not any("itle" in words for words in effect_of(gazette)[0]["The pact"])
    assert fresh(gazette).is_published

    assert "withdrawn" in said(confirm(reviewer, asked))
    assert fresh(gazette).withdrawn_reason == "A forgery."
    assert fresh(resting).uncited_count == lost


def test_an_answer_to_another_question_is_none(reviewer, gazette, resting, alice):
    """While the reviewer reads, another record comes to rest on the source."""
    asked = verb(reviewer, gazette, "withdraw", comment="A forgery.")
    other = make_agreement(title="Another pact", by=alice, cited=False)
    cite_everything(other, gazette)
    other.publish(by=None)
    again = confirm(reviewer, asked)
    assert "Another pact" in again.content.decode()
    assert fresh(gazette).is_published
    confirm(reviewer, again)
    assert fresh(gazette).status == "withdrawn"


def test_many_at_once_are_asked_about_together(reviewer, gazette, resting):
    """The title has two sources: it is unsourced only if both go."""
    other = resting.citations.exclude(source=gazette).get().source
    assert any("itle" in words for words in effect_of(gazette, other)[0]["The pact"])
    asked = in_bulk(reviewer, "withdraw_selected", gazette, other, reason="Forgeries.")
    lost = len(effect_of(gazette, other)[0]["The pact"])
    assert f"{lost} facts lose their only source" in " ".join(asked.content.decode().split())
    assert fresh(gazette).is_published
    confirm(reviewer, asked)
    assert {fresh(gazette).status, fresh(other).status} == {"withdrawn"}


def test_entries_that_name_it_are_named(reviewer, resting, paraguay):
    asked = verb(reviewer, paraguay, "withdraw", comment="A mistake.")
    assert "The pact" in asked.content.decode()
    assert effect_of(paraguay) == [{}, {"The pact": ["Party: Paraguay"]}]
    assert fresh(paraguay).is_published
    confirm(reviewer, asked)
    assert fresh(paraguay).status == "withdrawn"


def test_a_finding_is_cited_as_a_source_is(reviewer, published):
    finding = make_finding(question="Is there a text?", status="published")
    published.citations.filter(field="title").delete()
    published.citations.create(field="title", finding=finding, locator="the search of May")
    asked = verb(reviewer, finding, "withdraw", comment="Not looked well.")
    assert "1 fact loses its only source" in " ".join(asked.content.decode().split())
    assert fresh(finding).status == "published"
    confirm(reviewer, asked)
    assert fresh(finding).status == "withdrawn"


def test_a_withdrawal_without_effect_needs_no_second_step(reviewer, resting, alice):
    assert "withdrawn" in said(verb(reviewer, resting, "withdraw", comment="Another treaty."))


def test_drafts_and_what_goes_along_lose_nothing(gazette, resting, alice):
    draft = make_agreement(title="A draft", by=alice, cited=False)
    cite_everything(draft, gazette)
    assert list(effect_of(gazette)[0]) == ["The pact"]
    assert effect_of(gazette, resting) == [{}, {}]


def test_a_source_that_disputes_or_mentions_supports_nothing(gazette, published):
    published.citations.create(field="title", source=gazette, locator="p. 1", stance="disputes", value="Another")
    assert effect_of(gazette) == [{}, {}]
    assert effect_of(make_organisation(status="published")) == [{}, {}]
