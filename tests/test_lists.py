"""What is read together costs a number of queries that does not grow with the rows."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agreements.models import Agreement, Party
from sources.evidence.record_facts import NAMES_OF_A_ROW
from sources.reading.api import link, links_to, with_links
from sources.records import dossier
from tests import drafts

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("content")]


def lists_of(model):
    """Every list of a model: its parts, its relations to many, and what points at it."""
    fields = model._meta.get_fields()
    return [field.name for field in fields if (field.one_to_many or field.many_to_many) and not field.hidden]


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
