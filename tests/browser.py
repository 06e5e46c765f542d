"""A real Chromium for tests marked `browser`. Never downloads one: it is taken from CHROMIUM or the PATH."""

import os
from pathlib import Path

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from django.db import connections

from tests.run import chromium_path

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
RUN_AXE = Path(__file__).with_name("axe.js").read_text()


@pytest.fixture(scope="session")
def browser():
    """One browser for the whole run; each test gets a fresh profile from `page`."""
    path = chromium_path()
    if not path:
        reason = "no chromium found: install it or name it in CHROMIUM"
        if os.environ.get("CONCORDANCE_STRICT") == "1":
            pytest.fail(reason)
        pytest.skip(reason)

    from playwright.sync_api import sync_playwright

    # Playwright keeps an event loop in this thread, which Django takes for asynchronous code.
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, headless=True, args=FLAGS)
        yield chromium
        chromium.close()
        # Within an event loop Django opens further connections, which only this fixture closes.
        connections.close_all()
    if before is None:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def page(browser):
    """A tab in a profile of its own; a script error or a breach of the content security policy fails the test."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.set_default_timeout(10_000)
    tab = context.new_page()
    faults = []
    tab.on("pageerror", lambda error: faults.append(str(error)))
    tab.on("console", lambda line: faults.append(line.text) if "Content Security Policy" in line.text else None)
    yield tab
    context.close()
    assert not faults, faults


def violations(tab, impacts=("minor", "moderate", "serious", "critical"), colours_only=False):
    """What axe finds, as ``["rule: element"]``; with ``colours_only``, by the rules that colours decide."""
    if not tab.evaluate("'axe' in window"):
        tab.evaluate(AXE_SCRIPT)
    # Of rules that are kept only the names: a large page has tens of thousands of elements that keep them. Without preload:
    # fetching the style sheets once more is axe's own breach of the policy.
    options = {"resultTypes": ["violations"], "preload": False}
    broken = tab.evaluate(RUN_AXE, {"options": options, "coloursOnly": colours_only})
    return [f"{rule['id']}: {rule['nodes'][0]['html'][:160]}" for rule in broken if rule["impact"] in impacts]
