"""What visitors get when a page is gone, missing, forbidden, broken or cannot be reached, and when its text is hostile."""

import orjson
import pytest
from django.db import OperationalError

from kb.site import views
from tests.factory import make_agreement, make_person

HOSTILE = '</script><script>alert(1)</script> "quoted" <b>&amp; {{ 7|add:7 }}'


@pytest.mark.django_db
def test_a_withdrawn_record_says_why_and_since_when(client):
    record = make_agreement(title="A pact", status="withdrawn")
    answer = client.get(f"/agreements/{record.slug}/")
    assert answer.status_code == 410
    assert "Found to be wrong." in answer.content.decode()
    assert "A pact" not in answer.content.decode()


@pytest.mark.django_db
def test_a_draft_is_as_absent_as_what_never_was(client):
    make_agreement(slug="secret-pact", title="A secret pact")
    draft, nothing = client.get("/agreements/secret-pact/"), client.get("/agreements/never-was/")
    assert draft.status_code == nothing.status_code == 404
    assert draft.content == nothing.content
    assert "There is no such page" in draft.content.decode()


@pytest.mark.django_db
def test_the_pages_of_an_empty_base(client):
    for address in ("/", "/about/", "/data/", "/agreements/", "/people/", "/sources/", "/topics/"):
        assert client.get(address).status_code == 200, address


@pytest.mark.parametrize(("address", "kind"), [("/x/", "text/html"), ("/api/v1/x/", "application/problem+json")])
def test_people_get_pages_and_programs_problem_documents(client, address, kind):
    answer = client.get(address)
    assert answer.status_code == 404
    assert answer.headers["Content-Type"].startswith(kind)


def broken(error):
    def get(*args, **kwargs):
        raise error

    return get


def test_a_fault_of_ours_shows_no_traceback(client, monkeypatch):
    monkeypatch.setattr(views.AboutPage, "context", broken(RuntimeError("the inside")))
    client.raise_request_exception = False
    answer = client.get("/about/")
    assert answer.status_code == 500
    assert "the inside" not in answer.content.decode()
    assert answer.headers["X-Request-ID"] in answer.content.decode()


def test_a_database_out_of_reach_is_said_to_be_that(client, monkeypatch):
    monkeypatch.setattr(views.AboutPage, "context", broken(OperationalError("no route")))
    client.raise_request_exception = False
    answer = client.get("/about/")
    assert answer.status_code == 503
    assert answer.headers["Retry-After"]
    assert "no route" not in answer.content.decode()


@pytest.mark.django_db
def test_hostile_text_is_shown_as_text(client):
    person = make_person(name=HOSTILE, summary=HOSTILE, status="published")
    page = client.get(f"/people/{person.slug}/").content.decode()
    assert "<script>alert" not in page
    assert "{{ 7|add:7 }}" in page
    block = page.partition('<script type="application/ld+json">')[2].partition("</script>")[0]
    assert orjson.loads(block)["name"] == HOSTILE


def test_robots_are_kept_from_the_editors_part(client):
    assert b"Disallow: /admin/" in client.get("/robots.txt").content
