"""A new kind of record, walked from its first draft to every place where readers and editors meet it.

Run by ``tests/test_adding_a_kind.py``, on a site that has one app more.
"""

import csv
import io
import re

import orjson
import pytest
import yaml
from django.core.management import call_command

from kb.api import VIEWSETS
from kb.site import coverage, dictionary, frame
from sources.records import fixtures
from tests import factory
from tests.desk import fresh, verb
from tests.forms import add_form, open_form
from tests.scratch_kind.models import Patrol

pytestmark = pytest.mark.django_db


@pytest.fixture
def patrol():
    factory.make_state()
    fields = {"name": "Southern Star", "date": "2026-01", "lead": "pry", "vessels": [{"name": "Itaipú"}]}
    return make_patrol(slug="southern-star", status="published", **fields)


def make_patrol(**fields):
    return factory.make(Patrol, {}, fields)


def test_an_editor_enters_one_and_a_reviewer_publishes_it(editor, reviewer):
    form = add_form(editor, Patrol)
    form["slug"], form["name"], form["date"] = "northern-star", "Northern Star", "2026-02"
    form.add("vessels", name="Capitán Cabral")
    form.post()
    patrol = Patrol.objects.get()
    form = open_form(editor, patrol)
    form.cite(["|name", "|date", "vessels/capitan-cabral|name"], factory.make_source())
    form.post()
    verb(editor, patrol, "submit")
    verb(reviewer, patrol, "publish")
    assert fresh(patrol).is_published
    assert [version.number for version in patrol.versions.all()] == [1]


def test_the_gate_refuses_one_without_sources(editor, reviewer):
    patrol = make_patrol(name="Unsourced", cited=False, status="in_review")
    verb(reviewer, patrol, "publish")
    assert not fresh(patrol).is_published


def test_readers_meet_it_in_the_api(client, patrol):
    assert client.get("/api/v1/").json()["patrols"] == "/api/v1/patrols/"
    [row] = client.get("/api/v1/patrols/?q=southern").json()["results"]
    assert row["ref"] == "patrols/southern-star"
    record = client.get("/api/v1/patrols/southern-star/").json()
    assert record["lead"]["code"] == "PRY"
    assert [vessel["name"] for vessel in record["vessels"]] == ["Itaipú"]
    assert {fact["state"] for fact in record["facts"]} == {"supported"}
    assert client.get("/api/v1/citations/?record=patrols/southern-star").json()["results"]


def test_readers_meet_it_on_pages(client, patrol):
    page = client.get("/patrols/southern-star/").content.decode()
    assert "Southern Star" in page and "January 2026" in page and "Itaipú" in page
    described = re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)[1]
    assert orjson.loads(described) | {"@type": "Event", "startDate": "2026-01"} == orjson.loads(described)
    for address in ("/patrols/southern-star/history/", "/patrols/southern-star/v/1/"):
        assert "Southern Star" in client.get(address).content.decode()


def test_readers_meet_it_in_the_list_and_take_it_with_them(client, patrol):
    page = client.get("/patrols/").content.decode()
    assert '<a href="/patrols/southern-star/"><bdi>Southern Star</bdi></a>' in page
    answer = client.get("/api/v1/patrols/?format=csv")
    [row] = csv.DictReader(io.StringIO(answer.getvalue().decode()))
    assert (row["name"], row["lead.slug"]) == ("Southern Star", "pry")


def test_readers_meet_it_in_the_menu_and_on_the_home_page(client, patrol):
    labels = [section["label"] for section in frame.sections("/patrols/")]
    assert labels.index("Positions") < labels.index("Patrols") < labels.index("Sources")
    home = client.get("/").content.decode()
    assert '<a href="/patrols/">patrol</a>' in home
    assert home.count('href="/patrols/southern-star/"') == 1


def test_it_is_counted_and_explained(client, patrol):
    [row] = [row for row in coverage.in_all()["records"] if row["kind"] == "patrols"]
    assert (row["published"], row["contested"]) == (1, 0)
    [kind] = [kind for kind in dictionary.kinds() if kind["kind"] == "patrols"]
    assert [name for name, *_rest in kind["fields"]] == ["name", "date", "lead", "summary"]
    assert [part["name"] for part in kind["parts"]] == ["vessels"]
    about, data = (client.get(address).content.decode() for address in ("/about/", "/data/"))
    assert "A patrol of the forces of several states." in about and 'id="list-patrols"' in data


def test_it_is_described_to_programs():
    assert "patrols" in VIEWSETS
    out = io.StringIO()
    call_command("spectacular", validate=True, fail_on_warn=True, stdout=out)
    assert {"/api/v1/patrols/", "/api/v1/patrols/{slug}/history/"} <= set(yaml.safe_load(out.getvalue())["paths"])


def test_it_is_exported_and_loaded(patrol, tmp_path):
    fixtures.export(tmp_path)
    before = (tmp_path / "patrols" / "southern-star.yaml").read_text()
    assert "Itaipú" in before
    patrol.withdraw(by=None, reason="To see it come back.")
    (tmp_path / "patrols" / "eastern-star.yaml").write_text(before.replace("Southern", "Eastern"))
    assert fixtures.load(tmp_path).created == ["patrols/eastern-star"]
    assert Patrol.objects.get(slug="eastern-star").is_published


def test_it_awaits_review_among_the_others(reviewer, alice):
    make_patrol(name="Western Star", by=alice, status="in_review")
    assert "Western Star" in reviewer.get("/admin/worklists/review/").content.decode()
