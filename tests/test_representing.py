"""Rows are represented by our own quicker way as the framework would represent them."""

import pytest

from kb.api import VIEWSETS
from sources.lib.representing import RowsRepresented
from tests import drafts, factory

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    drafts.small_world()
    agreement = factory.Agreement.objects.published().first()
    factory.cite(agreement, "title", factory.make_source(), stance="disputes", value="another")
    factory.rule(agreement, "title", state="settled", adopted_value="another")
    # Whose relations and dates are empty.
    factory.make_agreement(status="published")
    factory.make_position(status="published", cited=True)
    factory.make_source(publisher=factory.make_publisher(slug="bare").slug, date="")


def represented(viewset):
    serializer = viewset.serializer_class(context={})
    return [serializer.to_representation(row) for row in viewset.serializer_class.rows().order_by("pk")]


def test_a_row_says_what_it_says_in_the_framework_s_own_way(world, subtests):
    for name, viewset in VIEWSETS.items():
        with subtests.test(name):
            quick = represented(viewset)
            with pytest.MonkeyPatch.context() as patch:
                patch.delattr(RowsRepresented, "to_representation")
                assert quick == represented(viewset)
            assert quick or name in ("findings", "contested"), name
