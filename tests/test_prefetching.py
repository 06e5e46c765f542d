"""The lists of a record are fetched without asking for each that is empty: what is read is the same, in fewer queries."""

import pytest

from agreements.models import Agreement
from people.models import Organisation, Person
from sources.lib import prefetching
from sources.reading.store.composing import compose
from sources.reading.store.references import key_of
from sources.records.base import record_models
from tests import drafts, factory

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(alice):
    """Records of each kind, some with full lists and some with empty ones, that name drafts and are named by drafts."""
    drafts.small_world()
    for model in record_models():
        fields = drafts.fields_of(model, "bare") | {"slug": f"bare-{model.KIND}"}
        about = {"about": "agreements/public-agreements-1"} if model.KIND == "positions" else {}
        factory.make(model, fields, {"status": "published", **about})
    drafts.write_drafts(alice)
    factory.make_organisation(slug="hidden")
    factory.make_agreement(slug="names-a-draft", status="published", parties=[{"organisation": "hidden"}])


def told():
    """What is composed of every record, alone and with all of its kind, with what it was made from; and each dossier."""
    found = {}
    for model in record_models():
        keys = sorted(model.objects.values_list("pk", flat=True))
        for batch in (*([key] for key in keys), keys):
            found[model, *batch] = [(form.slug, form.form, form.seen) for form in compose(model, batch)]
        found[model] = [row.dossier() for row in model.objects.order_by("pk")]
    return found


def test_it_is_told_as_when_each_list_is_asked_for(world, monkeypatch):
    quick = told()
    monkeypatch.setattr(prefetching, "FEW", 0)
    slow = told()
    assert [key for key in slow if quick[key] != slow[key]] == []

    [(_slug, _form, seen)] = quick[Agreement, Agreement.objects.get(slug="names-a-draft").pk]
    assert key_of(Organisation.objects.get(slug="hidden")) in seen


def test_lists_that_none_of_a_few_rows_has_take_one_query(django_assert_num_queries):
    factory.make_state()
    alone, member = factory.make_person(), factory.make_person(memberships=[{"organisation": "pry", "role": "Member"}])
    assert prefetching.empty_lists([alone], ["memberships", "citations"]) == ["memberships"]
    assert prefetching.empty_lists([alone, member], ["memberships", "other_names"]) == ["other_names"]

    [row] = Person.objects.filter(pk=alone.pk)
    with django_assert_num_queries(1):
        prefetching.prefetch([row], ["memberships", "other_names", "adjudications"])
        assert not [*row.memberships.all(), *row.other_names.all(), *row.adjudications.all()]


def test_what_is_said_of_a_record_of_another_kind_is_not_this_record_s():
    person = factory.make_person(cited=False)
    factory.cite(Organisation(pk=person.pk, slug="other"), "name", factory.make_source())
    assert prefetching.empty_lists([person], ["citations"]) == ["citations"]
