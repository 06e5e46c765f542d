"""Lists that are fetched together hold what a query for each would give, and empty ones cost none."""

from itertools import product

import pytest
from django.db import connection
from django.db.models import Prefetch, prefetch_related_objects
from django.test.utils import CaptureQueriesContext

from agreements.models import Agreement, Party
from people.models import Organisation
from sources.evidence.record_facts import NAMES_OF_A_ROW
from sources.reading.api import link, links_to, with_links
from sources.reading.prefetching import FEW, fetch_lists
from sources.records import dossier
from tests import drafts
from tests.factory import make_agreement, make_organisation

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("content")]


def lists_of(model):
    """Every list of a model: its parts, its relations to many, and what points at it."""
    fields = model._meta.get_fields()
    return [field.name for field in fields if (field.one_to_many or field.many_to_many) and not field.hidden]


def contents(rows, names):
    return {(row.pk, name): sorted(part.pk for part in getattr(row, name).all()) for row in rows for name in names}


def test_every_list_of_every_kind_is_the_same(django_assert_num_queries, subtests):
    for model, number in product(drafts.record_models(), [1, FEW, FEW + 1]):
        with subtests.test(f"{model.KIND}, {number} rows"):
            names = [name for name in lists_of(model) if hasattr(model, name)]
            for rows in (model.objects.order_by("pk")[:number], model.objects.order_by("-citations", "-pk")[:number]):
                expected = contents(rows.all(), names)
                rows = list(rows)
                fetch_lists(rows, names)
                with django_assert_num_queries(0):
                    assert contents(rows, names) == expected


def test_a_link_reads_no_more_than_was_fetched_for_it(django_assert_num_queries, subtests):
    for model in drafts.record_models():
        with subtests.test(model.KIND):
            row = links_to(model).first()
            expected = link(model.objects.get(pk=row.pk))
            # A statement is named by whoever made it.
            with django_assert_num_queries(0 if model.NAMED_BY else 1):
                assert link(row) == expected
                # A report may call it by any of these.
                assert [getattr(row, name, "") for name in NAMES_OF_A_ROW]


def test_rows_with_links_are_whole_themselves(django_assert_num_queries):
    party = with_links(Party.objects.all(), ["organisation"]).first()
    assert party.get_deferred_fields() == set()
    assert "summary" in party.organisation.get_deferred_fields()
    with django_assert_num_queries(0):
        assert link(party.organisation)["name"]


@pytest.mark.parametrize("is_gathered", [False, True])
def test_a_dossier_costs_the_same_however_many_clauses_its_codings_name(is_gathered):
    few, many = (Agreement.objects.get(slug=slug) for slug in ("us-trinidad-sofa-2024", "us-paraguay-sofa"))
    linked = [sum(coding.clauses.count() for coding in record.codings.all()) for record in (few, many)]
    assert 0 < linked[0] < linked[1]
    cost = []
    for record in (few, many):
        with CaptureQueriesContext(connection) as asked:
            if is_gathered:
                dossier.gather([record])
            record.dossier()
        cost.append(len(asked))
    # Some lists of the one are empty and not asked for.
    assert cost[1] <= cost[0] + len(lists_of(Agreement))
    assert cost[1] < linked[1]


def test_empty_lists_cost_one_question(django_assert_num_queries):
    record = make_agreement(cited=False)
    with django_assert_num_queries(1):
        fetch_lists([record], [*Agreement.PARTS, "citations"])


def test_a_fetched_list_may_be_filtered_and_kept_under_another_name(django_assert_num_queries):
    parties = [{"organisation": "paraguay", "note": "first"}, {"organisation": "brazil"}]
    record = make_agreement(parties=parties)
    bare = make_agreement()
    chosen = Prefetch("parties", Party.objects.filter(note="first"), to_attr="chosen")
    fetch_lists([record, bare], [chosen, "parties"])
    assert [[party.note for party in row.chosen] for row in (record, bare)] == [["first"], []]
    fetch_lists([bare], [chosen, "parties"])
    with django_assert_num_queries(0):
        assert (bare.chosen, list(bare.parties.all()), len(record.parties.all())) == ([], [], 2)


def test_a_list_without_rows_can_be_asked_further():
    body = make_organisation()
    fetch_lists([body], ["other_names", "children"])
    with CaptureQueriesContext(connection) as asked:
        assert not body.children.filter(status="published").exists()
        assert body.other_names.count() == 0
        prefetch_related_objects([body], "other_names")
    assert len(asked) == 0
    assert Organisation.objects.filter(pk=body.pk).exists()
