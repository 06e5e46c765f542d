"""The questions of a join: whose value, both rows, or another text; named, checked like the form, and asked without loss."""

import pytest
from django.urls import reverse

from sources.models import Proposal
from sources.records import dossier_diff
from tests.cast import make_user, sign_in
from tests.desk import decide, fresh, propose, restore
from tests.factory import make_source, make_topic
from tests.forms import address, forms_of, open_form, said

pytestmark = pytest.mark.django_db


def collide(editor, reviewer, record, type_one, type_other):
    """Both have the form open; Alice saves first. Returns what Bob gets."""
    one, other = open_form(editor, record), open_form(reviewer, record)
    type_one(one)
    type_other(other)
    assert "Saved" in said(one.post())
    return other.post()


def settle(client, record, screen, **answers):
    """Answer the conflict screen: ``{name of the field: value}``."""
    kept = forms_of(screen)[address(record, "settle")]
    return client.post(address(record, "settle"), {**kept, **answers}, follow=True)


def titles(editor, reviewer, record):
    return collide(
        editor, reviewer, record,
        lambda form: form.update(title=["Alice's title"]), lambda form: form.update(title=["Bob's title"]),
    )  # fmt: skip


# Who says what


def test_theirs_has_a_name_and_a_time(editor, reviewer, draft):
    screen = titles(editor, reviewer, draft)
    (question,) = screen.context["conflicts"]
    assert (question.author.by, question.author.at) == ("alice", draft.revisions.first().at)
    assert "(alice, <time" in " ".join(screen.content.decode().split())


def test_the_name_is_of_whoever_changed_that_place_and_not_of_the_last_save(editor, reviewer, draft):
    """Dora saves another field after Alice, before Bob."""
    other = open_form(reviewer, draft)
    first = open_form(editor, draft)
    first["title"], other["title"] = "Alice's title", "Bob's title"
    first.post()
    dora = open_form(sign_in(make_user("editor", "dora")), draft)
    dora["note"] = "Dora's note"
    dora.post()
    assert [question.author.by for question in other.post().context["conflicts"]] == ["alice"]


def test_in_the_own_proposal_it_is_the_own_name_or_that_of_the_reviewer_who_amended(editor, reviewer, published):
    proposal = propose(editor, published, title="First")
    stale = open_form(editor, published)
    propose(editor, published, title="From another window")
    stale["title"] = "From this one"
    assert [question.author.by for question in stale.post().context["conflicts"]] == ["alice"]

    decide(editor, proposal, "submit")
    stale = open_form(editor, published)
    amended = open_form(reviewer, published, proposal=proposal.pk)
    amended["title"] = "Amended"
    amended.post()
    stale["title"] = "From this one"
    assert [question.author.by for question in stale.post().context["conflicts"]] == ["bob"]


# Two added rows


def add_talks(date, place):
    return lambda form: form.add("milestones", kind="talks", date=date, place=place)


@pytest.mark.parametrize(
    ("side", "dates"),
    [("theirs", ["2024"]), ("mine", ["2025"]), ("both", ["2024", "2025"])],
)
def test_two_added_rows_are_a_choice_of_one_or_both(editor, reviewer, draft, side, dates):
    screen = collide(editor, reviewer, draft, add_talks("2024", "Asunción"), add_talks("2025", "Washington"))
    (question,) = screen.context["conflicts"]
    assert question.path == "milestones/talks"
    answer = settle(reviewer, draft, screen, **{"side:milestones/talks": side})
    # Who keeps the other's row has changed nothing.
    assert ("Nothing was changed" if side == "theirs" else "Saved.") in said(answer)
    rows = fresh(draft).milestones.filter(kind="talks").order_by("date")
    assert [str(row.date) for row in rows] == dates
    assert [row.key for row in rows] == ["talks", "talks-2"][: len(dates)]


def test_two_added_rows_that_say_the_same_are_one(editor, reviewer, draft):
    answer = collide(editor, reviewer, draft, add_talks("2024", ""), add_talks("2024", ""))
    assert "Nothing was changed" in said(answer)
    assert fresh(draft).milestones.filter(kind="talks").count() == 1


def test_references_follow_a_row_that_gets_another_key(draft):
    """Bob's coding rests on his own third clause, not on Alice's."""
    topic = make_topic("A1")
    base, theirs, mine = draft.dossier(), draft.dossier(), draft.dossier()
    clause = {"key": "art-3-term", "number": "3", "heading": "Term"}
    theirs["clauses"] = [*base["clauses"], {**clause, "summary": "Ten years."}]
    mine["clauses"] = [*base["clauses"], {**clause, "summary": "Five years."}]
    coding = {"key": "a1", "topic": topic.slug, "codebook": "1-0", "stance": "present", "basis": "text"}
    mine["codings"] = [{**coding, "clauses": ["art-3-term"]}]
    state, conflicts = dossier_diff.merge(
        base,
        theirs,
        mine,
        draft.PARTS,
        {"clauses/art-3-term": dossier_diff.BOTH},
        [(("codings", "clauses"), "clauses")],
    )
    assert not conflicts
    assert {entry["key"]: entry.get("summary") for entry in state["clauses"]} == {
        "art-1-scope": None, "art-2-claims": None, "art-3-term": "Ten years.", "art-3-term-2": "Five years.",
    }  # fmt: skip
    assert state["codings"][0]["clauses"] == ["art-3-term-2"]


def test_both_where_only_one_may_be_is_said_beside_the_choice(editor, reviewer, draft):
    """Two codings of one topic for the same people."""
    topic = make_topic("A1")
    coding = {"topic": str(topic.pk), "codebook": str(topic.since_id), "basis": "text"}
    screen = collide(
        editor, reviewer, draft,
        lambda form: form.add("codings", **coding, stance="silent"),
        lambda form: form.add("codings", **coding, stance="inconclusive"),
    )  # fmt: skip
    again = settle(reviewer, draft, screen, **{"side:codings/a1": "both"})
    (question,) = again.context["conflicts"]
    assert question.error
    assert question.side == "both"
    assert [row.stance for row in fresh(draft).codings.all()] == ["silent"]
    settle(reviewer, draft, again, **{"side:codings/a1": "mine"})
    assert [row.stance for row in fresh(draft).codings.all()] == ["inconclusive"]


# Another text


def test_a_third_text_is_taken(editor, reviewer, draft):
    screen = titles(editor, reviewer, draft)
    answer = settle(reviewer, draft, screen, **{"side:title": "text", "text:title": " What both meant "})
    assert "Saved." in said(answer)
    assert fresh(draft).title == "What both meant"
    assert draft.revisions.first().by_name == "bob"


@pytest.mark.parametrize("text", ["", "x" * 2000, "Turned \u202e round"])
def test_a_third_text_keeps_the_rules_of_its_field_and_the_other_choices_stand(editor, reviewer, draft, text):
    def both(word):
        return lambda form: form.update(title=[f"{word} title"], note=[f"{word} note"])

    screen = collide(editor, reviewer, draft, both("Alice's"), both("Bob's"))
    answers = {"side:title": "text", "text:title": text, "side:note": "mine"}
    again = settle(reviewer, draft, screen, **answers)
    asked = {question.path: question for question in again.context["conflicts"]}
    assert asked["title"].error
    assert not asked["note"].error
    assert (asked["title"].side, asked["title"].text, asked["note"].side) == ("text", text, "mine")
    assert fresh(draft).title == "Alice's title"
    settle(reviewer, draft, again, **answers | {"text:title": "A good one"})
    record = fresh(draft)
    assert (record.title, record.note) == ("A good one", "Bob's note")


def test_a_date_is_checked_as_a_date(editor, reviewer, draft):
    def dated(date):
        return lambda form: form.update({form.row("milestones", key="signed") + "-date": [date]})

    screen = collide(editor, reviewer, draft, dated("2024"), dated("2025"))
    place = "milestones/signed.date"
    again = settle(reviewer, draft, screen, **{f"side:{place}": "text", f"text:{place}": "last spring"})
    assert again.context["conflicts"][0].error
    settle(reviewer, draft, again, **{f"side:{place}": "text", f"text:{place}": "2025-12~"})
    assert str(fresh(draft).milestones.get().date) == "2025-12~"


def test_no_text_is_asked_for_where_one_chooses(editor, reviewer, draft):
    def typed(kind):
        return lambda form: form.update(type=[kind])

    kinds = [value for value, _label in type(draft)._meta.get_field("type").choices if value != draft.type][:2]
    screen = collide(editor, reviewer, draft, typed(kinds[0]), typed(kinds[1]))
    (question,) = screen.context["conflicts"]
    assert not question.takes_text
    again = settle(reviewer, draft, screen, **{"side:type": "text", "text:type": kinds[1]})
    assert again.context["conflicts"][0].error
    assert fresh(draft).type == kinds[0]


def test_on_a_published_record_the_settled_text_is_the_proposal(editor, published):
    propose(editor, published, title="First")
    stale = open_form(editor, published)
    propose(editor, published, title="Second")
    stale["title"] = "Third"
    answer = settle(editor, published, stale.post(), **{"side:title": "text", "text:title": "Fourth"})
    assert "Kept as your proposal" in said(answer)
    assert '"title":"Fourth"' in Proposal.objects.get().dossier
    assert fresh(published).title == "The agreement"


# At the approval


@pytest.fixture
def rivals(editor, published):
    """Alice's and Dora's proposals, each with another title and talks of its own; Dora's is approved."""
    dora = sign_in(make_user("editor", "dora"))
    bob = sign_in(make_user("reviewer", "another-reviewer"))
    proposals = []
    for client, title, date in ((editor, "Alice's title", "2025"), (dora, "Dora's title", "2024")):
        form = open_form(client, published)
        form["title"] = title
        form.add("milestones", kind="talks", date=date)
        form.post()
        form = open_form(client, published)
        form.cite(["milestones/talks|kind", "milestones/talks|date"], make_source(), "p. 1")
        form.post()
        proposals.append(Proposal.objects.latest("pk"))
        decide(client, proposals[-1], "submit")
    decide(bob, proposals[1], "approve")
    return proposals[0]


def test_a_reviewer_keeps_both_rows(reviewer, published, rivals):
    page = reviewer.get(reverse("admin:sources_proposal_change", args=[rivals.pk]))
    asked = {question.path: question for question in page.context["conflicts"]}
    assert set(asked) == {"title", "milestones/talks"}
    assert {question.author.by for question in asked.values()} == {"dora"}
    assert "The proposal (alice)" in page.content.decode()
    answer = decide(reviewer, rivals, "approve", **{"side:title": "theirs", "side:milestones/talks": "both"})
    assert "approved" in said(answer)
    assert [str(row.date) for row in fresh(published).milestones.filter(kind="talks").order_by("date")] == [
        "2024",
        "2025",
    ]


def test_a_reviewer_types_no_third_text_which_nobody_else_would_see(reviewer, published, rivals):
    answer = decide(
        reviewer, rivals, "approve",
        **{"side:title": "text", "text:title": "Bob's own", "side:milestones/talks": "both"},
    )  # fmt: skip
    assert "Choose a side" in said(answer)
    assert fresh(published).title == "Dora's title"


def test_a_refused_approval_keeps_the_choices_and_the_comment(reviewer, published, rivals):
    answer = decide(reviewer, rivals, "approve", comment="Well found", **{"side:title": "mine"})
    assert "Choose a side" in said(answer)
    assert {question.path: question.side for question in answer.context["conflicts"]} == {
        "title": "mine", "milestones/talks": "",
    }  # fmt: skip
    assert 'value="Well found"' in answer.content.decode()


# A proposal is given up on purpose


def test_discarding_asks_first_and_needs_no_choice(reviewer, published, rivals):
    page = reviewer.get(reverse("admin:sources_proposal_change", args=[rivals.pk])).content.decode()
    assert page.count("formnovalidate") == 2, "to return and to discard need no side for each conflict"
    asked = decide(reviewer, rivals, "discard", comment="Overtaken")
    assert "discarded for good" in asked.content.decode()
    assert "Alice&#x27;s title" in asked.content.decode()
    rivals.refresh_from_db()
    assert rivals.state == "submitted"
    confirm = next(fields for fields in forms_of(asked).values() if "confirmed" in fields)
    decide(reviewer, rivals, **{key: value for key, value in confirm.items() if key != "verb"}, name="discard")
    rivals.refresh_from_db()
    assert (rivals.state, rivals.answer) == ("discarded", "Overtaken")


# An old state over the own proposal


def a_second_revision(editor, reviewer, record):
    """The record gets another note, published; its first revision has none."""
    proposal = propose(editor, record, note="A note")
    decide(editor, proposal, "submit")
    decide(reviewer, proposal, "approve")


@pytest.mark.parametrize("state", ["open", "submitted", "returned"])
def test_an_old_revision_is_joined_with_the_own_proposal(editor, reviewer, published, state):
    a_second_revision(editor, reviewer, published)
    proposal = propose(editor, published, title="Alice's title")
    if state != "open":
        decide(editor, proposal, "submit")
    if state == "returned":
        decide(reviewer, proposal, "return", comment="Cite it")
    answer = restore(editor, published, revision="1")
    assert "Kept as your proposal" in said(answer)
    assert ("awaited review" in said(answer)) == (state == "submitted")
    proposal.refresh_from_db()
    assert proposal.state == "open"
    assert '"title":"Alice\'s title"' in proposal.dossier
    assert "A note" not in proposal.dossier
    assert fresh(published).note == "A note"


def test_where_the_proposal_and_the_old_revision_differ_the_editor_is_asked(editor, reviewer, published):
    a_second_revision(editor, reviewer, published)
    proposal = propose(editor, published, note="A better note")
    decide(editor, proposal, "submit")
    screen = restore(editor, published, revision="1")
    assert [question.path for question in screen.context["conflicts"]] == ["note"]
    proposal.refresh_from_db()
    assert (proposal.state, "A better note" in proposal.dossier) == ("submitted", True)
    settle(editor, published, screen, **{"side:note": "theirs"})
    proposal.refresh_from_db()
    assert (proposal.state, "A better note" in proposal.dossier) == ("submitted", True)


def test_restoring_what_the_record_says_now_leaves_the_proposal_alone(editor, published):
    proposal = propose(editor, published, title="Alice's title")
    decide(editor, proposal, "submit")
    assert "Nothing was changed" in said(restore(editor, published, revision="1"))
    proposal.refresh_from_db()
    assert proposal.state == "submitted"


def test_a_proposal_of_which_nothing_is_left_stays_in_the_trail(editor, published):
    """By the field that is brought back, or by hand: the same."""
    for take_back in (
        lambda: restore(editor, published, revision="1", path="title"),
        lambda: open_form(editor, published) | {"title": ["The agreement"]},
    ):
        proposal = propose(editor, published, title="Alice's title")
        answer = take_back()
        if isinstance(answer, dict):
            form = open_form(editor, published)
            form["title"] = "The agreement"
            answer = form.post()
        assert "changes nothing any more" in said(answer)
        proposal.refresh_from_db()
        assert proposal.state == "discarded"
        assert "Alice's title" in proposal.dossier
