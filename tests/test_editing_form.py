"""The form of a record is made of rows in memory: saving it unchanged changes nothing, and long lists are drawn when opened."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from sources.desk.editing_form import AT_ONCE
from sources.records import dossier
from tests.desk import fresh
from tests.factory import make_agreement, make_topic
from tests.forms import CITATIONS, address, forms_of, open_form, said

pytestmark = pytest.mark.django_db


@pytest.fixture
def treaty(alice):
    """A draft with more clauses than are drawn at once, and a coding that rests on the first."""
    clauses = [{"number": str(number), "heading": f"Article {number}"} for number in range(1, AT_ONCE + 8)]
    topic = make_topic("A1")
    coding = {
        "topic": topic.slug,
        "codebook": "1-0",
        "stance": "present",
        "basis": "text",
        "clauses": ["art-1-article-1"],
    }
    return make_agreement(slug="the-treaty", by=alice, clauses=clauses, codings=[coding])


# In memory


def test_a_copy_in_memory_asks_once_for_each_kind_that_it_names(treaty):
    state = treaty.dossier()
    with CaptureQueriesContext(connection) as asked:
        dossier.in_memory(treaty, state)
    assert len(asked) <= 5


def test_the_database_is_not_touched_by_a_copy(treaty):
    state = treaty.dossier()
    state["title"], state["clauses"] = "Another title", state["clauses"][:1]
    copy = dossier.in_memory(treaty, state)
    assert (copy.title, len(copy.clauses.all())) == ("Another title", 1)
    assert treaty.title != "Another title"
    assert fresh(treaty).clauses.count() == AT_ONCE + 7


# Long lists


def test_a_long_list_is_drawn_when_it_is_opened(editor, treaty):
    form = open_form(editor, treaty)
    assert "clauses-TOTAL_FORMS" not in form
    assert "codings-TOTAL_FORMS" in form
    assert f"Show all {AT_ONCE + 7}" in " ".join(editor.get(address(treaty)).content.decode().split())
    assert "clauses-TOTAL_FORMS" in open_form(editor, treaty, panel="clauses")


def test_a_list_that_was_not_drawn_stays_as_it_is(editor, treaty):
    before = treaty.dossier()
    form = open_form(editor, treaty)
    form["note"] = "A note."
    form.post()
    assert fresh(treaty).dossier() == {**before, "note": "A note."}


def test_opening_a_list_without_a_script_keeps_what_was_typed(editor, treaty):
    form = open_form(editor, treaty)
    form["note"] = "Typed before."
    answer = form.post(button="_panel", _panel="clauses")
    kept = next(fields for name, fields in forms_of(answer).items() if name.endswith("_form"))
    assert kept["note"] == ["Typed before."]
    assert kept["clauses-0-heading"] == ["Article 1"]
    assert fresh(treaty).note == ""


def test_a_list_alone_is_drawn_from_what_the_form_was_drawn_from(editor, reviewer, treaty):
    form = open_form(editor, treaty)
    other = open_form(reviewer, treaty, panel="clauses")
    other["clauses-0-heading"] = "Renamed meanwhile"
    other.post()
    answer = editor.post(address(treaty), {"_base": form["_base"], "_panel": "clauses", "_panel_only": "1"})
    page = answer.content.decode()
    assert 'value="Article 1"' in page
    assert "Renamed meanwhile" not in page
    assert "<html" not in page


@pytest.mark.parametrize("name", ["", "nothing", "pk"])
def test_a_list_that_is_none_is_not_found(editor, treaty, name):
    form = open_form(editor, treaty)
    data = {"_base": form["_base"], "_panel": name, "_panel_only": "1"}
    assert editor.post(address(treaty), data).status_code == 404


def test_rows_that_were_not_posted_stay(editor, treaty):
    """A form that lost some of its fields on the way removes nothing."""
    form = open_form(editor, treaty, panel="clauses")
    for name in [name for name in form if name.startswith("clauses-") and name[8].isdigit() and name[8:10] != "0-"]:
        del form[name]
    form["clauses-TOTAL_FORMS"] = form["clauses-INITIAL_FORMS"] = "1"
    form["clauses-0-heading"] = "First"
    assert "Saved." in said(form.post())
    headings = [clause.heading for clause in fresh(treaty).clauses.all()]
    assert len(headings) == AT_ONCE + 7
    assert headings[:3] == ["First", "Article 2", "Article 3"]


def test_new_rows_do_not_take_the_key_of_one_that_goes(editor, draft):
    form = open_form(editor, draft)
    form[form.row("milestones", key="signed") + "-DELETE"] = "on"
    form.add("milestones", kind="signed", date="2026-01-01")
    form.post()
    assert [row.key for row in fresh(draft).milestones.all()] == ["signed-2"]
    assert not draft.citations.filter(part__startswith="milestones/").exists()


def test_a_clause_that_goes_is_named_by_no_coding(editor, treaty):
    form = open_form(editor, treaty, panel="clauses")
    form[form.row("clauses", key="art-1-article-1") + "-DELETE"] = "on"
    assert "Saved." in said(form.post())
    assert not fresh(treaty).codings.get().clauses.exists()


def test_two_codings_of_one_topic_are_refused_at_the_field(editor, treaty):
    topic = treaty.codings.get().topic
    form = open_form(editor, treaty)
    form.add("codings", topic=str(topic.pk), codebook=str(topic.since_id), stance="silent", basis="text")
    assert "This topic is already coded for this class of person." in form.post().content.decode()
    assert treaty.codings.count() == 1


def test_a_long_list_of_citations_is_opened_too(editor, alice):
    clauses = [{"number": str(number), "heading": f"Article {number}", "summary": "It says."} for number in range(60)]
    record = make_agreement(by=alice, clauses=clauses)
    assert record.citations.count() > 100
    form = open_form(editor, record)
    assert f"{CITATIONS}-0-facts" in form, "a new citation can be made beside each field"
    page = editor.get(address(record)).content.decode()
    assert 'name="remove-citation"' not in page
    gone = record.citations.get(part="", field="title")
    form["remove-citation"] = gone.uid
    form.post()
    assert not record.citations.filter(uid=gone.uid).exists()
    assert 'name="remove-citation"' in editor.get(address(record), {"panel": "citations"}).content.decode()
