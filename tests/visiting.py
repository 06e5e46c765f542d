"""A visitor in a browser who starts at the home page and is done within three interactions.

An interaction is a click, or filling in and sending one form. What must be on the page are the words of the answer.
"""

from pathlib import Path

MOST = 3


def carry_out(task, browser, live_server, has_script):
    """Do ``task(visit)`` in a tab of its own."""
    context = browser.new_context(java_script_enabled=has_script, viewport={"width": 1280, "height": 900})
    context.set_default_timeout(8_000)
    try:
        task(Visit(context.new_page(), f"{live_server}/", has_script))
    finally:
        context.close()


class Visit:
    """A visitor who starts at the home page and counts what they do."""

    def __init__(self, tab, home, has_script):
        self.tab, self.done, self.has_script = tab, 0, has_script
        tab.goto(home)

    def click(self, name, within="main", exact=True):
        """Follow the first link of this name."""
        return self.follow(self.tab.locator(within).get_by_role("link", name=name, exact=exact))

    def follow(self, links):
        self.done += 1
        links.first.click()
        self.tab.wait_for_load_state()
        return self

    def open(self, details):
        """Open the first of these folded parts."""
        self.done += 1
        self.tab.locator(f"{details} > summary").first.click()
        return self

    def send(self, form, **values):
        """Fill in the boxes of a form by their names and send it."""
        self.done += 1
        for name, value in values.items():
            form.locator(f'input[name="{name}"]').last.fill(value)
        form.get_by_role("button").first.click()
        self.tab.wait_for_load_state()
        return self

    def ask(self, question, **values):
        """Fill in the form of the home page that asks this question."""
        return self.send(self.tab.locator("form", has=self.tab.get_by_label(question, exact=True)), **values)

    def search(self, words):
        return self.send(self.tab.locator("header form"), q=words)

    def press(self, box, *keys):
        """Choose by the keyboard what stands below a box that was typed into."""
        self.done += 1
        for key in keys:
            box.press(key)
        self.tab.wait_for_load_state()
        return self

    def download(self, name):
        """The text of the file behind the first link of this name."""
        self.done += 1
        with self.tab.expect_download() as waiting:
            self.tab.locator("main").get_by_role("link", name=name, exact=True).first.click()
        assert self.done <= MOST, self.done
        return Path(waiting.value.path()).read_text()

    def sees(self, *words):
        text = " ".join(self.tab.locator("body").inner_text().split())
        assert [word for word in words if word.casefold() not in text.casefold()] == [], (self.tab.url, text[:1500])
        assert self.done <= MOST, self.done
