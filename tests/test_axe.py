"""Access: axe finds nothing on any kind of page, light and dark, wide and narrow, and nothing scrolls sideways."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles.finders import find

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
    faulty = {}
    for address in addresses:
        page.goto(live_server.url + address)
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            # Nothing but colours differs in the dark, as the next test makes sure.
            faults = violations(page, colours_only=scheme == "dark")
            if page.evaluate("document.documentElement.scrollWidth") > width:
                faults.append("scrolls sideways")
            if faults:
                faulty[address, scheme] = faults
    assert not faulty


def test_the_dark_scheme_sets_colours_and_nothing_else():
    ours = [
        file
        for app in ("kb", "agreements", "people", "sources")
        for file in settings.BASE_DIR.glob(f"{app}/static/**/*.css")
    ]
    sheets = "".join(Path(file).read_text() for file in [*ours, find("admin/css/dark_mode.css")])
    dark = re.findall(r"@media \(prefers-color-scheme: dark\) \{\s*:root \{(.*?)\}\s*\}", sheets, re.DOTALL)
    assert len(dark) == sheets.count("prefers-color-scheme") == 2
    for declarations in dark:
        for declaration in filter(None, map(str.strip, declarations.split(";"))):
            assert re.fullmatch(r"--[\w-]+: (#[0-9a-f]{6}|var\(--primary\))|color-scheme: dark", declaration)


@pytest.mark.parametrize(
    ("element", "rule", "style"),
    [
        ("dd", "color-contrast", {"color": "rgb(200 200 200)"}),
        (".matrix .where a", "link-in-text-block", {"color": "inherit", "textDecoration": "none"}),
    ],
)
def test_one_that_differs_among_many_alike_is_found(live_server, page, live_content, element, rule, style):
    page.goto(live_server.url + "/agreements/nato-sofa-1951/full/")
    assert page.locator(element).count() > 2
    page.locator(element).nth(1).evaluate("(element, style) => Object.assign(element.style, style)", style)
    for colours_only in (False, True):
        assert [fault.partition(":")[0] for fault in violations(page, colours_only=colours_only)] == [rule]


def test_a_number_opens_its_note_and_leads_there_without_script(live_server, page, browser, live_content):
    address = live_server.url + "/agreements/us-paraguay-sofa/"
    page.goto(address)
    page.locator('a[role="doc-noteref"]').first.click()
    page.wait_for_selector(".notecard:popover-open")
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
