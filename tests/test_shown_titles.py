"""A title that nobody printed stands in square brackets wherever it is shown, and never in quotation marks."""

import re

import pytest

from tests import factory

pytestmark = pytest.mark.django_db

NOTE = "Rebuilt from the address; the printed headline was not seen."


@pytest.fixture
def rebuilt(db):
    """An agreement that cites a source; the title of neither was printed."""
    source = factory.make_source(slug="report", title="A rebuilt headline", title_note=NOTE)
    cited = [{"fields": ["title"], "source": source.slug, "locator": "p. 3"}]
    factory.make_agreement(
        slug="treaty", title="A described treaty", title_note="Descriptive.", citations=cited, status="published"
    )


@pytest.mark.usefixtures("rebuilt")
class TestBrackets:
    def test_on_every_page(self, client):
        wanted = {
            "/sources/": "[A rebuilt headline]",
            "/sources/report/": "[A rebuilt headline]",
            "/agreements/": "[A described treaty]",
            "/agreements/treaty/": "[A described treaty]",
            "/agreements/treaty/full/": "[A rebuilt headline]",
            "/": "[A described treaty]",
        }
        for address, title in wanted.items():
            text = client.get(address).content.decode()
            assert title in text, address
            bare = re.sub(r"<script.*?</script>|<[^>]*>", "", text, flags=re.S).replace(title, "")
            assert title[1:-1] not in bare, address
            assert f"“{title}" not in re.sub(r"<[^>]*>", "", text), address

    @pytest.mark.parametrize(("kind", "slug"), [("sources", "report"), ("agreements", "treaty")])
    def test_in_json_csv_and_json_ld(self, client, kind, slug):
        record = client.get(f"/api/v1/{kind}/{slug}/").json()
        shown = f"[{record['title']}]"
        assert record["shown_title"] == shown
        rows = client.get(f"/api/v1/{kind}/?format=csv&fields=shown_title")
        assert shown in b"".join(rows.streaming_content).decode()
        assert f'"name":"{shown}"' in client.get(f"/{kind}/{slug}/").content.decode().replace('": "', '":"')

    def test_in_links(self, client):
        names = {row["source"]["title_note"] for row in client.get("/api/v1/citations/").json()["results"]}
        assert names >= {NOTE}

    def test_a_printed_title_has_none(self, client):
        factory.make_source(slug="printed", title="A printed headline", status="published")
        assert "[A printed" not in client.get("/sources/").content.decode()
        assert client.get("/api/v1/sources/printed/").json()["shown_title"] == "A printed headline"
