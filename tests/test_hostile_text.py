"""Text stays text at each outlet: pages, JSON, and cells of a spreadsheet."""

import csv
import io
import json
import re
from html.parser import HTMLParser
from itertools import product

import pytest

from sources.lib.renderers import FORMULA_STARTS, escape_cell
from sources.records.dossier import DossierError
from tests import drafts, factory
from tests.routes import API_LISTS, PAGE_LISTS, PAGES

pytestmark = pytest.mark.django_db
HOSTILE = (
    "<script>alert(1)</script> <!-- ]]> </script><img src=x onerror=alert(1)> &lt;b&gt; \u2028",
    "{{7*7}}{% debug %}${7*7} \"' onmouseover=alert(1) x='",
    "javascript:alert(1)",
)


def hostile_fields(model, text):
    """A dossier of the model with the text, as much of it as goes in, in every field that takes text."""
    given = drafts.fields_of(model, "plain")
    return {
        name: text[: model._meta.get_field(name).max_length] if str(value).startswith("plain") else value
        for name, value in given.items()
    }


def test_hostile_text_stays_text(client, case):
    for text, model in product(HOSTILE, drafts.record_models()):
        with case(f"{text} · {model.KIND}"):
            factory.make_state()
            factory.make(model, hostile_fields(model, text), {"slug": "hostile", "status": "published"})
            start = next(start for start, viewset in PAGES.values() if viewset.serializer_class.Meta.model is model)
            lists = [address for address, viewset in API_LISTS.values() if viewset.serializer_class.Meta.model is model]
            for address in (
                f"{start}hostile/",
                *(address for address, _viewset in PAGE_LISTS.values() if address == start),
            ):
                answer = client.get(address)
                assert answer.status_code == 200, address
                is_inert(answer.content.decode(), text)
            body = client.get(f"{lists[0]}hostile/")
            assert (
                text in json.dumps(body.json(), ensure_ascii=False) or json.dumps(text)[1:-1] in body.content.decode()
            )
            assert body.headers["X-Content-Type-Options"] == "nosniff"


class Markup(HTMLParser):
    """Every tag of a page with its attributes, as a browser reads them."""

    def __init__(self, page):
        super().__init__()
        self.tags = []
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))


def is_inert(page, text):
    """Nothing of the text became markup: scripts and handlers of the page are its own."""
    if "<" in text:
        assert text not in page
    for tag, attributes in Markup(page).tags:
        assert not [name for name in attributes if name.startswith("on")], (tag, attributes)
        assert attributes.get("src") != "x", (tag, attributes)
        for name in ("href", "src", "action"):
            assert not (attributes.get(name) or "").strip().casefold().startswith("javascript:"), (tag, attributes)
    assert ">49<" not in page
    for script in re.findall(r"<script[^>]*>(.*?)</script>", page, re.DOTALL):
        assert not script.strip() or json.loads(script), "an inline script is data"


def test_a_link_that_runs_is_refused(case):
    running = ("javascript:alert(1)", "data:text/html,x", "vbscript:x", "file:///etc/passwd", " javascript:x", "//x")
    for scheme in running:
        with case(scheme):
            for name in ("url", "archived_url"):
                with pytest.raises(DossierError, match=name):
                    factory.make_source(**{name: scheme})
            with pytest.raises(DossierError, match="url"):
                factory.make_agreement(registry_numbers=[{"series": "TIAS", "number": "1", "url": scheme}])


def test_characters_that_deceive_are_refused(case):
    for character in ["\u202a", "\u202b", "\u202c", "\u202d", "\u202e", "\u2066", "\u2069", "\x00", "\x1b", "\x07"]:
        with case(character), pytest.raises(DossierError, match="name"):
            factory.make_person(name=f"Ana{character}Peña")


def test_honest_names_are_kept(client, case):
    for name in ["محمد عبد الله", "דוד", "क्‍ष", "Peña–Ramírez", "O’Neill", "Łódź", "李小龍", "Nguyễn"]:
        with case(name):
            factory.make_person(slug="someone", name=name, status="published")
            assert client.get("/api/v1/people/someone/").json()["name"] == name
            assert name in client.get("/people/someone/").content.decode()


def test_a_cell_that_a_spreadsheet_would_run_is_prefixed(client, case):
    for start in FORMULA_STARTS:
        with case(start):
            assert escape_cell(f"{start}1+1") == f"'{start}1+1"
            if start.strip():
                factory.make_agreement(slug="formula", title=f"{start}1+1", status="published")
                table = list(
                    csv.DictReader(io.StringIO(client.get("/api/v1/agreements/?format=csv").getvalue().decode()))
                )
                assert table[0]["title"] == f"'{start}1+1"
                assert client.get("/api/v1/agreements/formula/").json()["title"] == f"{start}1+1"


def test_a_cell_with_quotes_and_lines_stays_one_cell(client):
    factory.make_agreement(
        slug="cell", title='A "quoted", title', summary="One\nTwo\r\nThree; four", status="published"
    )
    row = next(
        csv.DictReader(io.StringIO(client.get("/api/v1/agreements/?format=csv").getvalue().decode(), newline=""))
    )
    assert row["title"] == 'A "quoted", title'
    assert "Two" in row["summary"]


def test_negative_and_positive_numbers_are_no_formulas():
    assert [escape_cell(value) for value in (-5, 3.5, None, "", "a=b")] == [-5, 3.5, None, "", "a=b"]
