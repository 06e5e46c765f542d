"""Search boxes: the exact match first, only what fits, and two of one name told apart, in the list and once chosen."""

import pytest
from django.urls import reverse

from agreements.models import Agreement, Approach, Codebook, Coding, Party, Signature
from people.models import Organisation
from sources.models import Citation
from tests.desk import fresh
from tests.factory import make, make_agreement, make_organisation, make_person, make_source, make_state, make_topic
from tests.forms import add_form, address, forms_of, open_form, said

pytestmark = pytest.mark.django_db


def offers(client, model, field, term, **more):
    """The labels that a search box lists for a term."""
    opts = model._meta
    query = {"app_label": opts.app_label, "model_name": opts.model_name, "field_name": field, "term": term, **more}
    return [row["text"] for row in client.get(reverse("admin:autocomplete"), query).json()["results"]]


def names(labels):
    return [label.partition(" — ")[0] for label in labels]


@pytest.fixture
def americas(db):
    """A state and the many bodies that carry its name; the state was touched last of all but is found by its code too."""
    make_state("USA", "United States", slug="us", short_name="US", other_names=[{"name": "Estados Unidos"}])
    for body in ("Southern Command", "Senate", "Embassy in Asunción", "Agency for Development"):
        make_organisation(name=f"United States {body}", slug=f"united-states-{body[:5].lower()}")
    make_organisation(name="Embassy of the United States", slug="embassy-usa")
    make_organisation(name="Chamber of Estados Unidos", slug="chamber")


@pytest.mark.parametrize(
    "term", ["United States", "united states", "USA", "usa", "US", "Estados Unidos", "ESTADOS UNIDOS"]
)
def test_the_exact_name_code_or_alias_comes_first(editor, americas, term):
    assert names(offers(editor, Party, "organisation", term))[0] == "United States"


def test_names_that_begin_with_the_words_come_first(editor, americas):
    offered_labels = names(offers(editor, Party, "organisation", "united states"))
    assert offered_labels[-1] == "Embassy of the United States"
    assert len(offered_labels) == 6


def test_accents_and_case_make_no_difference(editor):
    make_person(name="Ana Peña Nieto", slug="second")
    make_person(name="Ana Peña", slug="first")
    assert names(offers(editor, Signature, "person", "ANA PENA")) == ["Ana Peña", "Ana Peña Nieto"]


def test_topics_by_code(editor):
    for order, code in enumerate(("B12", "B1", "AB1")):
        make_topic(code, slug=code.lower(), order=order)
    assert offers(editor, Coding, "topic", "b1")[0] == "B1 Topic B1"


def test_lists_keep_the_order_that_was_chosen(editor, americas):
    changelist = reverse("admin:people_organisation_changelist")
    up, down = (
        [row.pk for row in editor.get(changelist, {"q": "united states", "o": order}).context["cl"].result_list]
        for order in ("1", "-1")
    )
    assert len(up) == 6
    assert up == down[::-1]


# Approaches and the codebook


def test_only_the_approaches_of_the_chosen_topic_are_offered(editor):
    one, other = make_topic("A1", approaches=("full", "none")), make_topic("B1", approaches=("full", "shared"))
    assert sorted(offers(editor, Coding, "approach", "", topic=one.pk)) == ["Full", "None"]
    assert sorted(offers(editor, Coding, "approach", "", topic=other.pk)) == ["Full", "Shared"]
    for nothing in ("", "x", "9" * 30, "-1"):
        assert offers(editor, Coding, "approach", "", topic=nothing) == []


def test_the_box_says_what_narrows_it(editor, draft):
    make_topic("A1")
    assert 'data-narrowed-by="topic"' in editor.get(address(draft)).content.decode()


def test_an_approach_of_another_topic_is_refused_in_plain_words(editor, draft):
    one, other = make_topic("A1"), make_topic("B1", approaches=("shared",))
    form = open_form(editor, draft)
    form.add(
        "codings", topic=str(one.pk), approach=str(Approach.objects.get(topic=other).pk), stance="present", basis="text"
    )
    page = form.post().content.decode()
    assert "“Shared” is an approach of B1 Topic B1. Choose one of A1 Topic A1." in page


def test_a_new_coding_follows_the_newest_codebook_unless_told_otherwise(editor, draft):
    topic = make_topic("A1")
    newest = make(Codebook, {"slug": "2-0", "version": "2.0", "published_on": "2026-06-01", "purpose": "More."}, {})
    form = open_form(editor, draft)
    form.add("codings", topic=str(topic.pk), stance="silent", basis="text")
    assert "Saved." in said(form.post())
    assert draft.codings.get().codebook == newest


def test_a_row_that_only_has_its_codebook_is_no_row(editor, draft):
    make_topic("A1")
    form = open_form(editor, draft)
    form.add("codings")
    form["note"] = "Something else."
    assert "Saved." in said(form.post())
    assert not draft.codings.exists()


# Two of one name


def twins():
    body = make_organisation(name="The Senate", posts=[{"label": "President"}], slug="senate")
    post = {"organisation": "senate", "post": "senate/president", "dates": "2020/.."}
    return [
        make_person(name="Juan Pérez", slug="juan-perez", memberships=[post]),
        make_person(name="Juan Pérez", slug="juan-perez-2", nationality=make_state("URY", "Uruguay").slug),
        make_person(name="Juan Pérez", slug="juan-perez-3", nationality="ury"),
        make_person(name="Juan Pérez", slug="juan-perez-4"),
    ], body


def test_people_of_one_name_are_told_apart(editor):
    twins()
    assert sorted(offers(editor, Signature, "person", "Juan Perez")) == [
        "Juan Pérez",
        "Juan Pérez — President, The Senate, 2020/..",
        "Juan Pérez — Uruguay (juan-perez-2)",
        "Juan Pérez — Uruguay (juan-perez-3)",
    ]


def test_each_of_them_is_told_apart_where_it_was_chosen(editor, draft):
    people, _body = twins()
    form = open_form(editor, draft)
    for person in people:
        form.add("signatures", person=str(person.pk))
    assert "Saved." in said(form.post())
    page = editor.get(address(draft)).content.decode()
    for label in (
        "Juan Pérez — President, The Senate, 2020/..", "Juan Pérez — Uruguay (juan-perez-2)",
        "Juan Pérez — Uruguay (juan-perez-3)",
    ):  # fmt: skip
        assert f"selected>{label}</option>" in page


def test_a_lone_choice_counts_its_namesakes_in_the_base(editor, alice):
    make_organisation(name="The Ministry", slug="ministry-1")
    chosen = make_organisation(name="The Ministry", slug="ministry-2")
    record = make_agreement(by=alice, parties=[{"organisation": chosen.slug}])
    page = editor.get(address(record)).content.decode()
    assert "The Ministry — ministry or department (ministry-2)</option>" in page


def test_sources_agreements_and_bodies_of_one_name(editor, alice):
    for date in ("2025-01-01", "2025-02-02"):
        make_source(title="Troops arrive", date=date)
    assert sorted(offers(editor, Citation, "source", "troops arrive")) == [
        "Troops arrive — The Daily Record, 2025-01-01",
        "Troops arrive — The Daily Record, 2025-02-02",
    ]
    make_state("URY", "Uruguay")
    for country in ("pry", "ury"):
        make_state(country.upper(), country) if not Organisation.objects.filter(slug=country).exists() else None
        make_organisation(name="Ministry of Defence", slug=f"mod-{country}", country=country)
    offered_labels = offers(editor, Party, "organisation", "ministry of defence")
    assert len(set(offered_labels)) == len(offered_labels) == 2
    for kind in ("sofa", "memorandum"):
        make_agreement(title="The Accord", type=kind)
    relation = Agreement._meta.get_field("relations").related_model
    offered_labels = offers(editor, relation, "target", "the accord")
    assert sorted(offered_labels) == [
        "The Accord — memorandum of understanding", "The Accord — status-of-forces agreement",
    ]  # fmt: skip


def test_a_choice_of_several_is_told_apart_too(editor, alice):
    from agreements.models import Assistance

    form = add_form(editor, Assistance)
    form["slug"], form["title"], form["kind"], form["state"] = "radar", "A radar", "equipment", "planned"
    bodies = [make_organisation(name="The Ministry", slug=f"ministry-{number}") for number in (1, 2)]
    form["donors"] = [str(body.pk) for body in bodies]
    form.post()
    page = editor.get(address(Assistance.objects.get())).content.decode()
    assert all(f"The Ministry — ministry or department (ministry-{number})</option>" in page for number in (1, 2))
    assert fresh(Assistance.objects.get()).donors.count() == 2
    assert forms_of(editor.get(address(Assistance.objects.get())))
