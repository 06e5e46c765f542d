"""Versions of the codebook: new and retired approaches, which of them a coding may name, and which codings must be redone."""

import pytest
from django.urls import reverse

from agreements.api import TopicSerializer
from agreements.models import Codebook
from sources.reading.views import plain
from sources.records import dossier
from tests.cast import sign_in
from tests.factory import make, make_agreement, make_topic
from tests.forms import address, read_form

pytestmark = pytest.mark.django_db


@pytest.fixture
def books():
    """Topic A1 of version 1.0, where 2.0 brought “shared” and retired “none”; topic B1 of version 2.0."""
    topic = make_topic("A1")
    newest = make(Codebook, {"slug": "2-0", "version": "2.0", "published_on": "2026-06-01", "purpose": "More."}, {})
    state = topic.dossier()
    state["approaches"][1]["until"] = newest.slug
    state["approaches"].append({"code": "shared", "name": "Shared", "meaning": "Both.", "since": newest.slug})
    dossier.write(topic, state)
    make_topic("B1", since=newest.slug)


def coded(topic="a1", approach="", codebook="1-0", **fields):
    entry = {"topic": topic, "stance": "present", "basis": "text", "codebook": codebook}
    if approach:
        entry["approach"] = f"{topic}/{approach}"
    return make_agreement(codings=[entry], **fields)


def refused(**coding):
    with pytest.raises(dossier.DossierError) as refusal:
        coded(**coding)
    return str(refusal.value)


def test_an_old_coding_keeps_its_version_and_its_retired_approach(books):
    coding = coded(approach="none").codings.get()
    assert (coding.approach.code, coding.codebook.version) == ("none", "1.0")


def test_a_retired_approach_is_refused_from_the_version_that_retired_it(books):
    assert "“None” was retired in version 2.0. Choose another approach." in refused(approach="none", codebook="2-0")


def test_an_approach_is_refused_in_a_version_before_its_own(books):
    assert "“Shared” came with version 2.0; version 1.0 does not have it." in refused(approach="shared")
    assert coded(approach="shared", codebook="2-0").codings.get().approach.code == "shared"


def test_a_topic_is_refused_in_a_version_before_its_own(books):
    assert "B1 Topic B1 came with version 2.0; version 1.0 does not have it." in refused(topic="b1")
    assert coded(topic="b1", codebook="2-0").codings.exists()


def test_codings_with_a_retired_approach_wait_on_a_worklist(books, alice):
    coded(approach="none", title="The old pact")
    coded(approach="full", title="The other pact")
    page = sign_in(alice).get(reverse("admin:worklist", args=["recode"]))
    assert [(row.label, row.detail) for row in page.context["rows"]] == [
        ("The old pact", "A1 · all covered persons: “None” was retired in version 2.0")
    ]


def test_the_grid_offers_what_is_in_use_and_what_the_coding_has(books, alice):
    client = sign_in(alice)
    old, new = coded(approach="none", by=alice), make_agreement(by=alice)
    assert "Shared" in client.get(address(new, "coding")).content.decode()
    assert 'value="a1/none"' not in client.get(address(new, "coding")).content.decode()
    assert 'value="a1/none"' in client.get(address(old, "coding")).content.decode()


def test_another_answer_on_the_grid_follows_the_newest_version(books, alice):
    client = sign_in(alice)
    record = coded(approach="none", by=alice)
    form = read_form(client, client.get(address(record, "coding")))
    form["a1-approach"] = "a1/shared"
    form.post()
    coding = record.codings.get()
    assert (coding.approach.code, coding.codebook.version) == ("shared", "2.0")


def test_another_summary_alone_leaves_the_version(books, alice):
    client = sign_in(alice)
    record = coded(approach="none", by=alice)
    form = read_form(client, client.get(address(record, "coding")))
    form["a1-summary"] = "It says so in other words."
    form.post()
    assert record.codings.get().codebook.version == "1.0"


def test_the_api_tells_since_and_until_and_the_pages_leave_the_retired_out(books, client):
    topic = plain(TopicSerializer(TopicSerializer.rows().get(code="A1")).data)
    told = {row["code"]: (row["since"], row["until"]) for row in topic["approaches"]}
    assert told == {"full": ("", ""), "none": ("", "2.0"), "shared": ("2.0", "")}
    listed = client.get("/topics/").content.decode().partition('<h2 id="group-A">')[2].partition("</section>")[0]
    assert "Shared" in listed and "None" not in listed
    assert "None" not in told_on_page(client)
    coded(approach="none", status="published")
    assert "Not used from version 2.0 of the codebook on." in told_on_page(client)


def told_on_page(client):
    """What the page of topic A1 counts by approach."""
    page = " ".join(client.get("/topics/a1/").content.decode().split())
    return page.partition('id="approaches-title"')[2].partition("</tbody>")[0]
