"""The published content in the read store: whole, right, and with the figures of the tables."""

import io

import pytest
from django.core.management import call_command

from sources.models import PublicForm
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
