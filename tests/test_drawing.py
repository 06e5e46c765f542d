"""One partial draws what one source says, on every page: the record's own, /contested/, the comparison, a source's page."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template import engines
from django.utils import translation
from django.utils.translation import gettext_lazy
from django.utils.translation.template import templatize

from agreements.models import Agreement
from sources.models import Citation
from sources.reading import fact_wording
from sources.reading.drawing import draw
from tests.content import undone
from tests.factory import add_clause, cite, code, make_agreement, make_source, make_topics, publish

PARTIALS = sorted(path for path in Path(settings.BASE_DIR).glob("*/**/jinja2/**/*.html") if ".venv" not in path.parts)


@pytest.fixture(scope="module")
def rows(django_db_setup, django_db_blocker):
    """Alpha's term and its coding of D2 are supported by a gazette and disputed by a paper that prints an agency's report."""
    with undone(django_db_blocker):
        make_topics("D2")
        alpha = make_agreement(slug="alpha", term="five years", cited=False)
        beta = make_agreement(slug="beta", status="published")
        coding = code(alpha, "D2", "first", clause=add_clause(alpha, number="Title I", heading="Aims"))
        code(beta, "D2", "second")
        gazette = make_source(slug="gazette", reliability="A", reliability_reason="Its record.", language="en")
        paper = make_source(slug="paper", title="Report paper", language="es", date="2026-01-08", wire_credit="EFE")
        for field, part in (("term", ""), ("approach", f"codings/{coding.key}")):
            cite(alpha, field, gazette, part)
            cite(alpha, field, paper, part, stance="disputes", value="one <year>", quotation="Por un año.")
        publish(alpha)
        yield


@pytest.fixture
def disputed(rows, db):
    return Agreement.objects.get(slug="alpha")


def page(client, address):
    return client.get(address).content.decode()


COMPARED = "/compare/?agreement=alpha&agreement=beta"


class TestOneWayToDraw:
    @pytest.mark.parametrize("address", ["/agreements/alpha/full/", "/contested/"])
    def test_a_reported_value_names_the_agency_whose_words_it_is(self, client, disputed, address):
        assert '<span class="soft">(EFE)</span>' in page(client, address)

    def test_a_reported_value_names_the_document_that_it_derives_from(self, client, disputed):
        copy = make_source(slug="copy", derived_from=make_source(slug="origin", title="The first report").slug)
        cite(disputed, "term", copy, stance="disputes", value="two years")
        for address in ("/agreements/alpha/full/", "/contested/"):
            assert '(derives from <a href="/sources/origin/"><bdi>The first report</bdi></a>)' in page(client, address)

    @pytest.mark.parametrize("address", ["/agreements/alpha/full/", "/contested/", COMPARED, "/sources/paper/"])
    def test_a_quotation_keeps_its_language(self, client, disputed, address):
        text = page(client, address)
        assert '<q lang="es">Por un año.</q>' in text
        assert "<q>" not in text

    @pytest.mark.parametrize("address", ["/agreements/alpha/full/", "/contested/", COMPARED, "/sources/paper/"])
    def test_a_reported_value_is_escaped_and_set_apart(self, client, disputed, address):
        assert "<bdi>one &lt;year&gt;</bdi>" in page(client, address)

    @pytest.mark.parametrize("address", ["/agreements/alpha/full/", COMPARED])
    def test_a_number_that_disputes_says_so_to_those_who_cannot_see_it(self, client, disputed, address):
        assert re.search(
            r'<a class="against" href="#note-\d"[^>]*>\d<span class="sr"> disputes</span></a>', page(client, address)
        )

    @pytest.mark.parametrize("address", ["/agreements/alpha/full/", "/contested/", COMPARED])
    def test_the_date_of_a_source_is_for_machines_too(self, client, disputed, address):
        assert '<time datetime="2026-01-08">8 January 2026</time>' in page(client, address)

    @pytest.mark.parametrize("address", ["/agreements/alpha/full/", COMPARED, "/topics/d2/"])
    def test_a_clause_is_cited_as_its_number_reads(self, client, disputed, address):
        text = page(client, address)
        assert 'title="Aims">Title I</a>' in text
        assert ">Art. Title I" not in text

    def test_neighbouring_numbers_of_a_comparison_become_a_range(self, client, disputed):
        part = f"codings/{disputed.codings.get().key}"
        for number in (1, 2, 3):
            cite(disputed, "stance", make_source(), part, locator=f"p. {number}")
        numbers = re.findall(r'<sup class="cites">(.*?)</sup>', page(client, COMPARED))
        assert any(re.search(r">\d–\d</a>", shown) for shown in numbers)

    def test_a_title_in_a_note_of_a_comparison_keeps_its_language(self, client, disputed):
        assert '“<bdi lang="es">Report paper</bdi>”' in page(client, COMPARED)


class TestPartials:
    @pytest.mark.parametrize("path", PARTIALS, ids=lambda path: path.name)
    def test_makemessages_finds_every_string(self, path):
        """It reads the files as templates of Django, which have no other way to name a string than in a tag of one line."""
        environment = engines["jinja2"].env
        wanted = {words for _line, _function, words in environment.extract_translations(path.read_text())}
        read = templatize(path.read_text(), origin=str(path))
        assert wanted == {first or second for first, second in re.findall(r"""_\((?:"(.*?)"|'(.*?)')\)""", read)}

    def test_there_are_partials_with_words(self):
        assert any('_("' in path.read_text() for path in PARTIALS)

    @pytest.mark.parametrize("path", PARTIALS, ids=lambda path: path.name)
    def test_words_are_translated_when_they_are_drawn(self, path):
        """What stands outside of macros runs once for all readers, whatever their language."""
        outside = re.sub(r"\{% macro .*?\{%-? endmacro %\}|\{#.*?#\}", "", path.read_text(), flags=re.DOTALL)
        assert not re.search(r"\{\{|\b_\(|\|", outside)

    def test_content_is_escaped(self):
        link = {"name": "<b>", "page": "/x"}
        assert draw("sources/parts.html", "refer", link) == '<a href="/x"><bdi>&lt;b&gt;</bdi></a>'
        then = draw("sources/parts.html", "refer", {**link, "name_then": "<i>"})
        assert "&lt;i&gt;" in then
        assert "<i>" not in then

    def test_a_key_comes_before_a_method(self):
        assert engines["jinja2"].from_string("{{ row.items }}").render({"row": {"items": "three"}}) == "three"

    def test_a_label_is_that_of_the_readers_language(self, monkeypatch):
        """English words of Django's own stand for a translation that is not there yet."""
        field = Citation._meta.get_field("stance")
        monkeypatch.setattr(field, "choices", [("supports", gettext_lazy("Yes"))])
        fact_wording._labels.cache_clear()
        try:
            with translation.override("en"):
                assert fact_wording.choice_label(Citation, "stance", "supports") == "Yes"
            with translation.override("es"):
                assert fact_wording.choice_label(Citation, "stance", "supports") == "Sí"
        finally:
            fact_wording._labels.cache_clear()
