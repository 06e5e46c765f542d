"""The short page of an agreement in a browser: notes beside their numbers, ten screens, and no need of a script."""

import pytest

FULLEST = "/agreements/us-paraguay-sofa/"
pytestmark = [pytest.mark.browser, pytest.mark.appearance]


def test_a_note_of_the_whole_page_opens_beside_its_number(live_content, live_server, page):
    page.goto(f"{live_server}{FULLEST}")
    page.locator('a[role="doc-noteref"]').first.click()
    page.wait_for_selector(".notecard:popover-open")
    assert page.url.endswith(FULLEST)


def test_it_takes_no_more_than_ten_screens(live_content, live_server, page):
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto(f"{live_server}{FULLEST}")
    assert page.evaluate("document.documentElement.scrollHeight") <= 10 * 800


def test_without_a_script_the_number_leads_to_the_note(live_content, live_server, browser):
    context = browser.new_context(java_script_enabled=False)
    tab = context.new_page()
    tab.goto(f"{live_server}{FULLEST}")
    tab.locator('a[role="doc-noteref"]').first.click()
    assert f"{FULLEST}full/#note-" in tab.url
    context.close()
