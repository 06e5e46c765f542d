"""With the published content, every kind of record as a table: one header a kind, every value in its column, chosen fields."""

import functools
import json
import re

import pytest
from django.test import Client

from kb.api import VIEWSETS
from sources.lib import paging
from tests.routes import API_LISTS, PAGE_LISTS, identifier, refused_parameters
from tests.tables import table_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("content")]
NEXT = re.compile('<([^>]+)>; rel="next"')


def walk(client, address):
    """All rows of a list, page after page."""
    rows = []
    while address:
        body = client.get(address).json()
        rows += body["results"]
        address = body["next"]
    return rows


def address_of(name):
    return API_LISTS[f"api-{name}"][0]


def at(row, path):
    """The value that a column holds, found by its name in the JSON."""
    for key in path.split("."):
        row = row.get(key) if row else None
    return row


def as_cell(value):
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def no_rows(viewset, filterset):
    rows = getattr(viewset.serializer_class, "rows_by_date", viewset.serializer_class.rows)
    return filterset.rows(rows().none)


@pytest.fixture(scope="module")
def whole_table(content):
    """``whole_table(kind)`` is the CSV of all rows, asked for once: no test of this module changes the content."""
    return functools.cache(lambda name: table_of(Client().get(f"{address_of(name)}?format=csv")))


class TestEveryKind:
    def test_all_pages_of_a_table_have_the_same_header(self, client, whole_table, subtests):
        for name in VIEWSETS:
            with subtests.test(name):
                address = f"{address_of(name)}?page_size=60&format=csv"
                headers, number = set(), 0
                while address:
                    answer = client.get(address)
                    header, rows = table_of(answer)
                    headers.add(tuple(header))
                    number += len(rows)
                    following = NEXT.search(answer.get("Link", ""))
                    address = following and following[1]
                assert headers == {tuple(whole_table(name)[0])}
                assert number == len(whole_table(name)[1])

    def test_a_list_without_rows_has_the_header_all_the_same(self, client, whole_table, subtests):
        for name in VIEWSETS:
            with subtests.test(name):
                header, _rows = whole_table(name)
                viewset = VIEWSETS[name]
                with pytest.MonkeyPatch.context() as patch:
                    patch.setattr(viewset, "filtered", no_rows)
                    for more in ("", "&page_size=5"):
                        assert table_of(client.get(f"{address_of(name)}?format=csv{more}")) == (header, [])

    def test_every_value_stands_in_its_column_and_can_be_read_back(self, client, subtests):
        for name in VIEWSETS:
            with subtests.test(name):
                includes = ",".join(getattr(VIEWSETS[name].serializer_class.Meta, "includes", ()))
                query = f"?page_size=25{f'&include={includes}' if includes else ''}"
                data = client.get(f"{address_of(name)}{query}").json()["results"]
                header, rows = table_of(client.get(f"{address_of(name)}{query}&format=csv-raw"))
                assert len(header) == len(set(header))
                for row, cells in zip(data, rows, strict=True):
                    for column, cell in cells.items():
                        value = at(row, column)
                        if isinstance(value, list):
                            read = json.loads(cell)
                            assert read in (value, [entry["slug"] for entry in value if "slug" in entry]), column
                        else:
                            assert cell == as_cell(value), column
                    assert lost(row, header) == []

    def test_the_file_holds_the_whole_list_as_the_pages_do(self, client, monkeypatch, subtests):
        for name in VIEWSETS:
            with subtests.test(name):
                monkeypatch.setattr(paging, "CHUNK", 150)
                rows = walk(client, f"{address_of(name)}?page_size=200")
                lines = client.get(f"{address_of(name)}?format=jsonl").getvalue().decode().splitlines()
                assert [json.loads(line) for line in lines] == rows
                for form in ("csv", "csv-excel", "csv-raw"):
                    assert len(table_of(client.get(f"{address_of(name)}?format={form}"))[1]) == len(rows)

    def test_chosen_fields_are_all_that_comes(self, client, subtests):
        for name in VIEWSETS:
            with subtests.test(name):
                viewset = VIEWSETS[name]
                chosen = [viewset.serializer_class.Meta.fields[place] for place in (0, -1)]
                query = f"?fields={','.join(chosen)}"
                row = client.get(f"{address_of(name)}{query}&page_size=1").json()["results"]
                assert [set(item) for item in row] == [set(chosen)] * len(row)
                header, _rows = table_of(client.get(f"{address_of(name)}{query}&format=csv&page_size=1"))
                assert {column.partition(".")[0] for column in header} == set(chosen)
                first = viewset.serializer_class.rows().order_by("pk").first()
                if first is not None:
                    assert set(client.get(f"{address_of(name)}{identifier(first)}/{query}").json()) == set(chosen)

    def test_included_parts_come_beside_the_chosen_fields(self, client, subtests):
        for name in VIEWSETS:
            with subtests.test(name):
                meta = VIEWSETS[name].serializer_class.Meta
                includes, first = getattr(meta, "includes", ()), meta.fields[0]
                if not includes:
                    answer = client.get(f"{address_of(name)}?include=citations")
                    assert (answer.status_code, list(refused_parameters(answer))) == (400, ["include"])
                    continue
                query = f"?fields={first}&include={includes[0]}"
                for address in (
                    address_of(name),
                    f"{address_of(name)}{identifier(meta.model.objects.published().first())}/",
                ):
                    body = client.get(address + query).json()
                    row = body["results"][0] if "results" in body else body
                    assert set(row) == {first, includes[0]}

    def test_a_record_takes_only_the_nested_parts_that_are_asked_for(self, client, subtests):
        for name in VIEWSETS:
            with subtests.test(name):
                meta = VIEWSETS[name].serializer_class.Meta
                includes = getattr(meta, "includes", ())
                if includes:
                    address = f"{address_of(name)}{identifier(meta.model.objects.published().first())}/"
                    row = client.get(f"{address}?include={includes[-1]}").json()
                    assert set(row) & set(includes) == {includes[-1]}
                    assert set(includes) <= set(client.get(address).json())

    def test_the_data_page_tells_every_column(self, client, whole_table, subtests):
        page = client.get("/data/").content.decode()
        for name in VIEWSETS:
            with subtests.test(name):
                described = page.partition(f'id="list-{name}"')[2].partition("<h3")[0]
                for column in whole_table(name)[0]:
                    assert f"<code>{column}</code>" in described, column


def lost(row, header, path=""):
    """The values of a row of JSON that no column has."""
    missing = []
    for key, value in row.items():
        name = f"{path}{key}"
        if isinstance(value, dict):
            missing += lost(value, header, f"{name}.")
        elif value is not None and name not in header:
            missing.append(name)
    return missing


# From the pages


def test_each_list_page_offers_all_of_its_rows(client, subtests):
    for route in PAGE_LISTS:
        with subtests.test(route):
            address, _viewset = PAGE_LISTS[route]
            page = client.get(address).content.decode()
            number = int(re.search(r'role="status"><strong>([\d,.]+) [^<]+</strong>', page)[1].replace(",", ""))
            for form in ("csv", "csv-excel", "jsonl"):
                link = re.search(rf'href="([^"]+format={form})"', page)[1].replace("&amp;", "&")
                answer = client.get(link)
                rows = rows_of(answer, form)
                assert len(rows) == number, link
            assert re.search(r'href="/data/#list-[a-z]+"', page)


def rows_of(answer, form):
    return answer.getvalue().splitlines() if form == "jsonl" else table_of(answer)[1]


def test_the_file_offered_on_a_topic_page_is_of_that_topic(client):
    page = client.get("/topics/d1/").content.decode()
    link = re.search(r'href="([^"]+format=jsonl)"', page)[1].replace("&amp;", "&")
    rows = [json.loads(line) for line in client.get(link).getvalue().splitlines()]
    assert rows
    assert {row["topic"]["code"] for row in rows} == {"D1"}


def test_a_large_list_is_a_fraction_of_its_size(client):
    address = "/api/v1/organisations/?page_size=200"
    packed = client.get(address, headers={"Accept-Encoding": "gzip"}).getvalue()
    assert len(packed) * 6 < len(client.get(address).getvalue())
