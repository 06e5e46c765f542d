"""What programs rely on: methods, headers, validators, cursors, chosen fields, and text that stays text at each outlet."""

import csv
import io
import json
import re

import pytest

from agreements.models import Agreement
from kb.api import VIEWSETS
from kb.core.renderers import FORMULA_STARTS, escape_cell
from tests import drafts, factory
from tests.routes import API_LISTS, PAGES

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


@pytest.fixture
def one():
    return factory.make_agreement(slug="one", title="One agreement", status="published")


# Methods and headers


@pytest.mark.parametrize("address", SOME)
def test_head_answers_like_get_without_a_body(client, one, address):
    head, get = (
        getattr(client, method)(address, headers={"X-Request-ID": "the-same-id"}) for method in ("head", "get")
    )
    assert (head.status_code, head.content) == (200, b"")
    assert {name: value for name, value in head.headers.items() if name != "Content-Length"} == {
        name: value for name, value in get.headers.items() if name != "Content-Length"
    }


@pytest.mark.parametrize(
    "address", ["/", "/agreements/", "/agreements/one/", "/agreements/one/history/", "/agreements/one/v/1/"]
)
def test_head_of_a_page(client, one, address):
    head = client.head(address)
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["ETag"] == client.get(address).headers["ETag"]


@pytest.mark.parametrize("address", SOME)
def test_a_browser_may_ask_first(client, one, address):
    answer = client.options(
        address, headers={"Origin": "https://elsewhere.example", "Access-Control-Request-Method": "GET"}
    )
    assert answer.status_code == 200
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "GET" in answer.headers["Access-Control-Allow-Methods"]
    assert "If-None-Match" in answer.headers["Access-Control-Allow-Headers"]
    assert "Access-Control-Allow-Credentials" not in answer.headers


@pytest.mark.parametrize(
    "address", [*SOME, "/api/v1/agreements/?bogus=1", "/api/v1/agreements/x/", "/api/v1/x/", "/api/v1/?a=%00"]
)
def test_other_sites_may_read_every_answer(client, one, address):
    assert (
        client.get(address, headers={"Origin": "https://elsewhere.example"}).headers["Access-Control-Allow-Origin"]
        == "*"
    )


@pytest.mark.parametrize("address", ["/", "/agreements/", "/admin/login/"])
def test_pages_are_not_for_other_sites(client, address):
    assert "Access-Control-Allow-Origin" not in client.get(address).headers


@pytest.mark.parametrize(
    "address", ["/agreements/", "/agreements/one/", "/api/v1/agreements/", "/api/v1/agreements/one/"]
)
def test_what_has_not_changed_is_not_sent_again(client, one, address):
    first = client.get(address)
    for tag in (first.headers["ETag"], f'"other", {first.headers["ETag"]}', f"W/{first.headers['ETag']}", "*"):
        again = client.get(address, headers={"If-None-Match": tag})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["ETag"] == first.headers["ETag"]
    assert client.get(address, headers={"If-None-Match": '"other"'}).status_code == 200


def test_a_change_changes_the_validator(client, one):
    before = client.get("/api/v1/agreements/one/").headers["ETag"]
    Agreement.objects.filter(pk=one.pk).update(title="Another title")
    assert client.get("/api/v1/agreements/one/", headers={"If-None-Match": before}).status_code == 200


@pytest.mark.parametrize("address", ["/api/v1/agreements/", "/agreements/one/", "/", "/api/v1/x/", "/x/"])
def test_the_public_surface_sets_no_cookie(client, one, address):
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


# Lists


@pytest.fixture
def many():
    for number in range(7):
        date = [{"kind": "signed", "date": f"20{10 + number // 2}"}] if number % 3 else []
        factory.make_agreement(slug=f"a{number}", title=f"Title {number % 3}", milestones=date, status="published")


def walk(client, address):
    """The slugs of all pages, one after the other."""
    found = []
    while address:
        body = client.get(address).json()
        found += [row["slug"] for row in body["results"]]
        address = body["next"]
        assert len(found) < 100
    return found


@pytest.mark.parametrize("ordering", VIEWSETS["agreements"].orderings.names())
@pytest.mark.parametrize("size", [1, 2, 3, 7])
def test_pages_hold_each_row_once(client, many, ordering, size):
    paged = walk(client, f"/api/v1/agreements/?ordering={ordering}&page_size={size}&fields=slug")
    assert paged == walk(client, f"/api/v1/agreements/?ordering={ordering}&fields=slug")
    assert sorted(paged) == [f"a{number}" for number in range(7)]


def test_a_row_that_comes_in_meanwhile_moves_none_to_another_page(client, many):
    first = client.get("/api/v1/agreements/?ordering=slug&page_size=3").json()
    factory.make_agreement(slug="a00", status="published")
    second = client.get(first["next"]).json()
    assert [row["slug"] for row in second["results"]] == ["a3", "a4", "a5"]


def test_a_cursor_of_another_ordering_is_refused(client, many):
    cursor = client.get("/api/v1/agreements/?ordering=slug&page_size=3").json()["next"].partition("cursor=")[2]
    assert client.get(f"/api/v1/agreements/?ordering=title&cursor={cursor}").status_code == 400


def test_rows_without_a_date_come_last_both_ways(client, many):
    for ordering in ("signed", "-signed"):
        assert set(walk(client, f"/api/v1/agreements/?ordering={ordering}")[-3:]) == {"a0", "a3", "a6"}


def test_a_count_is_given_when_asked_for(client, many):
    assert client.get("/api/v1/agreements/").json()["count"] is None
    assert client.get("/api/v1/agreements/?count=true&page_size=2").json()["count"] == 7


def test_chosen_fields_and_no_more(client, many):
    row = client.get("/api/v1/agreements/?fields=title,slug&page_size=1").json()["results"][0]
    assert set(row) == {"slug", "title"}
    assert set(client.get("/api/v1/agreements/a1/?fields=title,citations").json()) == {"title", "citations"}


@pytest.mark.parametrize("name", VIEWSETS)
def test_every_format_of_a_list_has_the_same_rows(client, one, name):
    address, _viewset = API_LISTS[f"api-{name}"]
    rows = client.get(address).json()["results"]
    lines = client.get(f"{address}?format=jsonl").content.decode().splitlines()
    assert [json.loads(line) for line in lines] == rows
    table = list(csv.reader(io.StringIO(client.get(f"{address}?format=csv").content.decode())))
    assert len(table) == len(rows) + 1
    assert len({len(line) for line in table}) == 1


# Text stays text

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


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("model", drafts.record_models(), ids=lambda model: model.KIND)
def test_hostile_text_stays_text(client, model, text):
    factory.make_state()
    record = factory.make(model, hostile_fields(model, text), {"slug": "hostile", "status": "published"})
    start = next(start for start, viewset in PAGES.values() if viewset.serializer_class.Meta.model is model)
    lists = [address for address, viewset in API_LISTS.values() if viewset.serializer_class.Meta.model is model]
    for address in (f"{start}hostile/", start):
        answer = client.get(address)
        if address != "/series/":
            assert answer.status_code == 200, address
            is_inert(answer.content.decode(), text)
    body = client.get(f"{lists[0]}hostile/")
    assert text in json.dumps(body.json(), ensure_ascii=False) or json.dumps(text)[1:-1] in body.content.decode()
    assert body.headers["X-Content-Type-Options"] == "nosniff"
    assert record.slug == "hostile"


def is_inert(page, text):
    """Nothing of the text became markup: scripts and handlers of the page are its own."""
    if "<" in text:
        assert text not in page
    assert "<img src=x" not in page
    assert (
        "onmouseover=alert(1) x='" not in page.replace("&quot;", "").replace("&#x27;", "'") or '" onmouse' not in page
    )
    assert ">49<" not in page
    assert not re.search(r"""(?:href|src|action)=["']?\s*javascript:""", page, re.IGNORECASE)
    for script in re.findall(r"<script[^>]*>(.*?)</script>", page, re.DOTALL):
        assert not script.strip() or json.loads(script), "an inline script is data"


@pytest.mark.parametrize(
    "scheme", ["javascript:alert(1)", "data:text/html,x", "vbscript:x", "file:///etc/passwd", " javascript:x", "//x"]
)
def test_a_link_that_runs_is_refused(scheme):
    from kb.core.dossier import DossierError

    for name in ("url", "archived_url"):
        with pytest.raises(DossierError, match=name):
            factory.make_source(**{name: scheme})
    with pytest.raises(DossierError, match="url"):
        factory.make_agreement(registry_numbers=[{"series": "TIAS", "number": "1", "url": scheme}])


@pytest.mark.parametrize(
    "character", ["\u202a", "\u202b", "\u202c", "\u202d", "\u202e", "\u2066", "\u2069", "\x00", "\x1b", "\x07"]
)
def test_characters_that_deceive_are_refused(character):
    from kb.core.dossier import DossierError

    with pytest.raises(DossierError, match="name"):
        factory.make_person(name=f"Ana{character}Peña")


@pytest.mark.parametrize("name", ["محمد عبد الله", "דוד", "क्‍ष", "Peña–Ramírez", "O’Neill", "Łódź", "李小龍", "Nguyễn"])
def test_honest_names_are_kept(client, name):
    factory.make_person(slug="someone", name=name, status="published")
    assert client.get("/api/v1/people/someone/").json()["name"] == name
    assert name in client.get("/people/someone/").content.decode()


@pytest.mark.parametrize("start", FORMULA_STARTS)
def test_a_cell_that_a_spreadsheet_would_run_is_prefixed(client, start):
    assert escape_cell(f"{start}1+1") == f"'{start}1+1"
    if start.strip():
        factory.make_agreement(slug="formula", title=f"{start}1+1", status="published")
        table = list(csv.DictReader(io.StringIO(client.get("/api/v1/agreements/?format=csv").content.decode())))
        assert table[0]["title"] == f"'{start}1+1"
        assert client.get("/api/v1/agreements/formula/").json()["title"] == f"{start}1+1"


def test_a_cell_with_quotes_and_lines_stays_one_cell(client):
    factory.make_agreement(
        slug="cell", title='A "quoted", title', summary="One\nTwo\r\nThree; four", status="published"
    )
    row = next(csv.DictReader(io.StringIO(client.get("/api/v1/agreements/?format=csv").content.decode(), newline="")))
    assert row["title"] == 'A "quoted", title'
    assert "Two" in row["summary"]


def test_negative_and_positive_numbers_are_no_formulas():
    assert [escape_cell(value) for value in (-5, 3.5, None, "", "a=b")] == [-5, 3.5, None, "", "a=b"]
