"""Paging through the API: each row once, whatever comes in meanwhile; chosen fields and counts."""

from itertools import product

import pytest

from agreements.models import Agreement
from kb.api import VIEWSETS
from tests.content import undone
from tests.factory import make_agreement
from tests.routes import refused_parameters

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module", autouse=True)
def many(django_db_setup, django_db_blocker):
    """Seven agreements; three of them without a date, and titles that are not all different."""
    with undone(django_db_blocker):
        make_seven()
        yield


def make_seven():
    for number in range(7):
        date = [{"kind": "signed", "date": f"20{10 + number // 2}"}] if number % 3 else []
        make_agreement(slug=f"a{number}", title=f"Title {number % 3}", milestones=date, status="published")


def walk(client, address):
    """The slugs of all pages, one after the other."""
    collected = []
    while address:
        body = client.get(address).json()
        collected += [row["slug"] for row in body["results"]]
        address = body["next"]
        assert len(collected) < 100
    return collected


def test_pages_hold_each_row_once(client, subtests):
    for ordering, size in product(VIEWSETS["agreements"].orderings.names(), [1, 2, 3, 7]):
        with subtests.test(f"{ordering} · {size}"):
            paged = walk(client, f"/api/v1/agreements/?ordering={ordering}&page_size={size}&fields=slug")
            assert paged == walk(client, f"/api/v1/agreements/?ordering={ordering}&fields=slug")
            assert sorted(paged) == [f"a{number}" for number in range(7)]


def test_a_row_that_comes_in_meanwhile_moves_none_to_another_page(client):
    first = client.get("/api/v1/agreements/?ordering=slug&page_size=3").json()
    make_agreement(slug="a00", status="published")
    second = client.get(first["next"]).json()
    assert [row["slug"] for row in second["results"]] == ["a3", "a4", "a5"]


def test_a_cursor_of_another_ordering_is_refused(client):
    cursor = client.get("/api/v1/agreements/?ordering=slug&page_size=3").json()["next"].partition("cursor=")[2]
    assert client.get(f"/api/v1/agreements/?ordering=title&cursor={cursor}").status_code == 400


def test_rows_without_a_date_come_last_both_ways(client):
    for ordering in ("signed", "-signed"):
        assert set(walk(client, f"/api/v1/agreements/?ordering={ordering}")[-3:]) == {"a0", "a3", "a6"}


def test_a_count_is_given_when_asked_for(client):
    assert client.get("/api/v1/agreements/").json()["count"] is None
    assert client.get("/api/v1/agreements/?count=true&page_size=2").json()["count"] == 7


def test_chosen_fields_and_no_more(client):
    row = client.get("/api/v1/agreements/?fields=title,slug&page_size=1").json()["results"][0]
    assert set(row) == {"slug", "title"}
    assert set(client.get("/api/v1/agreements/a1/?fields=title,citations").json()) == {"title", "citations"}


# Back and forth


def test_the_way_back_shows_the_same_pages(client, subtests):
    for ordering, size in product(VIEWSETS["agreements"].orderings.names(), [1, 2, 3]):
        with subtests.test(f"{ordering} · {size}"):
            address = f"/api/v1/agreements/?ordering={ordering}&page_size={size}&fields=slug"
            forth = [client.get(address).json()]
            while forth[-1]["next"]:
                forth.append(client.get(forth[-1]["next"]).json())
            back = [forth[-1]]
            while back[-1]["previous"]:
                back.append(client.get(back[-1]["previous"]).json())
            assert [page["results"] for page in reversed(back)] == [page["results"] for page in forth]
            assert forth[0]["previous"] is None
            assert back[-1]["previous"] is None


def test_addresses_of_pages_are_whole(client):
    second = client.get(client.get("/api/v1/agreements/?page_size=3").json()["next"])
    body = second.json()
    assert body["next"].startswith("http://testserver/api/v1/agreements/?")
    assert body["previous"].startswith("http://testserver/api/v1/agreements/?")
    assert second.headers["Link"] == f'<{body["next"]}>; rel="next", <{body["previous"]}>; rel="previous"'


def test_the_page_before_is_the_first_when_all_before_has_gone(client):
    second = client.get(client.get("/api/v1/agreements/?ordering=slug&page_size=3").json()["next"]).json()
    Agreement.objects.filter(slug__in=["a0", "a1", "a2"]).delete()
    first = client.get(second["previous"]).json()
    assert [row["slug"] for row in first["results"]] == ["a3", "a4", "a5"]
    assert first["previous"] is None


def test_the_page_before_an_end_that_has_gone_is_the_last_one(client):
    second = client.get(client.get("/api/v1/agreements/?ordering=slug&page_size=6").json()["next"])
    Agreement.objects.filter(slug="a6").delete()
    empty = client.get(second.request["PATH_INFO"] + "?" + second.request["QUERY_STRING"]).json()
    assert (empty["results"], empty["next"]) == ([], None)
    last = client.get(empty["previous"]).json()
    assert [row["slug"] for row in last["results"]] == [f"a{number}" for number in range(6)]
    assert (last["next"], last["previous"]) == (None, None)


def test_a_list_refuses_the_cursor_of_another(client, subtests):
    for other in [
        "/api/v1/people/?ordering=slug&page_size=3",
        "/api/v1/agreements/?ordering=-slug&page_size=3",
        "/api/v1/agreements/?ordering=slug&page_size=3&type=sofa",
        "/api/v1/agreements/?ordering=slug&page_size=3&contested=false",
    ]:
        with subtests.test(other):
            cursor = client.get("/api/v1/agreements/?ordering=slug&page_size=3").json()["next"].partition("cursor=")[2]
            answer = client.get(f"{other}&cursor={cursor}")
            assert answer.status_code == 400
            assert list(refused_parameters(answer)) == ["cursor"]


def test_a_cursor_goes_with_another_size_format_or_choice_of_fields(client):
    cursor = client.get("/api/v1/agreements/?ordering=slug&page_size=3").json()["next"].partition("cursor=")[2]
    body = client.get(f"/api/v1/agreements/?ordering=slug&page_size=2&fields=slug&count=true&cursor={cursor}")
    assert [row["slug"] for row in body.json()["results"]] == ["a3", "a4"]
