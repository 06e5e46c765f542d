"""The search of the header in a browser: suggestions while somebody types, by mouse and keyboard; the form without a script."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser import violations
from tests.factory import make_agreement, make_person, make_state

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def people(transactional_db):
    make_person(slug="pena", name="Santiago Peña", status="published")
    make_person(slug="ana", name="Ana Peña", status="published")
    make_person(slug="secret", name="Berta Peña", status="draft")
    make_state("PRY", "Paraguay")
    make_agreement(slug="pact", title="The Peña pact", status="published")


@pytest.fixture
def box(live_server, page, people):
    page.goto(f"{live_server}/agreements/")
    return page.get_by_role("combobox", name="Search everything")


def suggested(page, **named):
    """The suggestions. The page has other options, in its filters."""
    return page.get_by_role("listbox", name="Suggestions").get_by_role("option", **named)


def test_names_are_suggested_with_what_they_are(page, box):
    box.press_sequentially("pena")
    options = suggested(page)
    expect(options).to_have_text(["Ana PeñaPerson", "Santiago PeñaPerson", "The Peña pactAgreement"])
    expect(box).to_have_attribute("aria-expanded", "true")
    assert violations(page) == []


def test_the_arrows_choose_and_enter_opens(page, box):
    box.fill("pena")
    options = suggested(page)
    expect(options).to_have_count(3)
    for key, chosen in (("ArrowDown", 0), ("ArrowDown", 1), ("ArrowUp", 0), ("ArrowUp", None), ("ArrowUp", 2)):
        box.press(key)
        marked = page.locator("[role=option][aria-selected=true]")
        expect(marked).to_have_count(0 if chosen is None else 1)
        if chosen is not None:
            expect(options.nth(chosen)).to_have_attribute("aria-selected", "true")
            expect(box).to_have_attribute("aria-activedescendant", options.nth(chosen).get_attribute("id"))
    box.press("Enter")
    expect(page).to_have_url(re.compile("/agreements/pact/$"))


def test_escape_closes_and_enter_then_searches(page, box):
    box.fill("pena")
    expect(suggested(page)).to_have_count(3)
    box.press("Escape")
    expect(page.locator("[role=listbox]")).to_be_hidden()
    expect(box).to_have_attribute("aria-expanded", "false")
    expect(box).to_have_value("pena")
    box.press("Enter")
    expect(page).to_have_url(re.compile(r"/search/\?q=pena$"))
    expect(page.locator("ol.hits-list .name").first).to_be_visible()


def test_a_click_opens_and_leaving_the_box_closes(page, box):
    box.press_sequentially("pena")
    expect(suggested(page)).to_have_count(3)
    page.get_by_role("heading", level=1).click()
    expect(page.locator("[role=listbox]")).to_be_hidden()
    box.press_sequentially(" ")
    box.fill("para")
    suggested(page, name="Paraguay").click()
    expect(page).to_have_url(re.compile("/organisations/pry/$"))


def test_one_letter_asks_for_nothing(page, box):
    asked = []
    page.on("request", lambda request: asked.append(request.url) if "/suggest/" in request.url else None)
    box.press_sequentially("p")
    box.press_sequentially("ena")
    expect(suggested(page)).to_have_count(3)
    assert [address.partition("q=")[2] for address in asked if len(address.partition("q=")[2]) < 2] == []


def test_without_a_script_the_form_searches_and_facets_are_links(live_server, browser, people):
    context = browser.new_context(java_script_enabled=False, viewport={"width": 320, "height": 800})
    tab = context.new_page()
    tab.goto(f"{live_server}/people/")
    tab.get_by_role("searchbox", name="Search everything").fill("pena")
    tab.get_by_role("search").get_by_role("button", name="Search").click()
    expect(tab.locator("ol.hits-list > li")).to_have_count(3)
    tab.get_by_role("link", name="Narrow the results").click()
    tab.get_by_role("navigation", name="Narrow the results").get_by_role("link", name="People").click()
    expect(tab.locator("ol.hits-list > li")).to_have_count(2)
    tab.get_by_role("link", name="Remove Kind: People").click()
    expect(tab.locator("ol.hits-list > li")).to_have_count(3)
    assert tab.evaluate("document.documentElement.scrollWidth") == 320
    context.close()
