"""The documentation of the API in a real browser: it works, and stays within the content security policy."""

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.script, pytest.mark.django_db(transaction=True)]


def test_the_documentation_keeps_the_policy_and_asks_the_api(page, live_server):
    """``page`` fails the test at a breach of the policy."""
    # The script draws every operation before it shows the first.
    page.set_default_timeout(60_000)
    errors = []
    page.on("console", lambda line: errors.append(line.text) if line.type == "error" else None)
    page.goto(f"{live_server.url}/api/v1/docs/")
    first = page.locator(".opblock").first
    first.locator(".opblock-summary").click()
    first.get_by_role("button", name="Try it out").click()
    first.get_by_role("button", name="Execute").click()
    expect(first.locator(".live-responses-table tbody .response-col_status").first).to_contain_text(
        "200", timeout=60_000
    )
    schemas = page.locator(".models")
    if schemas.count():
        schemas.locator("button").first.click(timeout=60_000)
    assert errors == []
