"""Addresses no honest client sends are answered 400, once, before any view."""

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from kb.middleware import RequestGuard, client_address

BAD = {
    "/healthz?a=%00": "query contains a NUL",
    "/healthz?%00=a": "query contains a NUL",
    "/people/%00/": "path contains a NUL",
    "/people/%2500/": "path contains a NUL",
    "/healthz?a=%FF": "query is not valid UTF-8",
    "/healthz?a=%C3": "query is not valid UTF-8",
    "/healthz?a=%C3&b=%A9": "query is not valid UTF-8",
    "/healthz?a=%ED%A0%80": "query is not valid UTF-8",
    "/people/%FF/": "path is not valid UTF-8",
    "/healthz?" + "&".join(["a=1"] * 101): "more than 100 parameters",
}
GOOD = [
    "/healthz?" + "&".join(["a=1"] * 100),
    "/healthz?q=Pe%C3%B1a",
    "/healthz?q=Peña",
    "/healthz?q=100%",
    "/healthz?q=%2",
    "/healthz?q=%F0%9F%95%8A&r=a+b",
]


@pytest.mark.parametrize("address", BAD)
def test_bad_addresses_are_refused_with_the_reason(client, address):
    answer = client.get(address)
    assert answer.status_code == 400
    assert BAD[address] in answer.content.decode()


@pytest.mark.parametrize("address", GOOD)
def test_odd_but_honest_addresses_pass(client, address):
    assert client.get(address).status_code == 200


def test_an_accented_path_passes():
    guard = RequestGuard(lambda request: HttpResponse("seen"))
    assert guard(RequestFactory().get("/people/peña/100%25/")).content == b"seen"


def test_the_api_answers_with_a_problem_document(client):
    answer = client.get("/api/v1/agreements/?a=%00")
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json() == {
        "type": "about:blank",
        "title": "Bad Request",
        "status": 400,
        "detail": "The query contains a NUL character.",
    }


@pytest.mark.parametrize(
    ("proxies", "claimed", "address"),
    [
        (0, "203.0.113.9", "192.0.2.1"),
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "6.6.6.6, 203.0.113.9", "203.0.113.9"),
        (2, "6.6.6.6, 203.0.113.9, 10.0.0.1", "203.0.113.9"),
        (2, "203.0.113.9", "192.0.2.1"),
        (1, "", "192.0.2.1"),
    ],
)
def test_only_our_own_proxies_are_believed(settings, proxies, claimed, address):
    settings.PROXIES = proxies
    request = RequestFactory().get("/", REMOTE_ADDR="192.0.2.1", HTTP_X_FORWARDED_FOR=claimed)
    assert client_address(request) == address
