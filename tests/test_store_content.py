"""The published content in the read store: whole, right, and with the figures of the tables."""

import io

import pytest
from django.core.management import call_command

from agreements.codebook.coding_coverage import coding_coverage
from agreements.models import Agreement
from sources import api
from sources.models import PublicForm
from sources.reading import kinds
from sources.reading.store import reading
from sources.records.base import record_models

pytestmark = pytest.mark.usefixtures("content", "db")


def test_every_kind_keeps_cards_as_its_list_shows_them(client, subtests):
    for model in record_models():
        with subtests.test(model.KIND):
            rows = client.get(f"/api/v1/{model.KIND}/?page_size=200").json()["results"]
            cards = {card["slug"]: card for card in reading.cards_of(model.objects.published())}
            assert rows
            assert all(cards[row["slug"]] == row for row in rows)


def test_the_content_is_kept_whole_and_right():
    assert PublicForm.objects.count() == sum(model.objects.published().count() for model in record_models())
    assert not PublicForm.objects.stale().exists()
    out = io.StringIO()
    call_command("check_public", stdout=out)
    assert (
        f"{PublicForm.objects.count()} public forms, with their lists and numbers, are as they should be."
        in out.getvalue()
    )


@pytest.mark.parametrize(
    ("name", "filter_", "serializer"),
    [("citations", "stance", api.CitationSerializer), ("contested", "state", api.ContestedFactSerializer)],
)
def test_numbers_from_the_forms_are_those_of_the_rows(client, name, filter_, serializer):
    def told(**asked):
        return client.get(f"/api/v1/{name}/", {"count": "true", "page_size": 1, **asked}).json()["count"]

    rows = serializer.rows()
    assert told() == rows.count()
    values = {*rows.order_by().values_list(filter_, flat=True)}
    assert len(values) > 1
    for value in values:
        assert told(**{filter_: value}) == rows.filter(**{filter_: value}).count()
    # What else is asked for is counted row by row.
    field = rows.values_list("field", flat=True).first()
    assert told(field=field) == rows.filter(field=field).count()


def test_kept_lines_are_as_if_every_column_was_asked_for(client, subtests):
    for model in record_models():
        viewset = kinds.viewset_of(model)
        meta = viewset.serializer_class.Meta
        columns = [name for name in meta.fields if name not in meta.includes or name in viewset.list_includes]
        with subtests.test(model.KIND):
            address = f"/api/v1/{model.KIND}/?page_size=200&format=csv"
            assert client.get(address).content == client.get(f"{address}&fields={','.join(columns)}").content


def test_the_coverage_of_coding_is_told_from_the_forms():
    between = Agreement.objects.published().between_parties()
    coded = between.filter(topics_coded__gt=0).count()
    assert coding_coverage() == {
        "recorded": between.count(),
        "coded": coded,
        "known": between.count() - coded,
        "others": Agreement.objects.published().count() - between.count(),
    }
