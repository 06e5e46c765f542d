"""Publishers and findings, which have no page of their own, are reviewed like records before readers see them."""

import pytest
from django.contrib.contenttypes.models import ContentType
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse

from sources.models import NegativeFinding, Proposal
from tests import drafts, factory
from tests.addresses import dump
from tests.desk import decide, fresh, in_bulk, verb
from tests.forms import add_form, open_form, said

pytestmark = pytest.mark.django_db


@pytest.fixture
def visitor():
    return Client()


# Publishers


def rename(client, publisher):
    form = open_form(client, publisher)
    form["name"] = f"{drafts.TOKEN} name"
    return form.post()


def test_a_publisher_that_no_published_source_names_is_saved_at_once(editor):
    publisher = factory.make_publisher(slug="unseen")
    factory.make_source(publisher="unseen", status="draft")
    assert "Saved." in said(rename(editor, publisher))
    assert fresh(publisher).name == f"{drafts.TOKEN} name"


def test_an_approved_name_of_a_publisher_is_found_by_search(editor, reviewer, visitor):
    source = factory.make_source()
    form = open_form(editor, source.publisher)
    form["name"] = "The Evening Standard-Bearer"
    form.post()
    proposal = Proposal.objects.get()
    assert "bearer" not in visitor.get("/sources/").content.decode().lower()
    decide(editor, proposal, "submit")
    decide(reviewer, proposal, "approve")
    assert "Standard-Bearer" in visitor.get(source.get_absolute_url()).content.decode()
    assert source.title in visitor.get("/sources/?q=bearer").content.decode()


# Findings


def new_finding(client, record=None):
    """A finding as an editor writes it down."""
    form = add_form(client, NegativeFinding)
    form["slug"], form["question"], form["looked_in"], form["on"] = (
        "nothing",
        "Whether it was ratified.",
        "The gazette.",
        "2026-01-15",
    )
    if record is not None:
        form["record_type"], form["record_id"] = str(ContentType.objects.get_for_model(record).pk), str(record.pk)
    assert form.post().status_code == 200
    return NegativeFinding.objects.get(slug="nothing")


PLACES = (
    "/about/",
    "/api/v1/findings/",
    "/api/v1/findings/nothing/",
    "/api/v1/agreements/the-sofa/",
    "/agreements/the-sofa/full/",
)


@pytest.mark.parametrize("about_it", [True, False])
def test_a_new_finding_is_a_draft_until_a_second_person_publishes_it(editor, reviewer, visitor, published, about_it):
    before = dump(visitor, PLACES)
    finding = new_finding(editor, published if about_it else None)
    assert dump(visitor, PLACES) == before
    assert verb(editor, finding, "publish").status_code == 403
    assert "in review" in said(verb(editor, finding, "submit"))
    assert finding.question in reviewer.get(reverse("admin:worklist", args=["review"])).content.decode()
    assert dump(visitor, PLACES) == before

    assert "published" in said(verb(reviewer, finding, "publish"))
    assert visitor.get("/api/v1/findings/nothing/").status_code == 200
    assert (finding.question in visitor.get("/agreements/the-sofa/full/").content.decode()) is about_it


def test_the_author_of_a_finding_does_not_publish_it(reviewer, published):
    finding = new_finding(reviewer, published)
    assert "does not publish" in said(verb(reviewer, finding, "publish"))
    assert "does not publish" in said(in_bulk(reviewer, "publish_selected", finding))
    assert fresh(finding).status == "draft"


def test_a_finding_that_is_not_published_supports_nothing(published, alice, visitor):
    finding = factory.make_finding(status="draft")
    place = {"record": published, "part": "milestones/signed", "field": "date"}
    published.citations.filter(part="milestones/signed", field="date").delete()
    published.citations.create(**place, finding=finding, locator="the whole gazette")
    assert ("milestones/signed", "date") in fresh(published).uncited()
    assert finding.question not in visitor.get(f"{published.get_absolute_url()}full/").content.decode()

    finding.publish(by=None)
    assert ("milestones/signed", "date") not in fresh(published).uncited()
    assert fresh(published).uncited_count == 0
    assert finding.question in visitor.get(f"{published.get_absolute_url()}full/").content.decode()

    finding.withdraw(by=None, reason="It was there.")
    assert fresh(published).uncited_count == 1
    assert finding.question not in visitor.get(f"{published.get_absolute_url()}full/").content.decode()


# Gaps: questions that the sources at hand do not answer and nobody has searched for


def test_a_gap_supports_nothing(published, visitor):
    gap = factory.make_finding(is_gap="true", question="Whether it was ratified.")
    published.citations.filter(part="milestones/signed", field="date").delete()
    place = {"record": published, "part": "milestones/signed", "field": "date"}
    published.citations.create(**place, finding=gap, locator="the whole gazette")
    assert ("milestones/signed", "date") in fresh(published).uncited()


def test_readers_see_gaps_apart_from_searches(published, visitor):
    about = f"agreements/{published.slug}"
    factory.make_finding(about=about, question="The gazette does not name it.")
    factory.make_finding(about=about, is_gap="true", question="Nobody asked for it.")
    page = visitor.get(f"{published.get_absolute_url()}full/").content.decode()
    searched, _heading, asked = page.rpartition("Still to be asked")
    assert "The gazette does not name it." in searched.partition("Looked for and not found")[2]
    assert "Nobody asked for it." in asked
    told = visitor.get("/api/v1/findings/?gap=true").json()["results"]
    assert [(row["question"], row["is_gap"]) for row in told] == [("Nobody asked for it.", True)]


def test_a_version_frozen_before_there_were_gaps_shows_its_findings():
    finding = {
        "slug": "nothing",
        "question": "Whether.",
        "looked_in": "The gazette.",
        "on": "2026-01-15",
        "resolved": False,
    }
    drawn = render_to_string("parts/findings.html", {"record": {"findings": [finding]}})
    assert "Whether." in drawn
