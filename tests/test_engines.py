"""What search engines and previews of links are told: sitemap, robots, canonical address, description, Open Graph."""

import re
from html import unescape
from html.parser import HTMLParser
from xml.etree import ElementTree

import pytest
from django.test import override_settings

from agreements.models import Agreement
from kb.site import sitemap
from sources.records.base import record_models
from tests import drafts, factory
from tests.cast import make_user
from tests.routes import PAGE_LISTS, PAGES

pytestmark = pytest.mark.django_db
NAMES = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}
SITE = ("/", "/about/", "/data/", "/topics/", "/compare/", "/search/")


class Head(HTMLParser):
    """The title, the meta elements and the canonical address of a page."""

    def __init__(self, page):
        super().__init__()
        self.metas, self.links, self.lang, self.title, self._in_title = {}, {}, "", "", False
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        found = dict(attributes)
        self._in_title = tag == "title"
        if tag == "html":
            self.lang = found.get("lang")
        if tag == "meta" and "content" in found:
            self.metas[found.get("name") or found.get("property")] = found["content"]
        if tag == "link":
            self.links[found["rel"]] = found["href"]

    def handle_data(self, data):
        if self._in_title:
            self.title += data

    def handle_endtag(self, tag):
        self._in_title = False


def head(client, address):
    answer = client.get(address)
    assert answer.status_code == 200, address
    return Head(answer.content.decode())


def locations(client, address="/sitemap.xml"):
    answer = client.get(address)
    assert answer.status_code == 200
    return [entry.text for entry in ElementTree.fromstring(answer.content).iterfind(".//s:loc", NAMES)]  # noqa: S314


@pytest.fixture
def world():
    drafts.small_world()


class TestSitemap:
    def test_it_names_every_published_page_and_no_draft(self, client, world):
        drafts.write_many_drafts(make_user("editor", f"{drafts.TOKEN}-alice"), copies=1)
        found = locations(client)
        rows = [row for model in record_models() for row in model.objects.published()]
        assert {f"http://testserver{row.get_absolute_url()}" for row in rows} < {*found}
        assert len(found) == len({*found})
        assert drafts.TOKEN not in " ".join(found)
        for address in (*SITE, *(address for address, _viewset in PAGE_LISTS.values() if address != "/series/")):
            assert f"http://testserver{address}" in found

    def test_every_address_in_it_answers(self, client, world):
        for address in locations(client):
            assert client.get(address.removeprefix("http://testserver")).status_code == 200, address

    def test_it_gives_the_day_of_the_publication(self, client):
        pact = factory.make_agreement(slug="pact", status="published")
        tree = ElementTree.fromstring(client.get("/sitemap.xml").content)  # noqa: S314
        days = {row.find("s:loc", NAMES).text: row.findtext("s:lastmod", "", NAMES) for row in tree}
        assert (
            days["http://testserver/agreements/pact/"]
            == Agreement.objects.get(pk=pact.pk).published_at.date().isoformat()
        )

    def test_a_large_one_is_an_index_of_parts(self, client, world, monkeypatch):
        whole = {*locations(client)}
        monkeypatch.setattr(sitemap, "PART", 3)
        monkeypatch.setattr(sitemap.Records, "limit", 3)
        sections = [address.removeprefix("http://testserver") for address in locations(client)]
        assert len(sections) > 3
        assert {address for section in sections for address in locations(client, section)} == whole

    def test_robots_name_it(self, client):
        lines = client.get("/robots.txt").content.decode().splitlines()
        assert {"Sitemap: http://testserver/sitemap.xml", "Disallow: /admin/"} <= {*lines}

    @pytest.mark.parametrize(
        "address", ["/sitemap.xml?p=x", "/sitemap/no-such-thing.xml", "/sitemap.xml?x=1", "/sitemap.xml?p=99"]
    )
    def test_what_it_does_not_have_is_no_error_of_ours(self, client, address):
        assert client.get(address).status_code in (400, 404)

    def test_the_icon_is_there(self, client):
        answer = client.get("/favicon.ico")
        assert (answer.status_code, answer.headers["Location"]) == (302, "/static/sources/favicon.ico")


class TestHeads:
    def test_every_page_describes_itself(self, client, world):
        addresses = [*SITE, *(address for address, _viewset in PAGE_LISTS.values())]
        firsts = ((start, viewset.serializer_class.rows().order_by("pk").first()) for start, viewset in PAGES.values())
        of_records = [f"{start}{row.slug}/" for start, row in firsts]
        addresses += of_records
        told = {}
        for address in addresses:
            found = head(client, address)
            assert found.lang == "en"
            assert found.metas["description"] and found.title.endswith(" · Concordance"), address
            assert found.metas["og:description"] == found.metas["description"]
            assert f"{found.metas['og:title']} · Concordance" == found.title
            assert found.links["canonical"] == found.metas["og:url"] == f"http://testserver{address}"
            assert "robots" not in found.metas
            told.setdefault(found.metas["description"], []).append(address)
        assert [pages for pages in told.values() if len({*pages} - {*of_records}) > 1] == []

    def test_an_agreement_says_its_status_first(self, client):
        factory.make_agreement(slug="pact", status="published", milestones=[{"kind": "signed", "date": "2020-01-10"}])
        for address in ("/agreements/pact/", "/agreements/pact/full/", "/agreements/pact/v/1/"):
            assert head(client, address).metas["description"].startswith("Signed; entry into force not established")

    def test_a_version_and_an_extract_lead_to_the_living_page(self, client):
        factory.make_agreement(slug="pact", status="published")
        for address, robots in (("/agreements/pact/v/1/", "noindex, follow"), ("/agreements/pact/full/", None)):
            found = head(client, address)
            assert found.links["canonical"] == "http://testserver/agreements/pact/"
            assert found.metas.get("robots") == robots

    def test_a_filtered_list_is_not_indexed(self, client, world):
        found = head(client, "/agreements/?type=sofa")
        assert found.metas["robots"] == "noindex, follow"
        assert found.links["canonical"] == "http://testserver/agreements/"

    @pytest.mark.parametrize("address", ["/nowhere/", "/agreements/nothing/", "/agreements/?type=x&bogus=1"])
    def test_an_error_is_not_indexed(self, client, address):
        assert "noindex" in Head(client.get(address).content.decode()).metas["robots"]

    @pytest.mark.parametrize(
        "text", ['"><script>alert(1)</script>', "' onload='x", "<b>&amp;</b> {{7*7}}", "a < b > c & d"]
    )
    def test_hostile_text_stays_text(self, client, text):
        factory.make_agreement(slug="pact", title=text, short_title=text[:60], summary=text, status="published")
        page = client.get("/agreements/pact/").content.decode()
        found = Head(page)
        assert "<script>alert" not in page
        assert set(re.findall(r"<meta (\w+)=", page)) <= {"charset", "name", "property"}
        assert not any(name and name.startswith("on") for name in found.metas)
        assert "49" not in found.metas["og:title"]
        assert unescape(found.metas["og:title"])

    @override_settings(ALLOWED_HOSTS=["concordance.example"])
    def test_another_host_is_not_believed(self, client):
        assert client.get("/", headers={"Host": "evil.example"}).status_code == 400
