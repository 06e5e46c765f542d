"""A client that a tool generates from the OpenAPI document reads every kind of record, list and detail, as the server sends it."""

import importlib
import sys
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from openapi_python_client import Config, MetaType, generate
from openapi_python_client.config import ConfigFile

from kb.api import VIEWSETS
from sources.history.version_api import VersionedViewSet
from tests.routes import identifier
from tests.test_schema import COMMITTED

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("content")]
PACKAGE = "concordance_client"
# Details that are read of each kind.
SOME = 8


@pytest.fixture(scope="module")
def package(tmp_path_factory):
    """The generated package, made without the network and without tools that tidy its code."""
    place = tmp_path_factory.mktemp("client")
    settings = Config.from_sources(
        ConfigFile(post_hooks=[]),
        MetaType.NONE,
        document_source=COMMITTED,
        file_encoding="utf-8",
        overwrite=True,
        output_path=place / PACKAGE,
    )
    complaints = generate(config=settings)
    assert [f"{complaint.header}: {complaint.detail}" for complaint in complaints] == []
    sys.path.insert(0, str(place))
    yield importlib.import_module(PACKAGE)
    sys.path.remove(str(place))
    for name in [name for name in sys.modules if name.partition(".")[0] == PACKAGE]:
        del sys.modules[name]


@pytest.fixture
def ask(package, client):
    """``ask(tag, operation, **parameters)`` gives what the generated function makes of the answer of this server."""

    def answer(request):
        given = client.get(request.url.raw_path.decode())
        return httpx.Response(given.status_code, headers=dict(given.headers), content=given.content)

    options = {"transport": httpx.MockTransport(answer)}
    generated = package.Client("http://testserver", raise_on_unexpected_status=True, httpx_args=options)

    def ask_for(tag, operation, **parameters):
        function = importlib.import_module(f"{PACKAGE}.api.{tag}.{operation}")
        return function.sync_detailed(client=generated, **parameters)

    return ask_for


def pages(ask, name, **parameters):
    """Every page of a list, read by following the cursors."""
    while True:
        page = ask(name, f"{name}_list", **parameters).parsed
        yield page
        if page.next_ is None:
            return
        parameters["cursor"] = parse_qs(urlsplit(page.next_).query)["cursor"][0]


def some_of(name):
    rows = VIEWSETS[name].serializer_class.rows()
    return [*rows.order_by("pk")[:SOME], *rows.order_by("-pk")[:SOME]]


class TestEveryKind:
    def test_a_list_is_read_whole(self, ask, client, subtests):
        for name in VIEWSETS:
            with subtests.test(name):
                count = client.get(f"/api/v1/{name}/?count=true&page_size=1").json()["count"]
                assert sum(len(page.results) for page in pages(ask, name, page_size=200)) == count

    def test_a_list_with_every_nested_part_is_read(self, ask, client, subtests):
        for name in VIEWSETS:
            with subtests.test(name):
                includes = ",".join(getattr(VIEWSETS[name].serializer_class.Meta, "includes", ()))
                if includes:
                    page = ask(name, f"{name}_list", page_size=25, include=includes).parsed
                    assert page.to_dict()["results"]

    def test_a_list_of_chosen_fields_is_read(self, ask, subtests):
        for name in VIEWSETS:
            with subtests.test(name):
                first = VIEWSETS[name].serializer_class.Meta.fields[0]
                page = ask(name, f"{name}_list", page_size=3, fields=first).parsed
                assert all(list(row.to_dict()) == [first] for row in page.results)

    def test_details_are_read(self, ask, subtests):
        for name in VIEWSETS:
            with subtests.test(name):
                key = VIEWSETS[name].lookup_field
                for row in some_of(name):
                    parsed = ask(name, f"{name}_retrieve", **{key: identifier(row)}).parsed
                    assert identifier(row) in parsed.to_dict().values()

    def test_versions_are_read(self, ask, subtests):
        for name in VIEWSETS:
            with subtests.test(name):
                if issubclass(VIEWSETS[name], VersionedViewSet):
                    for row in some_of(name)[:2]:
                        history = ask(name, f"{name}_history_retrieve", slug=row.slug).parsed
                        assert history.record.slug == row.slug
                        frozen = ask(name, f"{name}_v_retrieve", slug=row.slug, number=history.results[0].number)
                        assert frozen.parsed.slug == row.slug

    def test_a_refusal_is_read(self, ask, subtests):
        for name in VIEWSETS:
            with subtests.test(name):
                answer = ask(name, f"{name}_list", fields="bogus")
                assert (answer.status_code, answer.parsed.errors[0].parameter) == (400, "fields")
