"""Rows that meet a condition which is dear to look up are found in portions."""

import pytest
from django.db.models import Q

from agreements.models import Agreement
from sources.lib import sifted
from sources.lib.sifted import Sifted
from sources.models import Citation, Source
from tests.factory import make_agreement, make_source

pytestmark = pytest.mark.django_db


@pytest.fixture
def seven():
    """Every second one is a memorandum."""
    for number in range(7):
        make_agreement(slug=f"number-{number}", type=("sofa", "memorandum")[number % 2])


def slugs(rows):
    return [row.slug for row in rows]


@pytest.mark.parametrize("portion", [1, 2, 3, 7, 100])
def test_it_is_the_filtered_list_whatever_the_portions(seven, monkeypatch, portion):
    monkeypatch.setattr(sifted, "PORTION", portion)
    rows, condition = Agreement.objects.order_by("-slug"), Q(type="sofa")
    expected = slugs(rows.filter(condition))
    found = Sifted(rows, condition)
    assert slugs(found) == expected == ["number-6", "number-4", "number-2", "number-0"]
    for part in (slice(0, 2), slice(1, 3), slice(2, 9), slice(9, 12)):
        assert slugs(found[part]) == expected[part]
    assert found and not Sifted(rows, Q(type="strategy"))


def test_it_looks_no_further_than_it_must(seven, monkeypatch, django_assert_num_queries):
    monkeypatch.setattr(sifted, "PORTION", 2)
    with django_assert_num_queries(4):
        assert len(Sifted(Agreement.objects.order_by("slug"), Q(type="sofa"))[0:2]) == 2


def test_it_ends_after_so_many_rows(seven, monkeypatch):
    monkeypatch.setattr(sifted, "PORTION", 2)
    monkeypatch.setattr(sifted, "MOST", 4)
    found = Sifted(Agreement.objects.order_by("slug"), Q(type="sofa"))
    assert slugs(found) == ["number-0", "number-2"]
    assert found.is_cut
    monkeypatch.setattr(sifted, "MOST", 8)
    found = Sifted(Agreement.objects.order_by("slug"), Q(type="sofa"))
    assert len(slugs(found)) == 4
    assert not found.is_cut


class TestAList:
    """Of citations: those of a draft stand between those of published records."""

    @pytest.fixture
    def citations(self):
        for number, status in enumerate(("published", "draft", "draft", "published", "published")):
            source = make_source(slug=f"of-{number}", status="published").slug
            cited = {"fields": ["title"], "source": source, "locator": f"p. {number}"}
            make_agreement(slug=f"number-{number}", status=status, citations=[cited])
        assert Citation.objects.count() > 5

    @pytest.mark.parametrize("size", [1, 2, 50])
    @pytest.mark.parametrize("ordering", ["record", "-record"])
    def test_its_pages_are_those_of_what_is_published(self, client, citations, size, ordering):
        expected = list(Citation.objects.published().order_by("record_ref", "uid").values_list("uid", flat=True))
        if ordering == "-record":
            expected.reverse()
        found, address = [], f"/api/v1/citations/?page_size={size}&ordering={ordering}&count=true"
        while address:
            page = client.get(address).json()
            assert page["count"] == len(expected)
            found += [row["id"] for row in page["results"]]
            before, address = page["previous"], page["next"]
        assert found == expected
        if before:
            rows = client.get(before).json()["results"]
            last = (len(expected) - 1) // size * size
            assert [row["id"] for row in rows] == expected[last - size : last]

    def test_a_source_that_is_not_public_takes_its_citations_along(self, client, citations):
        Source.objects.filter(slug="of-3").update(status="draft")
        rows = client.get("/api/v1/citations/").json()["results"]
        assert {row["record"]["slug"] for row in rows if row["locator"] == "p. 3"} == set()
        assert [row["locator"] for row in rows if row["locator"] == "p. 4"] == ["p. 4"]
