"""Addresses no honest client sends are answered 400, once, before any view."""

from itertools import product

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory

from kb.ops.client_address import client_address, client_network
from kb.ops.middleware import RequestGuard
from kb.ops.throttle import SharedCounts, SharedRateThrottle, shared_counts

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


def test_bad_addresses_are_refused_with_the_reason(client, subtests):
    for address in BAD:
        with subtests.test(address):
            answer = client.get(address)
            assert answer.status_code == 400
            assert BAD[address] in answer.content.decode()


def test_odd_but_honest_addresses_pass(client, subtests):
    for address in GOOD:
        with subtests.test(address):
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


FORWARDED = [
    (0, "203.0.113.9", "192.0.2.1"),
    (1, "203.0.113.9", "203.0.113.9"),
    (1, "6.6.6.6, 203.0.113.9", "203.0.113.9"),
    (2, "6.6.6.6, 203.0.113.9, 10.0.0.1", "203.0.113.9"),
    (2, "203.0.113.9", "192.0.2.1"),
    (1, "", "192.0.2.1"),
    (1, "203.0.113.9:5555", "203.0.113.9"),
    (1, "2001:db8::1", "2001:db8::1"),
    (1, "[2001:db8::1]", "2001:db8::1"),
    (1, "[2001:db8::1]:443", "2001:db8::1"),
    (1, "2001:DB8:0::1", "2001:db8::1"),
    (1, "fe80::1%eth0", "fe80::1"),
    (1, "::ffff:203.0.113.9", "203.0.113.9"),
    (1, "unknown", "192.0.2.1"),
    (1, "_hidden", "192.0.2.1"),
    (1, "999.0.0.1", "192.0.2.1"),
    (1, "[2001:db8::1", "2001:db8::1"),
    (1, "203.0.113.9, unknown", "192.0.2.1"),
    (1, "'; DROP TABLE", "192.0.2.1"),
    (1, "1" * 5000, "192.0.2.1"),
    (1, ", ".join(["6.6.6.6"] * 500) + ", 203.0.113.9:1", "203.0.113.9"),
]


def test_only_our_own_proxies_are_believed(settings, subtests):
    for proxies, claimed, address in FORWARDED:
        with subtests.test(claimed):
            settings.PROXIES = proxies
            request = RequestFactory().get("/", REMOTE_ADDR="192.0.2.1", HTTP_X_FORWARDED_FOR=claimed)
            assert client_address(request) == address


CLAIMS = ["1.2.3.4:5555", "[2001:db8::1]", "[2001:db8::1]:443", "unknown", "", ",,,", "é", "1" * 5000]


@pytest.mark.django_db
def test_a_failed_sign_in_survives_whatever_the_proxy_says(settings, case):
    for claimed in CLAIMS:
        with case(claimed):
            settings.PROXIES = 1
            answer = Client().post(
                "/admin/login/", {"username": "alice", "password": "wrong"}, HTTP_X_FORWARDED_FOR=claimed
            )
            assert answer.status_code == 200


def test_a_peer_on_a_socket_has_no_address():
    assert client_address(RequestFactory().get("/", REMOTE_ADDR="")) is None


def test_the_addresses_of_one_household_count_as_one_visitor():
    networks = {
        client_network(RequestFactory().get("/", REMOTE_ADDR=address))
        for address in ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9")
    }
    assert networks == {"2001:db8:1:2::"}
    assert client_network(RequestFactory().get("/", REMOTE_ADDR="192.0.2.1")) == "192.0.2.1"


# Methods and hosts


def test_an_unknown_method_is_405_before_anything_else_is_judged(client, subtests):
    for method, address in product(
        ["TRACE", "CONNECT", "PROPFIND", "X" * 50],
        ["/api/v1/agreements/", "/api/v1/agreements/?bogus=1", "/?a=%00", "/admin/?a=%FF", "/healthz"],
    ):
        with subtests.test(f"{method} · {address}"):
            answer = client.generic(method, address)
            assert answer.status_code == 405
            assert answer.headers["Allow"].startswith("GET, HEAD, OPTIONS")


def test_a_writing_method_on_the_api_is_405_even_with_a_wrong_parameter(client, subtests):
    for method in ["POST", "PUT", "PATCH", "DELETE"]:
        with subtests.test(method):
            answer = client.generic(method, "/api/v1/agreements/?bogus=1")
            assert (answer.status_code, answer.json()["status"]) == (405, 405)
            assert answer.headers["Allow"] == "GET, HEAD, OPTIONS"


@pytest.mark.parametrize("redirect", [False, True])
def test_a_wrong_host_is_400_and_one_plain_line(client, caplog, settings, redirect):
    settings.SECURE_SSL_REDIRECT = redirect
    answer = client.get("/", headers={"Host": "evil.example\u202e"})
    assert answer.status_code == 400
    (record,) = caplog.records
    assert (record.levelname, record.exc_info) == ("INFO", None)
    assert "evil.example" in record.getMessage()
    assert "\n" not in record.getMessage()


# The limit of the API


@pytest.fixture
def limited(monkeypatch, settings, tmp_path):
    """Three requests a minute, counted in a file as on the server."""
    monkeypatch.setitem(SharedRateThrottle.THROTTLE_RATES, "anon", "3/min")
    monkeypatch.setattr(SharedRateThrottle, "timer", staticmethod(lambda: 1_000_020.0))
    settings.THROTTLE_COUNTS = tmp_path / "var" / "throttle.counts"
    yield settings.THROTTLE_COUNTS
    shared_counts.cache_clear()


def ask(**where):
    return Client().get("/api/v1/", **where)


def test_the_fourth_request_of_a_minute_waits(limited):
    left = [ask().headers["RateLimit-Remaining"] for _number in range(3)]
    assert left == ["2", "1", "0"]
    answer = ask()
    assert (answer.status_code, answer.json()["status"]) == (429, 429)
    assert answer.headers["Retry-After"] == answer.headers["RateLimit-Reset"] == "60"
    assert ask(REMOTE_ADDR="192.0.2.7").status_code == 200


def test_the_next_minute_counts_anew(limited, monkeypatch):
    assert [ask().status_code for _number in range(4)] == [200, 200, 200, 429]
    monkeypatch.setattr(SharedRateThrottle, "timer", staticmethod(lambda: 1_000_080.0))
    assert ask().status_code == 200


def test_workers_share_the_count(limited):
    """Each worker has the file in its own memory."""
    statuses = []
    for _number in range(4):
        statuses.append(ask().status_code)
        shared_counts.cache_clear()
    assert statuses == [200, 200, 200, 429]


def test_two_visitors_with_one_place_in_a_table_are_still_counted_apart(tmp_path):
    counts = SharedCounts(tmp_path / "counts")
    for _number in range(5):
        counts.add(b"\0\0\0\1" + b"\0\0\0\1", span=7)
    assert counts.add(b"\0\0\0\1" + b"\0\0\0\2", span=7) == 1
    assert counts.add(b"\0\0\0\1" + b"\0\0\0\1", span=7) == 6


def test_a_broken_file_of_counts_stops_nobody(limited):
    limited.parent.mkdir()
    limited.write_bytes(b"nonsense" * 1000)
    assert ask().status_code == 200


def test_a_count_that_cannot_be_kept_limits_nobody(limited, monkeypatch):
    def full(*arguments):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("kb.ops.throttle.os.posix_fallocate", full)
    assert [ask().status_code for _number in range(5)] == [200] * 5
