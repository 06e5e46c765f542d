"""What programs take away: whole lists as files, read while they are sent, and compressed answers."""

import gzip
import json
import re

import pytest

from agreements.models import Agreement
from kb.api import VIEWSETS
from sources.lib import paging
from sources.lib.csv_columns import columns_of
from sources.lib.renderers import FORMATS
from tests.content import undone
from tests.factory import make_agreement
from tests.routes import refused_parameters
from tests.tables import table_of

pytestmark = pytest.mark.django_db
FILES = [name for name in FORMATS if name != "json"]


@pytest.fixture(scope="module")
def many(django_db_setup, django_db_blocker):
    """Seven agreements: three memoranda, and titles that come twice."""
    with undone(django_db_blocker):
        for number in range(7):
            make_agreement(
                slug=f"a{number}",
                title=f"Title {number % 3}",
                type="memorandum" if number % 3 == 0 else "sofa",
                milestones=[{"kind": "signed", "date": f"20{10 + number // 2}"}] if number % 3 else [],
                status="published",
            )
        yield


def slugs(answer):
    return [json.loads(line)["slug"] for line in answer.getvalue().decode().splitlines()]


@pytest.mark.parametrize("form", FILES)
def test_a_file_says_what_it_holds_and_when(client, many, form):
    answer = client.get(f"/api/v1/agreements/?format={form}")
    name = answer.headers["Content-Disposition"]
    assert re.fullmatch(rf'attachment; filename="concordance-agreements-\d{{4}}-\d\d-\d\d\.{form[:3]}.*"', name)
    assert answer.streaming


def test_a_file_holds_what_the_filters_choose_in_the_order_asked_for(client, many, monkeypatch):
    monkeypatch.setattr(paging, "CHUNK", 2)
    answer = client.get("/api/v1/agreements/?type=memorandum&ordering=-slug&format=jsonl")
    assert slugs(answer) == ["a6", "a3", "a0"]


@pytest.mark.parametrize("ordering", VIEWSETS["agreements"].orderings.names())
def test_a_file_holds_each_row_once(client, many, monkeypatch, ordering):
    monkeypatch.setattr(paging, "CHUNK", 2)
    rows = slugs(client.get(f"/api/v1/agreements/?ordering={ordering}&format=jsonl"))
    assert sorted(rows) == [f"a{number}" for number in range(7)]


def test_a_file_is_read_while_it_is_sent(client, many, monkeypatch):
    monkeypatch.setattr(paging, "CHUNK", 2)
    parts = iter(client.get("/api/v1/agreements/?ordering=slug&format=jsonl").streaming_content)
    assert (next(parts), len(next(parts).splitlines())) == (b"", 2)
    make_agreement(slug="a9", status="published")
    Agreement.objects.filter(slug="a5").delete()
    rest = b"".join(parts).decode().splitlines()
    assert [json.loads(line)["slug"] for line in rest] == ["a2", "a3", "a4", "a6", "a9"]


def test_a_page_of_a_file_is_given_when_asked_for(client, many):
    answer = client.get("/api/v1/agreements/?ordering=slug&format=jsonl&page_size=3")
    assert slugs(answer) == ["a0", "a1", "a2"]
    following = re.search(r'<([^>]+)>; rel="next"', answer.headers["Link"])[1]
    assert slugs(client.get(following)) == ["a3", "a4", "a5"]


@pytest.mark.parametrize("form", FILES)
@pytest.mark.parametrize("more", ["", "&page_size=5"])
def test_a_file_without_rows_keeps_its_type(client, many, form, more):
    answer = client.get(f"/api/v1/agreements/?q=nowhere&format={form}{more}")
    assert answer.status_code == 200
    expected = "application/jsonl" if form == "jsonl" else "text/csv"
    assert answer.headers["Content-Type"] == f"{expected}; charset=utf-8"
    if form == "jsonl":
        assert answer.getvalue() == b""


@pytest.mark.parametrize("query", ["bogus=1", "ordering=bogus", "count=perhaps", "type=bogus", "fields=bogus"])
def test_a_file_is_refused_as_the_list_is(client, many, query):
    answer = client.get(f"/api/v1/agreements/?format=csv&{query}")
    assert answer.status_code == 400
    assert list(refused_parameters(answer)) == [query.partition("=")[0]]


@pytest.mark.parametrize("form", FILES)
def test_head_of_a_file_has_no_body(client, many, form):
    head = client.head(f"/api/v1/agreements/?format={form}")
    get = client.get(f"/api/v1/agreements/?format={form}")
    assert (head.status_code, head.getvalue()) == (200, b"")
    for name in ("Content-Type", "Content-Disposition", "Vary", "Cache-Control"):
        assert head.headers[name] == get.headers[name]


def test_the_variant_for_excel_starts_with_a_byte_order_mark(client, many):
    plain = client.get("/api/v1/agreements/?format=csv").getvalue()
    assert not plain.startswith(b"\xef\xbb\xbf")
    assert client.get("/api/v1/agreements/?format=csv-excel").getvalue() == b"\xef\xbb\xbf" + plain


def test_the_raw_variant_leaves_formulas_as_they_are(client):
    make_agreement(slug="formula", title="=1+1", status="published")
    titles = {}
    for form in FILES[:3]:
        _header, rows = table_of(client.get(f"/api/v1/agreements/?format={form}"))
        titles[form] = next(row["title"] for row in rows if row["slug"] == "formula")
    assert titles == {"csv": "'=1+1", "csv-excel": "'=1+1", "csv-raw": "=1+1"}


@pytest.mark.parametrize("form", ["csv", "jsonl"])
def test_one_record_in_a_format_of_rows(client, many, form):
    record = client.get("/api/v1/agreements/a1/").json()
    answer = client.get(f"/api/v1/agreements/a1/?format={form}")
    if form == "jsonl":
        assert json.loads(answer.content) == record
    else:
        header, rows = table_of(answer)
        assert [row["slug"] for row in rows] == ["a1"]
        assert header == [column.name for column in columns_of(VIEWSETS["agreements"].serializer_class())]


def test_a_later_page_and_empty_boxes_still_offer_the_filtered_list(client, many):
    first = client.get("/agreements/?q=&type=sofa&party=&page_size=2&ordering=slug").content.decode()
    second = client.get(following_page(first, "next")).content.decode()
    for page in (first, second):
        link = re.search(r'href="([^"]+format=jsonl)"', page)[1].replace("&amp;", "&")
        assert slugs(client.get(link)) == ["a1", "a2", "a4", "a5"]
    assert "Previous page" in second and "Previous page" not in first
    assert following_page(second, "prev")
    back = client.get(following_page(second, "prev")).content.decode()
    assert "a1/" in back and "a4/" not in back


def following_page(page, rel):
    return re.search(rf'rel="{rel}" href="([^"]+)"', page)[1].replace("&amp;", "&")


# Compressed


PACKED = {"Accept-Encoding": "gzip"}


@pytest.mark.parametrize(
    "address",
    ["/api/v1/agreements/", "/api/v1/agreements/a1/", "/api/v1/agreements/?format=csv", "/api/v1/schema/", "/api/v1/"],
)
def test_an_answer_is_compressed_for_those_who_take_it(client, many, address):
    plain, packed = client.get(address), client.get(address, headers=PACKED)
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in plain.headers
    assert gzip.decompress(packed.getvalue()) == plain.getvalue()
    for answer in (plain, packed):
        assert "Accept-Encoding" in answer.headers["Vary"]
    assert packed.headers.get("ETag") == plain.headers.get("ETag")


@pytest.mark.parametrize("address", ["/api/v1/agreements/", "/api/v1/agreements/a1/", "/agreements/"])
def test_not_modified_has_the_headers_that_the_answer_had(client, many, address):
    first = client.get(address, headers=PACKED)
    again = client.get(address, headers={**PACKED, "If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert "Content-Encoding" not in again.headers
    assert again.headers["ETag"] == first.headers["ETag"]
    parts = [{part.strip() for part in answer.headers["Vary"].split(",")} for answer in (first, again)]
    assert parts[0] == parts[1]


def test_the_screens_of_editors_are_not_compressed_with_their_tokens(client):
    assert "Content-Encoding" not in client.get("/admin/login/", headers=PACKED).headers
