"""The browsers of the cast: each editor in a profile of their own, and what a person does on an editing screen."""

import pytest
from playwright.sync_api import expect

from tests.cast import sign_in


@pytest.fixture
def desk(browser, live_server):
    """``desk(user)`` is a browser of their own; an error in any console or a breach of the policy fails the test."""
    contexts, faults = [], []

    def open_desk(user, **options):
        context = browser.new_context(viewport={"width": 1280, "height": 900}, base_url=live_server.url, **options)
        context.set_default_timeout(20_000)
        let_in(context, user, live_server)
        tab = context.new_page()
        tab.on("pageerror", lambda error: faults.append(str(error)))
        tab.on("console", lambda line: faults.append(f"{line.text} {line.location}") if line.type == "error" else None)
        contexts.append(context)
        return tab

    yield open_desk
    for context in contexts:
        context.close()
    assert not faults, faults


def let_in(context, user, live_server):
    session = sign_in(user).cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])


def save(tab, name="Save and continue editing"):
    tab.get_by_role("button", name=name, exact=True).click()


def press(tab, name, said):
    """A button that leads on; the next page says what became of it."""
    tab.get_by_role("button", name=name, exact=True).click()
    expect(tab.locator(".messagelist")).to_contain_text(said)


def messages(tab):
    return tab.locator(".messagelist").inner_text()


def show(tab, name):
    tab.get_by_role("tab", name=name).click()


def choose_source(tab, row, words):
    """As a person does: open the box, type, take the first."""
    tab.locator(f"#id_{row}-source + .select2").click()
    tab.locator(".select2-search__field").last.fill(words)
    tab.locator(".select2-results__option", has_text=words).first.click()


CITATION = "sources-citation-record_type-record_id-0"
