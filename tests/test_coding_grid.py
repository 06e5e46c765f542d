"""The coding grid: one screen to code an agreement, which touches only what was changed and saves as the form does."""

import pytest

from sources.models import Proposal
from tests.cast import sign_in
from tests.factory import make_agreement, make_source, make_topic
from tests.forms import address, open_form, read_form, said

pytestmark = pytest.mark.django_db


@pytest.fixture
def topics():
    return make_topic("A1"), make_topic("B1", approaches=("host", "guest"))


@pytest.fixture
def draft(alice, topics):
    return make_agreement(
        slug="the-sofa",
        by=alice,
        clauses=[
            {"number": "1", "heading": "Scope", "summary": "It covers the force."},
            {"number": "2", "heading": "Jurisdiction", "text": "The sending state shall have jurisdiction."},
        ],
        codings=[
            {
                "topic": "a1", "stance": "present", "approach": "a1/full", "basis": "text", "codebook": "1-0",
                "clauses": ["art-1-scope"], "note": "Kept.",
            }
        ],
    )  # fmt: skip


def open_grid(client, record):
    return read_form(client, client.get(address(record, "coding")))


def code(form, prefix, **values):
    for name, value in values.items():
        assert f"{prefix}-{name}" in form
        form[f"{prefix}-{name}"] = value


def test_the_grid_has_a_row_for_each_topic_and_the_clauses_beside_it(editor, draft):
    page = editor.get(address(draft, "coding"))
    words = page.content.decode()
    form = read_form(editor, page)
    assert {"a1-stance", "new-a1-stance", "new-b1-stance"} <= set(form)
    assert form["a1-clauses"] == ["art-1-scope"]
    assert "It covers the force." in words
    assert "The sending state shall have jurisdiction." in words
    assert '<a href="#clause-art-1-scope">1: Scope</a>' in words
    assert address(draft, "coding") in editor.get(address(draft)).content.decode()


def test_a_topic_offers_its_own_approaches_only(editor, draft):
    form = open_grid(editor, draft)
    code(form, "new-b1", stance="present", basis="text", approach="a1/full")
    assert form.post().status_code == 200
    assert draft.codings.count() == 1


def test_a_new_coding_shows_as_uncited_until_it_is_cited(editor, draft):
    form = open_grid(editor, draft)
    code(
        form,
        "new-b1",
        stance="present",
        basis="text",
        approach="b1/host",
        summary="Only the host.",
        clauses=["art-2-jurisdiction"],
    )
    answer = form.post(_comment="Coded from the text")
    assert "Saved." in said(answer)
    assert answer.redirect_chain[-1][0] == address(draft, "coding")

    coding = draft.codings.get(key="b1")
    assert (coding.stance, coding.approach.code, coding.basis) == ("present", "host", "text")
    assert [clause.key for clause in coding.clauses.all()] == ["art-2-jurisdiction"]
    assert coding.codebook.version == "1.0"
    assert draft.revisions.first().comment == "Coded from the text"
    assert {(part, field) for part, field in draft.uncited()} == {("codings/b1", "stance"), ("codings/b1", "approach")}
    assert "2 facts have no source" in editor.get(address(draft)).content.decode()

    form = open_form(editor, draft)
    form.cite(["codings/b1|stance", "codings/b1|approach"], make_source())
    form.post()
    assert draft.uncited() == []


def test_only_changed_rows_are_touched(editor, draft):
    before = draft.dossier()
    assert "Nothing was changed" in said(open_grid(editor, draft).post())
    form = open_grid(editor, draft)
    code(form, "a1", summary="All of them.")
    form.post()
    after = draft.dossier()
    assert after["codings"][0].pop("summary") == "All of them."
    assert after == before


def test_a_class_of_persons_has_its_own_row_and_only_one(editor, draft):
    form = open_grid(editor, draft)
    code(form, "new-a1", person_class="contractor", stance="silent", basis="text")
    form.post()
    assert draft.codings.get(person_class="contractor").key == "a1-contractor"
    form = open_grid(editor, draft)
    code(form, "new-a1", person_class="contractor", stance="present", basis="text")
    answer = form.post()
    assert "already coded for this class" in answer.content.decode()
    assert draft.codings.count() == 2


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"stance": "present"}, "Say what the coding rests on"),
        ({"stance": "silent", "basis": "text", "approach": "b1/host"}, "An approach needs a stance"),
        ({"summary": "Half a thought"}, "Choose a stance"),
        ({"stance": "nonsense", "basis": "text"}, "not one of the available choices"),
        ({"stance": "present", "basis": "text", "clauses": ["art-9"]}, "not one of the available choices"),
    ],
)
def test_a_row_that_breaks_a_rule_keeps_what_was_typed(editor, draft, values, words):
    form = open_grid(editor, draft)
    code(form, "new-b1", **values)
    code(form, "a1", summary="Typed with care")
    answer = form.post()
    page = answer.content.decode()
    assert words in page
    assert "Typed with care" in page
    assert draft.codings.get().summary == ""


def test_coding_what_is_published_makes_a_proposal(editor, draft):
    draft.submit(by=None)
    draft.publish(by=None)
    form = open_grid(editor, draft)
    code(form, "new-b1", stance="not_applicable")
    assert "Kept as your proposal" in said(form.post())
    assert draft.codings.count() == 1
    assert Proposal.objects.get().record == draft
    assert open_grid(editor, draft)["b1-stance"] == ["not_applicable"]


def test_two_coders_in_one_cell_get_the_conflict_screen(editor, bob, draft):
    one, other = open_grid(editor, draft), open_grid(sign_in(bob), draft)
    code(one, "a1", summary="Alice's reading")
    code(other, "a1", summary="Bob's reading")
    one.post()
    screen = other.post().content.decode()
    assert "Alice&#x27;s reading" in screen
    assert "Bob&#x27;s reading" in screen
    assert draft.codings.get().summary == "Alice's reading"


def test_a_grid_without_its_base_saves_nothing(editor, draft):
    form = open_grid(editor, draft)
    code(form, "a1", summary="Typed with care")
    answer = form.post(_base="rubbish")
    assert answer.status_code == 409
    assert "Typed with care" in answer.content.decode()
    assert draft.codings.get().summary == ""


def test_a_viewer_does_not_code(victor, draft):
    assert sign_in(victor).get(address(draft, "coding")).status_code in (403, 404)
