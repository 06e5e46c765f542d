"""Bad input is answered 400 with the parameter's name, on every list, page and address of the API: never 500, and never
the unfiltered list that would be a wrong answer."""

import html
import json
from itertools import product

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from sources.lib.filters import (
    MAX_TEXT,
    AfterFilter,
    BeforeFilter,
    ChoicesFilter,
    ExactTextFilter,
    RefsFilter,
    WordsFilter,
    YesNoFilter,
)
from sources.lib.paging import MAX_PAGE_SIZE
from tests import factory
from tests.cast import make_user, sign_in
from tests.routes import LISTS, PAGES, is_api, refused_parameters

pytestmark = pytest.mark.django_db


@pytest.fixture
def client():
    """A visitor who sees an error of ours as the page for it."""
    return Client(raise_request_exception=False)


@pytest.fixture
def administrator(db):
    return sign_in(make_user("administrator", "carol"), raise_request_exception=False)


BAD_SIZES = ["0", "-1", "100000000", str(MAX_PAGE_SIZE + 1), "1.5", "x", "٣", "9" * 25, "1e2", "0x10", "+1"]
BAD_CURSORS = [
    "x", "%%%", "é", "W10", "bnVsbA", "e30", "WyItZGF0ZSJd", "A" * 2001,
    "WyJzbHVnIiwgMV0", "WyItc2lnbmVkIiwiMjAyNS0wMi0zMCIsImEiXQ", "WyItc2lnbmVkIiw1LCJhIl0",
]  # fmt: skip
BAD_ORDERINGS = [
    "bogus",
    "--slug",
    "-",
    "__class__",
    "?",
    "pk",
    "slug__slug",
    "status",
    "slug,slug",
    "slug'",
    "x" * 300,
]
BAD_DATES = [
    "2025-02-30", "2025-13", "0000", "10000", "99999-01-01", "-5", "2025-00", "2026/2020", "../..", "2025//", "/", "x",
    "9" * 25, "2025-1-1", "0", "2025-12-15T00:00", "１９９９", "20\u200b25",
]  # fmt: skip
BAD_CHOICES = ["bogus", "__all__", "' OR 1=1 --", "*", "%", "x" * 300, "[]", "None"]
BAD_NAMES = ["no-such-thing", ",", " , ,", "../etc/passwd", "1,x", "9223372036854775808", "x" * 300, "<script>"]
BAD_TRUTHS = ["1", "yes", "True", "maybe", "truefalse"]
BAD_YEARS = ["0", "99999", "9" * 25, "-5", "0999", "3000", "2025-01", "２０２５"]

BY_FILTER = {
    AfterFilter: [*BAD_DATES, "../2020"],
    BeforeFilter: [*BAD_DATES, "2020/.."],
    ChoicesFilter: BAD_CHOICES,
    RefsFilter: BAD_NAMES,
    YesNoFilter: BAD_TRUTHS,
    ExactTextFilter: ["x" * (MAX_TEXT + 1)],
    WordsFilter: ["x" * (MAX_TEXT + 1), "x" * 10_000],
}


def bad_values(name, item):
    if name == "year":
        return BAD_YEARS
    return next(values for kind, values in BY_FILTER.items() if isinstance(item, kind))


def bad_queries(address, viewset):
    """``(parameter, query)`` for everything that a list must refuse."""
    always = {"page_size": BAD_SIZES, "cursor": BAD_CURSORS, "ordering": BAD_ORDERINGS, "count": BAD_TRUTHS}
    if is_api(address):
        always |= {name: ["bogus", "__class__", "a.b.c", ",", "x," * 101] for name in ("fields", "include")}
        always["format"] = ["xml", "api", "../json"]
    else:
        always |= {"format": ["json"], "fields": ["slug"], "include": ["citations"]}
    for name, item in viewset.filterset_class.base_filters.items():
        always[name] = bad_values(name, item)
    for name, values in always.items():
        yield from ((name, {name: value}) for value in values)
        if not getattr(viewset.filterset_class.base_filters.get(name), "repeatable", False):
            yield name, {name: ["", "true"]}
    for name in ("bogus", "__class__", "pk", "id__in", "slug__regex", "", "status__in", "q[]", "search_text"):
        yield name, {name: "1"}


def test_a_list_refuses_what_it_does_not_understand(client, subtests):
    for route in LISTS:
        with subtests.test(route):
            address, viewset = LISTS[route]
            wrong = []
            for name, query in bad_queries(address, viewset):
                answer = client.get(address, query)
                if answer.status_code != 400 or name not in named(answer):
                    wrong.append((query, answer.status_code, answer.content[:200]))
                assert "no-store" not in answer.headers.get("Cache-Control", ""), "a refusal is public"
            assert wrong == []


def named(answer):
    """The parameters that a refusal names: a problem document, or a list on the page."""
    if answer.headers["Content-Type"] == "application/problem+json":
        return refused_parameters(answer)
    return {name for _label, name, _messages in answer.context["errors"]} if answer.context else ()


def test_a_misspelt_parameter_is_answered_with_the_nearest_one(client, subtests):
    for route in LISTS:
        with subtests.test(route):
            address, viewset = LISTS[route]
            for name in (*viewset.filterset_class.base_filters, "ordering", "page_size"):
                if len(name) > 3:
                    answer = client.get(address, {f"{name[:-1]}": "x"})
                    assert answer.status_code == 400
                    assert f"Did you mean “{name}”?" in html.unescape(answer.content.decode())


def test_a_refusal_of_the_api_is_a_problem_document(client, subtests):
    for route in [route for route, (address, _viewset) in LISTS.items() if is_api(address)]:
        with subtests.test(route):
            answer = client.get(LISTS[route][0], {"bogus": "1", "format": "csv"})
            assert answer.headers["Content-Type"] == "application/problem+json"
            body = answer.json()
            assert (body["status"], body["title"]) == (400, "Bad Request")
            assert body["errors"][0]["parameter"] == "bogus"


def test_a_span_that_ends_before_it_starts_is_refused(client):
    answer = client.get("/api/v1/agreements/", {"signed_after": "2026", "signed_before": "2020"})
    assert list(refused_parameters(answer)) == ["signed_before"]
    assert client.get("/agreements/", {"signed_after": "2026", "signed_before": "2020"}).status_code == 400


def test_a_span_within_one_year_is_fine(client):
    assert client.get("/api/v1/agreements/", {"signed_after": "2025", "signed_before": "2025-06"}).status_code == 200


ODD_WORDS = [
    '"foo* AND (NEAR', "", " ", "'", '"', "(", ")", "*", "%", "_", "\\", "--", ";", "NEAR/3", "a OR b", "foo:bar", "{}",
    "[", "^", "x" * MAX_TEXT, "word " * 40, "ﷺ", "🕊", "́", "\u202e", "SELECT 1", "${7*7}", "{{7*7}}", "\t\n",
]  # fmt: skip


def test_odd_words_are_searched_for_like_others(client, subtests):
    for route in [route for route, (_a, v) in LISTS.items() if "q" in v.filterset_class.base_filters]:
        with subtests.test(route):
            address, _viewset = LISTS[route]
            for words in ODD_WORDS:
                refused = is_api(address) and not words.strip()  # the form on a page sends its empty fields along
                assert client.get(address, {"q": words}).status_code == (400 if refused else 200), words


WRONG_BYTES = ["?q=%00", "?q=%FF", "?q=%ED%A0%80", "?%00=1", "?a=1" + "&a=1" * 1000]


def test_addresses_that_are_no_text_are_refused(client, subtests):
    for route in LISTS:
        with subtests.test(route):
            address, _viewset = LISTS[route]
            assert [client.get(address + query).status_code for query in WRONG_BYTES] == [400] * len(WRONG_BYTES)


ODD_SLUGS = [
    "no-such-thing", "x" * 255, "x" * 5000, "9" * 25, "-1", "a.b", ".", "a.b.c", "%2e%2e", "..%2fetc%2fpasswd", "'", '"',
    "%3Cscript%3E", "%E2%80%AE", "A", "%20", "%C3%A9", "{{7*7}}", "__class__", "a%0ab",
]  # fmt: skip


def test_a_record_that_is_not_there_is_404_whatever_its_name(client, subtests):
    for route in [*PAGES, *(route for route in LISTS if route.startswith("api-"))]:
        with subtests.test(route):
            start = PAGES[route][0] if route in PAGES else LISTS[route][0]
            for slug in ODD_SLUGS:
                answer = client.get(f"{start}{slug}/")
                assert answer.status_code == 404, slug


def test_an_address_that_is_not_there_is_404(client, subtests):
    for start in ["/topics/", "/api/v1/topics/x/counts/", "/api/v1/agreements/x/matrix/", "/api/v1/x/", "/x/"]:
        with subtests.test(start):
            assert client.get(f"{start}no-such-thing/").status_code == 404


def test_a_record_page_takes_no_parameters(client, subtests):
    for name in PAGES:
        with subtests.test(name):
            for query in ("?bogus=1", "?fields=slug", "?preview=1", "?v=2"):
                answer = client.get(f"{PAGES[name][0]}no-such-thing/{query}")
                assert answer.status_code == 400
                assert query[1:].partition("=")[0] in named(answer)


BAD_QUERIES_OF_A_RECORD = [
    ("bogus=1", "bogus"), ("fields=bogus", "fields"), ("fields=slug,__class__", "fields"), ("include=a.b.c", "include"),
    ("page_size=5", "page_size"), ("fields=slug&fields=title", "fields"), ("fields=", "fields"), ("format=xml", "format"),
]  # fmt: skip


def test_a_record_of_the_api_refuses_what_it_does_not_understand(client, case):
    for query, name in BAD_QUERIES_OF_A_RECORD:
        with case(f"{query} · {name}"):
            record = factory.make_agreement(status="published")
            answer = client.get(f"/api/v1/agreements/{record.slug}/?{query}")
            assert answer.status_code == 400
            assert name in refused_parameters(answer)


BAD_NUMBERS = ["0", "01", "-1", "x", "1.0", "9" * 10, "9" * 25, "٣", "１", "+1", "1e2", "0x1", "1 ", "²", "%00"]


@pytest.mark.parametrize("start", ["/agreements/one/", "/api/v1/agreements/one/"])
def test_a_version_of_no_number_is_404(client, start):
    factory.make_agreement(slug="one", status="published")
    assert client.get(f"{start}v/1/").status_code == 200
    for number in (*BAD_NUMBERS[:-1], "2", "999999999"):
        assert client.get(f"{start}v/{number}/").status_code == 404, number


@pytest.mark.parametrize("start", ["/agreements/one/", "/api/v1/agreements/one/"])
def test_a_history_refuses_what_it_does_not_understand(client, start):
    factory.make_agreement(slug="one", status="published")
    assert client.get(f"{start}history/?before=999999999").status_code == 200
    for query in (
        *(f"before={number}" for number in (*BAD_NUMBERS, "1")),
        "before=2&before=3",
        "bogus=1",
        "page_size=5",
    ):
        assert client.get(f"{start}history/?{query}").status_code == 400, query
    for number in BAD_NUMBERS[:-1]:
        assert "before" in named(client.get(f"{start}history/", {"before": number})), number


def test_a_version_takes_no_parameters(client):
    factory.make_agreement(slug="one", status="published")
    for query in ("format=json", "format=csv", "fields=slug", "include=facts", "bogus=1"):
        answers = [client.get(f"{start}/agreements/one/v/1/?{query}") for start in ("", "/api/v1")]
        assert [answer.status_code for answer in answers] == [400, 400], query
        assert all(query.partition("=")[0] in named(answer) for answer in answers)


def test_a_page_of_the_site_takes_no_parameters(client, subtests):
    for address in ["/", "/about/", "/data/", "/topics/"]:
        with subtests.test(address):
            answer = client.get(address, {"bogus": "1"})
            assert answer.status_code == 400
            assert "bogus" in named(answer)


COMPARE = [
    {}, {"agreement": "x"}, {"agreement": ["x"] * 2}, {"agreement": ["x"] * 7}, {"agreement": ["x", "y"], "only": "z"},
    {"agreement": ["x", "y"], "group": "ZZ"}, {"agreement": ["x", "y"], "format": "xml"}, {"agreement": ["x", "y"], "bogus": "1"},
    {"agreement": ["x", "y"], "only": ["all", "coded"]}, {"agreement": ["x", "y" * 5000]},
]  # fmt: skip


def test_a_comparison_that_is_not_understood_is_refused(client, subtests):
    for query in COMPARE:
        with subtests.test(query):
            assert client.get("/api/v1/compare/", query).status_code == 400
            assert client.get("/compare/", query).status_code == (400 if query else 200)


# Methods and bodies

DEEP = b"[" * 100_000 + b"]" * 100_000
BODIES = {
    "deep": (DEEP, "application/json"),
    "large": (b'"' + b"x" * 3_000_000 + b'"', "application/json"),
    "twice": (b'{"a": 1, "a": 2}', "application/json"),
    "surrogate": (b'{"a": "\\ud800"}', "application/json"),
    "nul": (b'{"a": "\\u0000"}', "application/json"),
    "broken": (b"{", "application/json"),
    "form": (b"a=%00&b=%FF", "application/x-www-form-urlencoded"),
    "multipart": (b"--x\r\n", "multipart/form-data; boundary=x"),
    "unknown": (b"x", "text/nonsense"),
}


def test_the_api_is_read_only(client, subtests):
    for method, body in product(["post", "put", "patch", "delete"], BODIES):
        with subtests.test(f"{method} · {body}"):
            data, content_type = BODIES[body]
            for address in ("/api/v1/agreements/", "/api/v1/agreements/x/", "/api/v1/compare/", "/api/v1/schema/"):
                answer = client.generic(method.upper(), address, data, content_type)
                assert answer.status_code == 405
                assert answer.headers["Content-Type"] == "application/problem+json"


def test_a_body_with_a_question_is_ignored(client, subtests):
    for body in BODIES:
        with subtests.test(body):
            data, content_type = BODIES[body]
            assert client.generic("GET", "/api/v1/agreements/", data, content_type).status_code == 200


def test_pages_take_no_bodies(client, subtests):
    for body in BODIES:
        with subtests.test(body):
            data, content_type = BODIES[body]
            for address in ("/", "/agreements/", "/agreements/x/", "/healthz"):
                assert client.generic("POST", address, data, content_type).status_code == 405


def test_the_basket_survives_any_body(client, subtests):
    for body in BODIES:
        with subtests.test(body):
            data, content_type = BODIES[body]
            answer = client.generic(
                "POST", "/compare/basket/", data, content_type, headers={"Sec-Fetch-Site": "same-origin"}
            )
            assert answer.status_code < 500


def test_the_basket_survives_any_cookie(client, subtests):
    for cookie in ["", "x", "a:b:c", "é", "x" * 5000, "../..", "\\ud800"]:
        with subtests.test(cookie):
            client.cookies["compare"] = cookie
            assert client.get("/agreements/").status_code == 200


def test_any_accept_header_is_answered(client, subtests):
    for accept in ["text/html", "application/xml", "x", "*/*", "", "text/html;q=x", "a" * 5000, "/"]:
        with subtests.test(accept):
            answer = client.get("/api/v1/agreements/", headers={"Accept": accept})
            assert answer.status_code in (200, 406)
            json.loads(answer.content)


def test_any_language_header_is_answered(client, subtests):
    for language in ["", "x", "es", "zz-ZZ-zz", "es;q=x", "é", "a," * 3000, "../../etc"]:
        with subtests.test(language):
            assert client.get("/agreements/", headers={"Accept-Language": language}).status_code == 200


def test_any_validator_is_answered(client, subtests):
    for tag in ["x", '"', "*,*", 'W/"', "é", "a," * 3000]:
        with subtests.test(tag):
            for address in ("/agreements/", "/api/v1/agreements/"):
                assert client.get(address, headers={"If-None-Match": tag}).status_code in (200, 304)


# The admin: it may turn back to the list with ?e=1, and nothing it answers is a 500

ADMIN_QUERIES = [
    "o=x", "o=-99.1.x", "o=" + "9" * 25, "p=-1", "p=x", "p=" + "9" * 25, "all=x", "q=%22foo*+AND+(NEAR", "q=" + "x" * 900, "q=%00",
    "bogus=1", "id__in=1,x", "id__regex=(((", "updated_at__year=99999", "date_earliest__year=99999", "at__year=0", "e=x",
    "status__exact=bogus", "status__regex=(((", "kind__in=" + "x," * 400, "resolved__exact=x", "resolved__isnull=x", "gap=x",
    "changed_by__password__startswith=a", "credibility__exact=" + "9" * 25, "publisher__id__exact=x", "_to_field=password", "_facets=x",
]  # fmt: skip


def admin_models():
    return sorted(admin.site._registry, key=lambda model: model._meta.label)


def test_a_change_list_never_fails(administrator, case):
    for model in admin_models():
        with case(model._meta.label_lower):
            address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
            answers = {query: administrator.get(f"{address}?{query}").status_code for query in ADMIN_QUERIES}
            assert {query: status for query, status in answers.items() if status not in (200, 302, 400, 403)} == {}


def test_a_date_hierarchy_is_guarded(administrator, subtests):
    for lookup in ["attempt_time__year=99999", "attempt_time__year=0", "attempt_time__month=x", "attempt_time__day=99"]:
        with subtests.test(lookup):
            answer = administrator.get(f"/admin/axes/accesslog/?{lookup}")
            assert answer.status_code == 400
            assert lookup.partition("=")[0] in named(answer)


def test_an_admin_address_of_nothing_never_fails(administrator, case):
    for model in admin_models():
        with case(model._meta.label_lower):
            start = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
            words = ["change", "history", "delete", *getattr(admin.site._registry[model], "own_words", ())]
            for identity in ("0", "x", "9" * 25, "%E2%80%AE"):
                for word in words:
                    answer = administrator.post(f"{start}{identity}/{word}/")
                    assert answer.status_code in (302, 403, 404, 405), (identity, word)


AUTOCOMPLETE_QUERIES = [
    "",
    "term=x",
    "app_label=x&model_name=y&field_name=z",
    "app_label=agreements&model_name=party&field_name=organisation&term=%22(&page=x",
    "app_label=agreements&model_name=agreement&field_name=changed_by",
]


def test_the_search_boxes_of_the_admin_never_fail(administrator, case):
    for query in AUTOCOMPLETE_QUERIES:
        with case(query):
            assert administrator.get(f"/admin/autocomplete/?{query}").status_code in (200, 400, 403, 404)


BAD_FORMS = [
    {}, {"_base": "x"}, {"_base": "", "titles-TOTAL_FORMS": "x"}, {"verb": "bogus"}, {"verb": "publish", "bypass": "1"},
    {"revision": "9" * 25}, {"revision": "x"}, {"revision": "1", "path": "x[9999].y"}, {"revision": "1", "path": "\u202e"},
    {"_base": "x", "_mine": "y", "side:x": "z"}, {"proposal": "9" * 25}, {"action": "bogus", "_selected_action": "x"},
]  # fmt: skip


def test_a_bad_form_of_the_admin_never_fails(administrator, case):
    for form in BAD_FORMS:
        with case(form):
            record = factory.make_agreement()
            start = f"/admin/agreements/agreement/{record.pk}/"
            for word in admin.site._registry[type(record)].own_words:
                assert administrator.post(f"{start}{word}/", form).status_code < 500, word
                assert administrator.get(f"{start}{word}/", form).status_code < 500, word
            assert administrator.post(f"{start}change/", form).status_code < 500
            assert administrator.post("/admin/agreements/agreement/", form).status_code < 500
