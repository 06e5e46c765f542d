"""Two editors and a reviewer at work in real browsers: nothing is lost, everything is reached by keyboard, nothing breaks."""

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import expect

from sources.models import Proposal
from sources.records.status import Status
from tests.browser import violations
from tests.cast import make_user, sign_in
from tests.desk import fresh
from tests.desktops import CITATION, choose_source, messages, press, save, show
from tests.factory import make_agreement, make_source, make_topic
from tests.forms import address, open_form

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_from_draft_to_publication(desk, alice, bob, draft, live_server):
    editor, reviewer = desk(alice), desk(bob)
    make_source(title="The official gazette")
    editor.goto(address(draft))
    show(editor, "Milestones")
    editor.get_by_role("button", name="Add another Milestone").click()
    editor.locator("#id_milestones-1-kind").select_option("in_force")
    editor.locator("#id_milestones-1-date").fill("2026-03")
    save(editor)
    assert "Saved." in messages(editor)
    expect(editor.get_by_text("2 facts have no source")).to_be_visible()

    show(editor, "Citations")
    editor.locator(f"#id_{CITATION}-facts").select_option(["milestones/in-force|kind", "milestones/in-force|date"])
    choose_source(editor, CITATION, "The official gazette")
    editor.locator(f"#id_{CITATION}-locator").fill("line 3")
    save(editor)
    expect(editor.get_by_text("Every fact has a source.")).to_be_visible()
    press(editor, "Submit for review", "is now in review")
    assert fresh(draft).status == Status.IN_REVIEW

    reviewer.goto(address(draft))
    reviewer.get_by_role("button", name="Publish", exact=True).click()
    assert "is now published" in messages(reviewer)
    reader = Client().get(f"{draft.get_absolute_url()}full/").content.decode()
    assert "The official gazette" in reader


def test_a_reviewer_edits_a_proposal_and_it_goes_back_to_its_author(desk, alice, bob, published):
    editor, reviewer = desk(alice), desk(bob)
    editor.goto(address(published))
    editor.locator("#id_title").fill("A longish title")
    press(editor, "Save and continue editing", "Kept as your proposal")
    editor.get_by_role("link", name="See the changes and submit").click()
    press(editor, "Submit for review", "is now awaiting review")

    reviewer.goto(reverse("admin:sources_proposal_change", args=[Proposal.objects.get().pk]))
    reviewer.get_by_role("link", name="Edit it").click()
    expect(reviewer.locator("#id_title")).to_have_value("A longish title")
    reviewer.locator("#id_title").fill("A short title")
    press(reviewer, "Save and continue editing", "is back with alice")
    assert fresh(published).title == "The agreement"

    editor.goto(address(published))
    expect(editor.locator("#id_title")).to_have_value("A short title")
    expect(editor.get_by_text("Amended:")).to_be_visible()


def test_a_proposal_returned_amended_and_approved_beside_another_edit(desk, alice, bob, published):
    dora = make_user("editor", "dora")
    first, second, reviewer = desk(alice), desk(dora), desk(bob)
    first.goto(address(published))
    first.locator("#id_title").fill("Alice's title")
    save(first)
    assert "Kept as your proposal" in messages(first)
    first.get_by_role("link", name="See the changes and submit").click()
    press(first, "Submit for review", "is now awaiting review")

    proposal = Proposal.objects.get(by=alice)
    page = reverse("admin:sources_proposal_change", args=[proposal.pk])
    reviewer.goto(page)
    expect(reviewer.get_by_role("cell", name="Alice's title")).to_be_visible()
    reviewer.get_by_label("Comment").fill("A better one, please")
    press(reviewer, "Return with the comment", "is now returned")

    second.goto(address(published))
    second.locator("#id_note").fill("Dora's note")
    press(second, "Save and continue editing", "Kept as your proposal")
    theirs = Proposal.objects.get(by=dora)
    second.get_by_role("link", name="See the changes and submit").click()
    press(second, "Submit for review", "is now awaiting review")
    reviewer.goto(reverse("admin:sources_proposal_change", args=[theirs.pk]))
    press(reviewer, "Approve and publish", "is now approved")
    assert fresh(published).note == "Dora's note"

    first.goto(address(published))
    expect(first.get_by_text("A better one, please")).to_be_visible()
    first.locator("#id_title").fill("Alice's better title")
    save(first)
    first.get_by_role("link", name="See the changes and submit").click()
    press(first, "Submit for review", "is now awaiting review")
    reviewer.goto(page)
    press(reviewer, "Approve and publish", "is now approved")
    record = fresh(published)
    assert (record.title, record.note) == ("Alice's better title", "Dora's note")


def test_the_conflict_screen(desk, alice, bob, draft):
    first, second = desk(alice), desk(bob)
    first.goto(address(draft))
    second.goto(address(draft))
    expect(second.locator(".presence")).to_contain_text("Also open here: alice")
    first.locator("#id_title").fill("Alice's title")
    save(first)
    second.locator("#id_title").fill("Bob's title")
    second.locator("#id_note").fill("Bob's note")
    save(second)
    expect(second.get_by_text("Nothing of yours is lost")).to_be_visible()
    expect(second.locator(".conflict")).to_contain_text("Alice's title")
    second.get_by_role("radio", name="Mine: Bob's title").check()
    second.get_by_role("button", name="Save with these choices").click()
    assert "Saved." in messages(second)
    record = fresh(draft)
    assert (record.title, record.note) == ("Bob's title", "Bob's note")
    # What was typed has arrived, so it is not offered again.
    second.goto(address(draft))
    expect(second.locator(".kept-typing")).not_to_be_visible()


def test_a_field_is_brought_back(desk, alice, draft):
    editor = desk(alice)
    editor.goto(address(draft))
    editor.locator("#id_title").fill("Spoilt")
    save(editor)
    editor.get_by_role("link", name="History").first.click()
    editor.get_by_role("row", name="title").get_by_role("button", name="Restore the value before").click()
    assert "Saved." in messages(editor)
    assert editor.locator("#id_title").input_value() == "The agreement"
    assert draft.revisions.count() == 3


def test_a_whole_agreement_is_brought_back_with_its_clauses_and_citations(desk, alice, draft):
    before = draft.dossier()
    editor = desk(alice)
    editor.goto(address(draft))
    editor.locator("#id_title").fill("Spoilt")
    show(editor, "Clauses")
    editor.locator("#id_clauses-0-DELETE").check()
    save(editor)
    assert "Saved." in messages(editor)
    spoilt = fresh(draft).dossier()
    assert spoilt["title"] == "Spoilt"
    assert len(spoilt["clauses"]) == 1
    assert draft.citations.count() < evidence_in(before)

    editor.get_by_role("link", name="History").first.click()
    first = editor.locator("article.revision").last
    first.get_by_role("button", name="Restore this state of the record").click()
    assert "Saved." in messages(editor)
    assert fresh(draft).dossier() == before
    assert draft.citations.count() == evidence_in(before)
    assert draft.revisions.count() == 3


def evidence_in(dossier):
    """How many citations a dossier holds."""
    parts = [
        entry for value in dossier.values() if isinstance(value, list) for entry in value if isinstance(entry, dict)
    ]
    rows = [dossier, *(entry for entry in parts if "source" not in entry)]
    return sum(len(citation["fields"]) for row in rows for citation in row.get("citations", ()))


def test_withdrawn_and_gone(desk, bob, published, page, live_server):
    reviewer = desk(bob)
    reviewer.goto(address(published))
    reviewer.get_by_role("textbox", name="Reason").fill("It was another treaty.")
    reviewer.get_by_role("button", name="Withdraw").click()
    assert "is now withdrawn" in messages(reviewer)
    answer = page.goto(live_server.url + published.get_absolute_url())
    assert answer.status == 410
    expect(page.get_by_text("It was another treaty.")).to_be_visible()


@pytest.mark.script
def test_tabs_work_by_keyboard(desk, alice, draft):
    editor = desk(alice)
    editor.goto(address(draft))
    first = editor.get_by_role("tab").first
    first.focus()
    assert first.get_attribute("aria-selected") == "true"
    editor.keyboard.press("ArrowRight")
    focused = editor.locator("[role=tab]:focus")
    assert focused.get_attribute("aria-selected") == "true"
    assert focused.inner_text() == editor.get_by_role("tab").nth(1).inner_text()
    expect(editor.locator("#id_title")).not_to_be_visible()
    editor.keyboard.press("End")
    assert editor.locator("[role=tab]:focus").inner_text() == editor.get_by_role("tab").last.inner_text()
    editor.keyboard.press("ArrowRight")
    expect(editor.locator("#id_title")).to_be_visible()
    editor.keyboard.press("ArrowLeft")
    editor.keyboard.press("Home")
    expect(editor.locator("#id_title")).to_be_visible()


def test_cite_beside_a_field_chooses_it_and_offers_the_last_source(desk, alice, draft):
    make_source(title="The official gazette")
    editor = desk(alice)
    editor.goto(address(draft))
    cite = editor.locator(".field-title .cite-here").first
    assert cite.inner_text().startswith("1")
    cite.click()
    assert editor.locator(f"#id_{CITATION}-facts").input_value() == "|title"
    choose_source(editor, CITATION, "The official gazette")
    editor.locator(f"#id_{CITATION}-locator").fill("line 3")
    save(editor)
    assert draft.citations.filter(field="title").count() == 2

    show(editor, "Milestones")
    editor.locator("#milestones-0 .fold").click()
    editor.locator("#milestones-0 .field-date .cite-here").click()
    assert editor.locator(f"#id_{CITATION}-facts").input_value() == "milestones/signed|date"
    chosen = editor.locator(f"#id_{CITATION}-source option:checked")
    assert chosen.inner_text() == "The official gazette"


@pytest.mark.script
def test_leaving_with_unsaved_changes_is_asked_about(desk, alice, draft):
    editor = desk(alice)
    asked = []
    editor.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    editor.goto(address(draft))
    editor.goto(address(draft, "trail"))
    assert not asked
    editor.goto(address(draft))
    editor.locator("#id_title").press_sequentially("!")
    editor.goto(address(draft, "trail"))
    assert asked == ["beforeunload"]


def screens(alice, bob, draft):
    """The editing site's own screens, each in a state with something to show."""
    other = make_agreement(slug="other", title="Other", by=alice, cited=False, clauses=[{"heading": "Scope"}])
    make_topic("A1")
    draft.submit(by=None)
    draft.publish(by=None)
    client = sign_in(alice)
    form = open_form(client, draft)
    form["title"] = "Alice's title"
    form.post()
    proposal = Proposal.objects.get()
    return {
        "list": reverse("admin:agreements_agreement_changelist"),
        "add": reverse("admin:agreements_agreement_add"),
        "draft": address(other),
        "proposed": address(draft),
        "proposal": reverse("admin:sources_proposal_change", args=[proposal.pk]),
        "trail": address(other, "trail"),
        "coding": address(other, "coding"),
        "press": address(other, "press"),
        "second": address(draft, "second"),
        "home": reverse("admin:index"),
        "worklist": reverse("admin:worklist", args=["uncited"]),
    }


@pytest.mark.appearance
def test_axe_finds_nothing_serious_and_nothing_scrolls_sideways(desk, alice, bob, draft):
    editor = desk(alice)
    faulty = {}
    for name, place in screens(alice, bob, draft).items():
        for width in (1280, 320):
            editor.set_viewport_size({"width": width, "height": 900})
            editor.goto(place)
            if faults := serious(editor, width):
                faulty[name, width] = faults
    assert not faulty


@pytest.mark.appearance
def test_axe_finds_nothing_serious_on_the_conflict_screen(desk, alice, bob, draft):
    first, second = desk(alice), desk(bob)
    for tab in (first, second):
        tab.goto(address(draft))
    for tab, title in ((first, "One"), (second, "Another")):
        tab.locator("#id_title").fill(title)
        save(tab)
    expect(second.get_by_text("Nothing of yours is lost")).to_be_visible()
    for width in (1280, 320):
        second.set_viewport_size({"width": width, "height": 900})
        assert serious(second, width) == []


def serious(tab, width):
    """What hinders somebody on this screen, light and dark. The dark differs in colours alone: see ``test_axe``."""
    faults = []
    for scheme in ("light", "dark"):
        tab.emulate_media(color_scheme=scheme)
        faults += violations(tab, impacts=("serious", "critical"), colours_only=scheme == "dark")
    if tab.evaluate("document.documentElement.scrollWidth") > width:
        faults.append("scrolls sideways")
    return faults


def test_the_gate_leads_to_the_field_and_its_citation_from_the_first_moment(desk, alice):
    """Nothing is cited as yet; the form for it opens beside each field that the gate names, in whatever tab."""
    record = make_agreement(
        by=alice,
        cited=False,
        clauses=[{"number": "1", "heading": "Scope"}],
        milestones=[{"kind": "signed", "date": "2025"}],
    )
    make_source(title="The official gazette")
    editor = desk(alice)
    editor.goto(address(record))
    editor.locator(".gate summary").click()
    facts = editor.locator(f"#id_{CITATION}-facts")
    for place, label in (("|title", "Title"), ("milestones/signed|date", "Milestone: signed 2025 · date")):
        facts.evaluate("box => { delete box.dataset.touched; }")
        editor.locator(".gate .to-fact", has_text=label).first.click()
        expect(facts).to_be_visible()
        assert facts.input_value() == place
    expect(editor.locator("#id_milestones-0-date")).to_be_visible()
    assert editor.locator("#milestones-0 .field-date + .beside").count() == 1

    choose_source(editor, CITATION, "The official gazette")
    editor.locator(f"#id_{CITATION}-locator").fill("line 3")
    save(editor)
    assert {(row.part, row.field) for row in record.citations.all()} == {("milestones/signed", "date")}

    show(editor, "Citations")
    expect(facts).to_be_visible()
    assert editor.locator(".beside").count() == 0


def test_the_approaches_on_offer_are_those_of_the_topic(desk, alice, draft):
    topic = make_topic("A1", approaches=("full", "none"))
    make_topic("B1", approaches=("full", "shared"))
    editor = desk(alice)
    editor.goto(address(draft))
    show(editor, "Codings")
    editor.get_by_role("button", name="Add another Coding").click()
    choices = editor.locator(".select2-results__option")
    editor.locator("#id_codings-0-topic + .select2").click()
    choices.filter(has_text="A1").click()
    editor.locator("#id_codings-0-approach + .select2").click()
    expect(choices).to_have_text(["Full", "None"])
    choices.filter(has_text="None").click()
    assert editor.locator("#id_codings-0-approach option:checked").inner_text() == "None"
    assert editor.locator("#id_codings-0-codebook").input_value() == str(topic.since_id)

    editor.locator("#id_codings-0-topic + .select2").click()
    choices.filter(has_text="B1").click()
    assert editor.locator("#id_codings-0-approach").input_value() == ""
    editor.locator("#id_codings-0-approach + .select2").click()
    expect(choices).to_have_text(["Full", "Shared"])
    editor.on("dialog", lambda dialog: dialog.accept())


def test_an_error_opens_the_tab_that_holds_it(desk, alice, draft):
    editor = desk(alice)
    editor.goto(address(draft))
    show(editor, "Milestones")
    editor.get_by_role("button", name="Add another Milestone").click()
    editor.locator("#id_milestones-1-kind").select_option("signed")
    editor.locator("#id_milestones-1-date").fill("15/12/2025")
    show(editor, "Clauses")
    save(editor)
    expect(editor.locator("#milestones-1 .field-date .errorlist")).to_have_text("Write 2025-12-15.")
    assert editor.get_by_role("tab", selected=True).inner_text().startswith("Milestones")


@pytest.mark.appearance
@pytest.mark.parametrize("width", [1280, 1024])
def test_no_column_of_a_list_is_cut_and_no_button_covers_the_title(desk, alice, draft, width):
    make_source(title="A report with a title that is as long as those of newspapers often are, and then some more")
    editor = desk(alice)
    editor.set_viewport_size({"width": width, "height": 900})
    for name in ("agreements_agreement", "agreements_exercise", "people_person", "sources_source", "sources_citation"):
        editor.goto(reverse(f"admin:{name}_changelist"))
        box = editor.locator(".results")
        if box.count():
            assert box.evaluate("box => box.scrollWidth - box.clientWidth") <= 1, name
    editor.goto(address(draft))
    title, tools = (editor.locator(place).bounding_box() for place in ("#content > h2", ".object-tools"))
    assert tools["y"] >= title["y"] + title["height"] - 1


@pytest.mark.appearance
def test_a_long_list_of_citations_leaves_no_blank_page(desk, alice):
    clauses = [
        {"number": str(number), "heading": f"Clause {number}", "summary": "What it says."} for number in range(60)
    ]
    record = make_agreement(by=alice, clauses=clauses)
    editor = desk(alice)
    editor.goto(address(record))
    show(editor, "Citations")
    assert record.citations.count() > 100
    assert editor.evaluate("document.documentElement.scrollHeight") < 3500
