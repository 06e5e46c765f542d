"""What programs rely on: methods, headers, validators, and every format of a list with the same rows."""

import csv
import io
import json

import pytest

from agreements.models import Agreement
from kb.api import VIEWSETS
from tests.content import undone
from tests.factory import make_agreement
from tests.routes import API_LISTS

pytestmark = pytest.mark.django_db
SOME = [
    "/api/v1/agreements/",
    "/api/v1/agreements/one/",
    "/api/v1/agreements/one/ladder/",
    "/api/v1/agreements/one/history/",
    "/api/v1/agreements/one/v/1/",
    "/api/v1/",
    "/api/v1/topics/",
]


@pytest.fixture(scope="module")
def one(django_db_setup, django_db_blocker):
    with undone(django_db_blocker):
        yield make_agreement(slug="one", title="One agreement", status="published")


# Methods and headers


def test_head_answers_like_get_without_a_body(client, one, subtests):
    for address in SOME:
        with subtests.test(address):
            head, get = (
                getattr(client, method)(address, headers={"X-Request-ID": "the-same-id"}) for method in ("head", "get")
            )
            assert (head.status_code, head.content) == (200, b"")
            assert {name: value for name, value in head.headers.items() if name != "Content-Length"} == {
                name: value for name, value in get.headers.items() if name != "Content-Length"
            }


def test_head_of_a_page(client, one, subtests):
    for address in ["/", "/agreements/", "/agreements/one/", "/agreements/one/history/", "/agreements/one/v/1/"]:
        with subtests.test(address):
            head = client.head(address)
            assert (head.status_code, head.content) == (200, b"")
            assert head.headers["ETag"] == client.get(address).headers["ETag"]


def test_a_browser_may_ask_first(client, one, subtests):
    for address in SOME:
        with subtests.test(address):
            answer = client.options(
                address, headers={"Origin": "https://elsewhere.example", "Access-Control-Request-Method": "GET"}
            )
            assert answer.status_code == 200
            assert answer.headers["Access-Control-Allow-Origin"] == "*"
            assert "GET" in answer.headers["Access-Control-Allow-Methods"]
            assert "If-None-Match" in answer.headers["Access-Control-Allow-Headers"]
            assert "Access-Control-Allow-Credentials" not in answer.headers


def test_other_sites_may_read_every_answer(client, one, subtests):
    for address in [*SOME, "/api/v1/agreements/?bogus=1", "/api/v1/agreements/x/", "/api/v1/x/", "/api/v1/?a=%00"]:
        with subtests.test(address):
            assert (
                client.get(address, headers={"Origin": "https://elsewhere.example"}).headers[
                    "Access-Control-Allow-Origin"
                ]
                == "*"
            )


def test_pages_are_not_for_other_sites(client, subtests):
    for address in ["/", "/agreements/", "/admin/login/"]:
        with subtests.test(address):
            assert "Access-Control-Allow-Origin" not in client.get(address).headers


def test_unchanged_answers_are_not_sent_again(client, one, subtests):
    for address in ["/agreements/", "/agreements/one/", "/api/v1/agreements/", "/api/v1/agreements/one/"]:
        with subtests.test(address):
            first = client.get(address)
            for tag in (
                first.headers["ETag"],
                f'"other", {first.headers["ETag"]}',
                first.headers["ETag"].removeprefix("W/"),
                "*",
            ):
                again = client.get(address, headers={"If-None-Match": tag})
                assert (again.status_code, again.content) == (304, b"")
                assert again.headers["ETag"] == first.headers["ETag"]
            assert client.get(address, headers={"If-None-Match": '"other"'}).status_code == 200


def test_a_change_changes_the_validator(client, one):
    before = client.get("/api/v1/agreements/one/").headers["ETag"]
    Agreement.objects.filter(pk=one.pk).update(title="Another title")
    assert client.get("/api/v1/agreements/one/", headers={"If-None-Match": before}).status_code == 200


def test_the_public_surface_sets_no_cookie(client, one, subtests):
    for address in ["/api/v1/agreements/", "/agreements/one/", "/", "/api/v1/x/", "/x/"]:
        with subtests.test(address):
            assert "Set-Cookie" not in client.get(address).headers


def test_too_many_questions_are_answered_429(client, one, monkeypatch):
    from rest_framework.throttling import SimpleRateThrottle

    monkeypatch.setitem(SimpleRateThrottle.THROTTLE_RATES, "anon", "2/min")
    answers = [client.get("/api/v1/agreements/") for _number in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[2].headers["Content-Type"] == "application/problem+json"
    assert int(answers[2].headers["Retry-After"]) > 0


def test_the_front_door_names_every_list(client):
    assert set(VIEWSETS) < set(client.get("/api/v1/").json())


def test_every_format_of_a_list_has_the_same_rows(client, one, subtests):
    for name in VIEWSETS:
        with subtests.test(name):
            address, _viewset = API_LISTS[f"api-{name}"]
            rows = client.get(address).json()["results"]
            lines = client.get(f"{address}?format=jsonl").getvalue().decode().splitlines()
            assert [json.loads(line) for line in lines] == rows
            table = list(csv.reader(io.StringIO(client.get(f"{address}?format=csv").getvalue().decode())))
            assert len(table) == len(rows) + 1
            assert len({len(line) for line in table}) == 1
