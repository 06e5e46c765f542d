"""A rendered admin form as the data that a browser would post.

``form = read_form(response)`` finds the change form; ``form["title"] = "…"`` types; ``form.add("milestones", kind="signed")``
fills a new row as “Add another” does; ``form.post()`` sends it to where it was drawn.
"""

from html.parser import HTMLParser

from django.urls import reverse

UNSENT = ("submit", "button", "reset", "image", "file")


class _Reader(HTMLParser):
    """Collects what each form of a page would post: ``{form id or action: {name: [values]}}``."""

    def __init__(self):
        super().__init__()
        self.forms, self.form, self.select, self.area, self.option = {}, None, None, None, None

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag == "form":
            self.form = self.forms.setdefault(attrs.get("id") or attrs.get("action") or "", {})
        elif self.form is None:
            return
        elif tag == "input":
            self._input(attrs)
        elif tag == "select":
            self.select = {"name": attrs.get("name"), "many": "multiple" in attrs, "options": [], "chosen": []}
        elif tag == "option" and self.select is not None:
            self.select["options"].append(attrs.get("value", ""))
            if "selected" in attrs:
                self.select["chosen"].append(attrs.get("value", ""))
        elif tag == "textarea":
            self.area = (attrs.get("name"), [])

    def _input(self, attrs):
        kind, name = attrs.get("type", "text"), attrs.get("name")
        if not name or kind in UNSENT or (kind in ("checkbox", "radio") and "checked" not in attrs):
            return
        self._send(name, attrs.get("value", "on" if kind == "checkbox" else ""))

    def handle_data(self, data):
        if self.area is not None:
            self.area[1].append(data)

    def handle_endtag(self, tag):
        if tag == "form":
            self.form = None
        elif tag == "select" and self.select is not None:
            chosen, self.select = self.select, None
            # A list that opens to one choice sends its first option when none is selected.
            sent = chosen["chosen"] or ([] if chosen["many"] else chosen["options"][:1])
            # A search box has no option before one is chosen: it is there, and sends nothing.
            self.form.setdefault(chosen["name"], []).extend(sent)
        elif tag == "textarea" and self.area is not None:
            (name, text), self.area = self.area, None
            # The first line break after the tag is not part of the text.
            self._send(name, "".join(text).removeprefix("\r\n").removeprefix("\n"))

    def _send(self, name, value):
        self.form.setdefault(name, []).append(value)


def forms_of(response):
    """Every form of the page, by its id or else its action."""
    reader = _Reader()
    reader.feed(response.content.decode())
    return reader.forms


class Form(dict):
    """``{name: [values]}`` with the address and the browser it came from."""

    client = address = None

    def __setitem__(self, name, value):
        super().__setitem__(name, value if isinstance(value, list) else [value])

    def row(self, prefix, **wanted):
        """The prefix of the row whose fields hold these values, for example ``milestones-0``."""
        for number in range(int(self[f"{prefix}-TOTAL_FORMS"][0])):
            row = f"{prefix}-{number}"
            if all(self.get(f"{row}-{name}") == [value] for name, value in wanted.items()):
                return row
        raise LookupError(f"no row of {prefix} with {wanted}")

    def add(self, prefix, **values):
        """A new row, made of the empty one that the page carries along; returns its prefix."""
        number = int(self[f"{prefix}-TOTAL_FORMS"][0])
        empty, row = f"{prefix}-__prefix__-", f"{prefix}-{number}"
        for name in [name for name in self if name.startswith(empty)]:
            self[f"{row}-{name.removeprefix(empty)}"] = self[name]
        self[f"{prefix}-TOTAL_FORMS"] = str(number + 1)
        self.fill(row, **values)
        return row

    def fill(self, row, **values):
        for name, value in values.items():
            assert f"{row}-{name}" in self, f"the form has no {row}-{name}"
            self[f"{row}-{name}"] = value

    def cite(self, facts, source, locator="p. 1", **more):
        """Fill the empty citation form: the source says this of these facts."""
        row = f"{CITATIONS}-0"
        if self.get(f"{row}-facts"):
            row = self.add(CITATIONS)
        self.fill(row, facts=list(facts), source=str(source.pk), locator=locator, **more)
        return row

    def post(self, button="_continue", **more):
        data = {name: values for name, values in self.items() if "__prefix__" not in name}
        return self.client.post(self.address, {**data, button: "1", **more}, follow=True)


CITATIONS = "sources-citation-record_type-record_id"
RULINGS = "sources-adjudication-record_type-record_id"


def address(record, word="change"):
    opts = record._meta
    return reverse(f"admin:{opts.app_label}_{opts.model_name}_{word}", args=[record.pk])


def open_form(client, record, **query):
    """The change form as this browser sees it."""
    return read_form(client, client.get(address(record), query, follow=True))


def add_form(client, model):
    opts = model._meta
    return read_form(client, client.get(reverse(f"admin:{opts.app_label}_{opts.model_name}_add")))


def read_form(client, response):
    """The main form of an editing screen, ready to be changed and posted."""
    assert response.status_code == 200, response.status_code
    drawn = next(fields for name, fields in forms_of(response).items() if name.endswith("_form"))
    form = Form(drawn)
    query = response.request["QUERY_STRING"]
    form.client, form.address = client, response.request["PATH_INFO"] + (f"?{query}" if query else "")
    return form


def said(response):
    """The messages on the page that came at the end."""
    return " ".join(str(message) for message in response.context["messages"])
