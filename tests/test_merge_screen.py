"""The screen that merges: for reviewers, after a look at what will change where, and with a reason."""

import pytest
from django.test import Client
from django.urls import reverse

from agreements.models import Signature
from people.models import Membership, Person
from sources.models import Citation
from tests.factory import make_agreement, make_organisation, make_person, make_source
from tests.forms import address, forms_of, said

pytestmark = pytest.mark.django_db


@pytest.fixture
def two():
    """The minister twice; the agreement names the short form."""
    lezcano = make_person(slug="ruben-lezcano", name="Rubén Lezcano", status="published")
    ramirez = make_person(slug="ruben-ramirez", name="Rubén Ramírez Lezcano", status="published")
    make_agreement(
        slug="sofa", title="The agreement of Asunción", signatures=[{"person": "ruben-lezcano"}], status="published"
    )
    return lezcano, ramirez


def preview(client, record, into):
    return client.get(address(record, "merge"), {"into": into.pk})


def confirm(client, record, answer, **changes):
    form = next(form for form in forms_of(answer).values() if "seen" in form)
    data = {name: values[0] for name, values in form.items()}
    return client.post(address(record, "merge"), {**data, "reason": "The same man.", **changes}, follow=True)


def test_a_reviewer_sees_what_will_change_and_merges(reviewer, two, bob):
    lezcano, ramirez = two
    answer = preview(reviewer, lezcano, ramirez)
    words = answer.content.decode()
    assert "2 records change." in words
    assert "The agreement of Asunción" in words
    assert "<del>Rubén Lezcano</del>" in words and "<ins>Rubén Ramírez Lezcano</ins>" in words
    assert "Signature: Rubén Ramírez Lezcano · who signed" in words and "signatures/" not in words
    assert Signature.objects.get().person == lezcano
    answer = confirm(reviewer, lezcano, answer)
    assert "was merged" in said(answer)
    assert answer.redirect_chain[-1][0] == address(ramirez, "change")
    assert Signature.objects.get().person == ramirez
    lezcano.refresh_from_db()
    review = lezcano.reviews.first()
    assert (lezcano.status, review.verb, review.by, review.comment) == ("merged", "merge", bob, "The same man.")
    assert Client().get("/people/ruben-lezcano/")["Location"] == "/people/ruben-ramirez/"


def test_the_record_leads_reviewers_to_it_and_nobody_else(reviewer, editor, two):
    link = f'href="{address(two[0], "merge")}"'
    assert link in reviewer.get(address(two[0])).content.decode()
    assert link not in editor.get(address(two[0])).content.decode()


def test_an_editor_may_not(editor, two):
    lezcano, ramirez = two
    assert preview(editor, lezcano, ramirez).status_code == 403
    assert editor.post(address(lezcano, "merge"), {"into": ramirez.pk, "reason": "x"}).status_code == 403
    assert Person.objects.get(slug="ruben-lezcano").is_published


def test_a_reason_is_asked_for(reviewer, two):
    answer = confirm(reviewer, two[0], preview(reviewer, *two), reason=" ")
    assert "Say why the two records are about the same thing" in said(answer)
    assert Person.objects.get(slug="ruben-lezcano").is_published


def test_a_changed_plan_must_be_seen_again(reviewer, two):
    answer = preview(reviewer, *two)
    make_agreement(slug="another", signatures=[{"person": "ruben-lezcano"}])
    again = confirm(reviewer, two[0], answer)
    assert "Please look again" in said(again)
    assert "3 records change." in again.content.decode()
    assert "was merged" in said(confirm(reviewer, two[0], again))


@pytest.mark.parametrize("given", ["abc", "0", "9" * 30, "-1", "itself", "draft"])
def test_only_another_published_record_of_the_kind_is_taken(reviewer, two, given):
    others = {"itself": two[0], "draft": make_person()}
    number = others[given].pk if given in others else given
    answer = reviewer.get(address(two[0], "merge"), {"into": number})
    assert answer.status_code == 200
    assert "Choose another published record" in said(answer)
    assert "seen" not in str(forms_of(answer))


def test_a_merged_record_says_where_it_goes_on(reviewer, two):
    two[0].merge(two[1], by=None)
    answer = reviewer.get(address(two[0], "merge"))
    assert "already merged into “Rubén Ramírez Lezcano”" in answer.content.decode()
    posted = reviewer.post(address(two[0], "merge"), {"into": two[1].pk, "reason": "Again.", "seen": ""})
    assert posted.status_code == 200
    assert two[0].reviews.filter(verb="merge").count() == 1


def test_the_screen_lists_entries_that_stay(reviewer):
    old = make_agreement(slug="old", clauses=[{"number": "1", "heading": "Scope"}], status="published")
    new = make_agreement(slug="new", status="published")
    assert "clauses (1)" in preview(reviewer, old, new).content.decode()


# Search boxes


def offered(client, model, field, term=""):
    params = {"app_label": model._meta.app_label, "model_name": model._meta.model_name, "field_name": field}
    answer = client.get(reverse("admin:autocomplete"), {**params, "term": term})
    return sorted(row["text"] for row in answer.json()["results"])


def test_search_boxes_offer_nothing_merged_or_withdrawn(editor, two):
    make_person(name="Ana Draft")
    make_person(name="Ana Withdrawn", status="withdrawn")
    assert offered(editor, Signature, "person", "lezcano") == ["Rubén Lezcano", "Rubén Ramírez Lezcano"]
    two[0].merge(two[1], by=None)
    assert offered(editor, Signature, "person", "lezcano") == ["Rubén Ramírez Lezcano"]
    assert offered(editor, Signature, "person", "ana") == ["Ana Draft"]


def test_the_search_box_of_sources_offers_nothing_withdrawn(editor):
    make_source(title="A good report")
    make_source(title="A bad report", status="withdrawn")
    assert offered(editor, Citation, "source", "report") == ["A good report — The Daily Record, 2025-12-16"]


def test_the_search_box_of_posts_leaves_out_those_of_merged_bodies(editor):
    old = make_organisation(slug="old", name="Old", posts=[{"label": "Head", "key": "head"}], status="published")
    new = make_organisation(slug="new", name="New", status="published")
    old.merge(new, by=None)
    assert offered(editor, Membership, "post", "head") == ["Head, New"]


def test_lists_still_show_what_was_merged(reviewer, two):
    two[0].merge(two[1], by=None)
    page = reviewer.get(reverse("admin:people_person_changelist"), {"status__exact": "merged"}).content.decode()
    assert "Rubén Lezcano" in page
