"""Typing is never lost and never overwrites others' saves: two editors in real browsers."""

import pytest
from playwright.sync_api import expect

from tests.desk import fresh
from tests.desktops import CITATION, choose_source, let_in, messages, press, save, show
from tests.factory import make_agreement, make_source, make_topic
from tests.forms import address

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def leave(tab):
    """Close the tab, at which the browser keeps what was typed in it. Another tab of the same browser is opened."""
    tab.evaluate("window.dispatchEvent(new Event('pagehide'))")
    another = tab.context.new_page()
    tab.close()
    return another


def bring_back(tab):
    tab.get_by_role("button", name="Bring it back").first.click()
    expect(tab.get_by_text("It is not saved yet")).to_be_visible()


@pytest.fixture
def treaty(alice, paraguay):
    """A draft with one milestone, of 2020."""
    return make_agreement(
        slug="the-treaty", title="The treaty", by=alice, parties=[{"organisation": "pry"}],
        milestones=[{"kind": "signed", "date": "2020"}],
        clauses=[{"number": "1", "heading": "Scope"}, {"number": "2", "heading": "Claims"}],
    )  # fmt: skip


def add_milestone(tab, kind, date):
    show(tab, "Milestones")
    tab.get_by_role("button", name="Add another Milestone").click()
    row = tab.locator("[name=milestones-TOTAL_FORMS]").input_value()
    tab.locator(f"#id_milestones-{int(row) - 1}-kind").select_option(kind)
    tab.locator(f"#id_milestones-{int(row) - 1}-date").fill(date)


def save_note_and_earlier_milestone(tab, record):
    tab.goto(address(record))
    tab.locator("#id_note").fill("Bob's note")
    add_milestone(tab, "talks", "2019")
    press(tab, "Save and continue editing", "Saved.")


def dates_of(record):
    return {row.kind: str(row.date) for row in fresh(record).milestones.all()}


# Brought back beside what somebody else saved


def test_bringing_typing_back_keeps_what_a_colleague_saved_meanwhile(desk, alice, bob, treaty):
    first, second = desk(alice), desk(bob)
    first.goto(address(treaty))
    first.locator("#id_title").fill("Alice's title")
    first = leave(first)
    save_note_and_earlier_milestone(second, treaty)

    first.goto(address(treaty))
    expect(first.get_by_text("You, alice, typed here without saving")).to_be_visible()
    expect(first.get_by_text("Somebody saved the record since then")).to_be_visible()
    bring_back(first)
    expect(first.locator("[data-part=saved-since]")).to_contain_text("bob")
    press(first, "Save and continue editing", "Changes that others made meanwhile")
    record = fresh(treaty)
    assert (record.title, record.note) == ("Alice's title", "Bob's note")
    assert dates_of(treaty) == {"talks": "2019", "signed": "2020"}
    expect(first.locator(".kept-typing")).to_have_count(0)


def test_rows_are_found_by_their_key_and_new_ones_are_new(desk, alice, bob, treaty):
    """Alice changes the second clause and adds one; Bob removes the first and adds another."""
    first, second = desk(alice), desk(bob)
    first.goto(address(treaty))
    show(first, "Clauses")
    first.locator("#clauses-1 .fold").click()
    first.locator("#id_clauses-1-heading").fill("Claims and costs")
    first.get_by_role("button", name="Add another Clause").click()
    first.locator("#id_clauses-2-heading").fill("Term")
    first = leave(first)

    second.goto(address(treaty))
    show(second, "Clauses")
    second.locator("#id_clauses-0-DELETE").check()
    second.get_by_role("button", name="Add another Clause").click()
    second.locator("#id_clauses-2-heading").fill("Notice")
    press(second, "Save and continue editing", "Saved.")

    first.goto(address(treaty))
    bring_back(first)
    press(first, "Save and continue editing", "Saved.")
    assert {row.heading for row in fresh(treaty).clauses.all()} == {"Claims and costs", "Notice", "Term"}
    assert fresh(treaty).clauses.get(key="art-2-claims").heading == "Claims and costs"


def test_the_same_place_is_asked_about_and_leaving_the_question_loses_nothing(desk, alice, bob, treaty):
    first, second = desk(alice), desk(bob)
    first.goto(address(treaty))
    first.locator("#id_title").fill("Alice's title")
    first = leave(first)
    second.goto(address(treaty))
    second.locator("#id_title").fill("Bob's title")
    press(second, "Save and continue editing", "Saved.")

    first.goto(address(treaty))
    bring_back(first)
    save(first)
    expect(first.locator(".conflict")).to_contain_text("bob")
    first.go_back()
    expect(first.locator("#id_title")).to_be_attached()
    first.goto(address(treaty))
    assert fresh(treaty).title == "Bob's title"
    expect(first.locator("#id_title")).to_have_value("Bob's title")
    bring_back(first)
    save(first)
    first.get_by_role("radio", name="Mine: Alice's title").check()
    press(first, "Save with these choices", "Saved.")
    assert fresh(treaty).title == "Alice's title"
    first.goto(address(treaty))
    expect(first.locator(".kept-typing")).to_have_count(0)


def test_after_a_lost_session_it_is_the_same(desk, alice, bob, treaty, live_server):
    first, second = desk(alice), desk(bob)
    first.goto(address(treaty))
    first.locator("#id_title").fill("Alice's title")
    first.context.clear_cookies(name="sessionid")
    save(first)
    assert "/admin/login/" in first.url
    save_note_and_earlier_milestone(second, treaty)

    let_in(first.context, alice, live_server)
    first.goto(address(treaty))
    bring_back(first)
    press(first, "Save and continue editing", "Saved.")
    record = fresh(treaty)
    assert (record.title, record.note) == ("Alice's title", "Bob's note")
    assert dates_of(treaty) == {"talks": "2019", "signed": "2020"}


@pytest.mark.script
def test_going_back_puts_no_old_typing_on_a_new_state(desk, alice, bob, treaty):
    """What the browser itself fills in after "back" it fills in by position."""
    first, second = desk(alice), desk(bob)
    first.goto(address(treaty))
    show(first, "Milestones")
    first.locator("#milestones-0 .fold").click()
    first.locator("#id_milestones-0-date").fill("2020-05")
    first.on("dialog", lambda dialog: dialog.accept())
    first.goto(address(treaty, "trail"))
    save_note_and_earlier_milestone(second, treaty)
    first.go_back()
    expect(first.locator("#id_title")).to_be_attached()
    if first.get_by_role("button", name="Bring it back").count():
        bring_back(first)
    press(first, "Save and continue editing", "Saved.")
    assert fresh(treaty).note == "Bob's note"
    assert dates_of(treaty) == {"talks": "2019", "signed": "2020-05"}


def test_typing_that_could_not_be_joined_is_corrected_and_saved(desk, alice, bob, treaty):
    """Alice's coding names a clause that Bob removes: nothing is saved, and what she typed is there to be put right."""
    make_topic("A1")
    first, second = desk(alice), desk(bob)
    first.goto(address(treaty))
    first.locator("#id_title").fill("Alice's title")
    show(first, "Clauses")
    first.locator("#clauses-1 .fold").click()
    first.locator("#id_clauses-1-heading").fill("")
    save(first)
    expect(first.locator(".errornote")).to_be_visible()
    first = leave(first)
    save_note_and_earlier_milestone(second, treaty)

    first.goto(address(treaty))
    bring_back(first)
    show(first, "Clauses")
    expect(first.locator("#id_clauses-1-heading")).to_have_value("")
    first.locator("#clauses-1 .fold").click()
    first.locator("#id_clauses-1-heading").fill("Costs")
    press(first, "Save and continue editing", "Saved.")
    record = fresh(treaty)
    assert (record.title, record.note) == ("Alice's title", "Bob's note")
    assert record.clauses.get(key="art-2-claims").heading == "Costs"


# Kept, whatever else happens


def test_a_second_tab_takes_nothing_from_the_first(desk, alice, treaty):
    one = desk(alice)
    one.goto(address(treaty))
    one.locator("#id_title").fill("From one tab")
    other = leave(one)
    other.goto(address(treaty))
    other.locator("#id_note").fill("From another")
    press(other, "Save and continue editing", "Saved.")
    expect(other.get_by_text("You, alice, typed here without saving")).to_be_visible()
    bring_back(other)
    press(other, "Save and continue editing", "Saved.")
    record = fresh(treaty)
    assert (record.title, record.note) == ("From one tab", "From another")


def test_a_save_of_something_else_does_not_pass_for_a_save_of_the_typing(desk, alice, treaty):
    editor = desk(alice)
    editor.goto(address(treaty))
    editor.locator("#id_note").fill("First")
    press(editor, "Save and continue editing", "Saved.")
    editor.locator("#id_title").fill("Typed with care")
    editor.context.clear_cookies(name="sessionid")
    save(editor)
    let_in(editor.context, alice, editor_server(editor))
    editor.goto(address(treaty, "trail"))
    editor.get_by_role("row", name="note").get_by_role("button", name="Restore the value before").click()
    expect(editor.locator(".messagelist")).to_contain_text("Saved.")
    bring_back(editor)
    press(editor, "Save and continue editing", "Saved.")
    assert fresh(treaty).title == "Typed with care"


def editor_server(tab):
    """The server that the tab has open, as ``let_in`` takes it."""
    return type("Server", (), {"url": tab.evaluate("location.origin")})


def test_typing_is_offered_to_its_author_alone(desk, alice, bob, treaty, live_server):
    shared = desk(alice)
    shared.goto(address(treaty))
    shared.locator("#id_title").fill("Alice's title")
    shared = leave(shared)
    shared.context.clear_cookies()
    let_in(shared.context, bob, live_server)
    shared.goto(address(treaty))
    expect(shared.get_by_text("alice typed here without saving, in this browser")).to_be_visible()
    expect(shared.get_by_role("button", name="Bring it back")).to_have_count(0)
    shared.context.clear_cookies()
    let_in(shared.context, alice, live_server)
    shared.goto(address(treaty))
    bring_back(shared)
    expect(shared.locator("#id_title")).to_have_value("Alice's title")


@pytest.mark.script
def test_dropping_it_asks_first(desk, alice, treaty):
    editor = desk(alice)
    editor.goto(address(treaty))
    editor.locator("#id_title").fill("Alice's title")
    editor = leave(editor)
    editor.goto(address(treaty))
    editor.get_by_role("button", name="Drop it", exact=True).click()
    editor.get_by_role("button", name="Keep it").click()
    editor.goto(address(treaty))
    editor.get_by_role("button", name="Drop it", exact=True).click()
    editor.get_by_role("button", name="Drop it for good").click()
    editor.goto(address(treaty))
    expect(editor.locator(".kept-typing")).to_have_count(0)


# The other forms


def test_a_coding_grid_is_brought_back_beside_another_coding(desk, alice, bob, treaty):
    make_topic("A1")
    make_topic("B1")
    first, second = desk(alice), desk(bob)
    first.goto(address(treaty, "coding"))
    first.locator("[name=new-a1-basis]").select_option("text")
    first.locator("[name=new-a1-stance]").select_option("silent")
    first = leave(first)
    second.goto(address(treaty, "coding"))
    second.locator("[name=new-b1-basis]").select_option("text")
    second.locator("[name=new-b1-stance]").select_option("silent")
    press(second, "Save", "Saved.")
    first.goto(address(treaty, "coding"))
    bring_back(first)
    press(first, "Save", "Saved.")
    assert {row.topic.code for row in fresh(treaty).codings.all()} == {"A1", "B1"}
    first.goto(address(treaty, "coding"))
    expect(first.locator(".kept-typing")).to_have_count(0)


def test_a_new_record_is_brought_back(desk, alice, paraguay):
    editor = desk(alice)
    place = "/admin/people/person/add/"
    editor.goto(place)
    editor.locator("#id_name").fill("Ana Peña")
    editor.locator("#id_slug").fill("ana-pena")
    editor = leave(editor)
    editor.goto(place)
    bring_back(editor)
    press(editor, "Save and continue editing", "was added")
    editor.goto(place)
    expect(editor.locator(".kept-typing")).to_have_count(0)


def test_typing_comes_back_after_the_session_has_ended(desk, alice, draft, live_server):
    source = make_source(title="The official gazette")
    editor = desk(alice)
    editor.goto(address(draft))
    editor.locator("#id_title").fill("Typed with care")
    show(editor, "Clauses")
    editor.get_by_role("button", name="Add another Clause").click()
    editor.locator("#id_clauses-2-heading").fill("A new clause")
    show(editor, "Citations")
    editor.locator(f"#id_{CITATION}-facts").select_option(["|title"])
    choose_source(editor, CITATION, "The official gazette")
    editor.locator(f"#id_{CITATION}-locator").fill("line 3")
    editor.context.clear_cookies(name="sessionid")
    save(editor)
    assert "/admin/login/" in editor.url

    let_in(editor.context, alice, live_server)
    editor.goto(address(draft))
    expect(editor.get_by_text("You, alice, typed here without saving")).to_be_visible()
    editor.get_by_role("button", name="Bring it back").click()
    save(editor)
    assert "Saved." in messages(editor)
    record = fresh(draft)
    assert record.title == "Typed with care"
    assert record.clauses.filter(heading="A new clause").exists()
    assert record.citations.filter(source=source, field="title", locator="line 3").exists()
    expect(editor.locator(".kept-typing")).not_to_be_visible()
    editor.goto(address(draft))
    expect(editor.locator(".kept-typing")).not_to_be_visible()


@pytest.mark.script
def test_typing_survives_a_closed_tab(desk, alice, draft):
    editor = desk(alice)
    editor.goto(address(draft))
    editor.locator("#id_title").fill("The agreement of 2025")
    another = leave(editor)
    another.goto(address(draft))
    another.get_by_role("button", name="Bring it back").click()
    assert another.locator("#id_title").input_value() == "The agreement of 2025"
    another.goto("about:blank")
