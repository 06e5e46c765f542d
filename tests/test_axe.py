"""Access: axe finds nothing on any kind of page, light and dark, wide and narrow, and nothing scrolls sideways."""

import pytest

from tests.browser import violations
from tests.test_pages import all_addresses

pytestmark = [pytest.mark.browser, pytest.mark.appearance, pytest.mark.django_db(transaction=True)]
REFUSED = ("/agreements/?bogus=1", "/agreements/never-was/")


@pytest.fixture
def addresses(live_content):
    return [*all_addresses(), "/agreements/?type=sofa&party=PRY", *REFUSED]


@pytest.mark.parametrize("width", [1280, 320])
def test_axe_finds_nothing(live_server, page, addresses, width):
    page.set_viewport_size({"width": width, "height": 900})
    found = {}
    for address in addresses:
        page.goto(live_server.url + address)
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            faults = violations(page)
            if page.evaluate("document.documentElement.scrollWidth") > width:
                faults.append("scrolls sideways")
            if faults:
                found[address, scheme] = faults
    assert not found


def test_a_number_opens_its_note_and_leads_there_without_script(live_server, page, browser, live_content):
    address = live_server.url + "/agreements/us-paraguay-sofa/"
    page.goto(address)
    page.locator('a[role="doc-noteref"]').first.click()
    assert page.locator(".notecard").is_visible()
    page.keyboard.press("Escape")
    assert not page.locator(".notecard").is_visible()
    plain = browser.new_context(java_script_enabled=False).new_page()
    plain.goto(address)
    plain.locator('a[role="doc-noteref"]').first.click()
    assert "#note-" in plain.url
    plain.context.close()


def test_the_menu_opens_without_script_on_a_narrow_screen(live_server, browser, live_content):
    context = browser.new_context(java_script_enabled=False, viewport={"width": 320, "height": 700})
    tab = context.new_page()
    tab.goto(live_server.url + "/about/")
    assert not tab.locator("#menu").is_visible()
    tab.get_by_role("link", name="Menu").click()
    assert tab.locator("#menu").is_visible()
    context.close()
