"""The files in fixtures/: all of them load, a second load changes nothing, and they are written back byte for byte."""

from html import unescape

import pytest

from agreements.models import Codebook, Coding
from sources.models import Version
from sources.records import dossier, fixtures
from tests.content import FOLDER, counts

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("content")]


def test_it_is_written_back_byte_for_byte():
    assert fixtures.export(FOLDER, check=True) == fixtures.ExportReport()


def test_a_second_load_finds_nothing_to_do():
    before = counts()
    report = fixtures.load(FOLDER)
    assert (report.created, report.updated, report.kept) == ([], [], [])
    assert report.unchanged == len(list(FOLDER.glob("*/*.yaml")))
    assert counts() == before


def test_every_file_became_a_row():
    for kind, model in dossier.documented_models().items():
        files = {path.stem for path in (FOLDER / kind).glob("*.yaml")}
        assert set(model.objects.values_list("slug", flat=True)) == files, kind


def test_every_published_record_has_its_version():
    kinds = [model for model in dossier.documented_models().values() if hasattr(model, "versions")]
    assert Version.objects.count() == sum(model.objects.published().count() for model in kinds)


def test_every_row_is_valid():
    for model in dossier.documented_models().values():
        for row in model.objects.order_by("?")[:15]:
            row.full_clean(exclude=[field.name for field in model._meta.fields if not field.editable])
            assert not getattr(row, "uncited_count", 0)


def test_the_page_of_the_codebook_tells_what_each_version_changed(client):
    text = unescape(client.get("/topics/").content.decode())
    books = Codebook.objects.all()
    assert len(books) > 1
    assert [book.version for book in books if book.changes not in text] == []


def test_codings_name_a_version_that_has_their_topic_and_approach():
    for coding in Coding.objects.select_related("topic__since", "approach__since", "approach__until", "codebook"):
        coding.clean()


def test_an_approach_that_came_later_is_only_in_codings_of_its_version():
    tied = Coding.objects.filter(approach__topic__code="L5", approach__code="tied")
    assert "1.0" not in {*tied.values_list("codebook__version", flat=True)}
