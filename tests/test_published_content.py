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


def test_states_are_named_as_on_the_day(client):
    for slug, code, name in [
        ("us-turkiye-deca-1980", "TUR", "Turkey"),
        ("germany-presence-convention-1954", "DEU", "Federal Republic of Germany"),
        ("germany-supplementary-1959", "DEU", "Federal Republic of Germany"),
        ("nato-sofa-1951", "DEU", None),
    ]:
        parties = client.get(f"/api/v1/agreements/{slug}/?fields=parties").json()["parties"]
        names = {row["organisation"].get("code"): row["organisation"].get("name_then") for row in parties}
        assert names[code] == name, slug


def test_withdrawn_codes_find_the_state_that_had_them(client):
    for code, slug in [
        ("CSK", "czechoslovakia"),
        ("SCG", "serbia-montenegro"),
        ("YUG", "yugoslavia"),
        ("ZAR", "congo-kinshasa"),
    ]:
        children = client.get(f"/api/v1/organisations/?country={code}")
        assert children.status_code == 200, code
        codes = client.get(f"/api/v1/organisations/{slug}/").json()["former_codes"]
        assert [row["alpha3"] for row in codes] == [code]
