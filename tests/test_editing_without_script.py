"""Editing screens in a browser that runs no script: rows are added by a button, records are chosen by name."""

import pytest

from agreements.models import Agreement
from tests.desk import fresh
from tests.factory import make_organisation, make_source
from tests.forms import CITATIONS, add_form, address, open_form, read_form, said

pytestmark = pytest.mark.django_db


def with_another(form, name):
    """The form as it comes back from the button that adds a row to the list of this name."""
    return read_form(form.client, form.post(button="nothing", _another=name))


def test_a_row_is_added_and_what_was_typed_is_kept(editor, draft):
    form = open_form(editor, draft)
    form["note"] = "Typed before."
    form = with_another(form, "milestones")
    assert form["note"] == ["Typed before."]
    form["milestones-1-kind"], form["milestones-1-date"] = "in_force", "2026-02-01"
    assert "Saved." in said(form.post())
    assert [row.kind for row in fresh(draft).milestones.all()] == ["signed", "in_force"]
    assert fresh(draft).note == "Typed before."


def test_a_row_that_stays_empty_is_no_row(editor, draft):
    form = with_another(with_another(open_form(editor, draft), "milestones"), "clauses")
    assert "Nothing was changed." in said(form.post())
    assert fresh(draft).milestones.count() == 1


def test_a_new_record_gets_rows_too(editor, paraguay):
    form = with_another(add_form(editor, Agreement), "parties")
    form["slug"], form["title"], form["type"] = "new-one", "A new one", "sofa"
    form["parties-0-organisation_typed"] = "pry"
    form.post()
    assert [row.organisation for row in Agreement.objects.get(slug="new-one").parties.all()] == [paraguay]


def test_a_list_that_is_not_on_the_screen_gets_no_row(editor, draft):
    form = open_form(editor, draft)
    assert form.post(button="nothing", _another="rulers").status_code == 404


def test_a_source_is_chosen_by_its_name(editor, draft):
    source = make_source(slug="the-gazette", title="The gazette")
    for word, locator in (("The gazette", "p. 1"), ("the-gazette", "p. 2")):
        form = open_form(editor, draft)
        row = f"{CITATIONS}-0"
        form.fill(row, facts=["|title"], locator=locator, source_typed=word)
        assert "Saved." in said(form.post())
    assert draft.citations.filter(source=source).count() == 2


def test_a_name_that_names_no_record_is_refused_and_stays_on_the_screen(editor, draft):
    form = open_form(editor, draft)
    form.fill(f"{CITATIONS}-0", facts=["|title"], locator="p. 1", source_typed="No such source")
    page = form.post()
    assert "Select a valid choice" in page.content.decode()
    again = read_form(editor, page)
    assert again[f"{CITATIONS}-0-source_typed"] == ["No such source"]


def test_an_ambiguous_name_is_refused(editor, draft):
    for slug in ("one", "two"):
        make_source(slug=slug, title="The same title")
    form = open_form(editor, draft)
    form.fill(f"{CITATIONS}-0", facts=["|title"], locator="p. 1", source_typed="The same title")
    assert "Select a valid choice" in form.post().content.decode()


def test_a_record_to_merge_into_is_chosen_by_its_name(reviewer):
    old = make_organisation(slug="old", name="The old name", status="published")
    make_organisation(slug="new", name="The new name", status="published")
    page = reviewer.get(address(old, "merge"), {"into_typed": "new"}).content.decode()
    assert "Changes when it is merged into “The new name”" in page


# A pop-up beside a choice


def test_saving_in_a_pop_up_closes_it(editor, draft):
    form = open_form(editor, draft, _popup="1")
    form["title"] = "Another title"
    answer = form.post(button="_save")
    assert answer.templates[0].name == "admin/popup_response.html"
    assert "Another title" in answer.context["popup_response_data"]
    assert fresh(draft).title == "Another title"
