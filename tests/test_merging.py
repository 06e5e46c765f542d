"""A merger: what named one record names another one from then on, once, and readers are told."""

import pytest
from django.apps import apps
from django.test import Client

from agreements.models import Agreement, Position, Signature
from people.models import Membership, Person
from sources.models import Citation, LoadedFixture, Proposal, Publisher, Source
from sources.records import dossier, fixtures
from sources.records.base import Documented, Record
from sources.records.part import Part
from sources.records.status import VerbRefused
from tests.factory import (
    make_agreement,
    make_assistance,
    make_exercise,
    make_finding,
    make_organisation,
    make_person,
    make_position,
    make_source,
    make_state,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def lezcano():
    """The minister twice: as one report prints his name, and in full."""
    return make_person(slug="ruben-lezcano", name="Rubén Lezcano", status="published")


@pytest.fixture
def ramirez():
    return make_person(slug="ruben-ramirez-lezcano", name="Rubén Ramírez Lezcano", status="published")


def merge(record, into, by=None, reason="The same man."):
    record.merge(into, by, reason)
    record.refresh_from_db()


def page(address):
    return Client().get(address).content.decode()


def results(address):
    return Client().get(address).json()["results"]


def test_a_signature_follows_and_keeps_the_name_as_printed(lezcano, ramirez):
    signed = [{"person": "ruben-lezcano", "name_as_printed": "Rubén Lezcano"}]
    agreement = make_agreement(slug="sofa", signatures=signed, status="published")
    merge(lezcano, ramirez)
    signature = Signature.objects.get(agreement=agreement)
    assert (signature.person, signature.name_as_printed, signature.key) == (ramirez, "Rubén Lezcano", "ruben-lezcano")
    assert Citation.objects.filter(record_ref="agreements/sofa", part="signatures/ruben-lezcano").exists()
    assert [row["slug"] for row in results("/api/v1/agreements/?signatory=ruben-ramirez-lezcano")] == ["sofa"]
    assert "Rubén Ramírez Lezcano" in page("/agreements/sofa/")


def test_a_party_follows():
    old, new = make_organisation(slug="old", status="published"), make_organisation(slug="new", status="published")
    agreement = make_agreement(slug="sofa", parties=[{"organisation": "old"}], status="published")
    merge(old, new)
    assert agreement.parties.get().organisation == new


def test_two_parties_that_become_one_keep_the_citations_of_both():
    make_state("PRY")
    old, new = make_organisation(slug="old", status="published"), make_organisation(slug="new", status="published")
    report = make_source(slug="report")
    parties = [
        {"organisation": "old", "note": "As the first report has it."},
        {"organisation": "new", "acting_through": "Its ministry"},
        {"organisation": "pry"},
    ]
    agreement = make_agreement(slug="sofa", parties=parties, status="published")
    for party in agreement.dossier()["parties"]:
        assert party["key"] in ("old", "new", "pry")
    merge(old, new)
    party, other = agreement.parties.all()
    assert (party.organisation, party.acting_through, party.note) == (
        new, "Its ministry", "As the first report has it.",
    )  # fmt: skip
    assert other.organisation.slug == "pry"
    assert report.is_published


def test_two_signatures_that_become_one_keep_each_citation_once(lezcano, ramirez):
    one, other = make_source(slug="one"), make_source(slug="other")
    cited = [{"fields": ["person"], "source": source.slug, "locator": "p. 1"} for source in (one, other)]
    signatures = [
        {"person": "ruben-lezcano", "citations": cited},
        {"person": "ruben-ramirez-lezcano", "capacity": "Minister", "citations": cited[:1]},
    ]
    agreement = make_agreement(slug="sofa", signatures=signatures, status="published")
    merge(lezcano, ramirez)
    signature = agreement.signatures.get()
    assert signature.capacity == "Minister"
    about = agreement.citations.filter(part=f"signatures/{signature.key}", field="person")
    assert sorted(citation.source.slug for citation in about) == ["one", "other"]


def test_two_entries_that_contradict_each_other_both_stay(lezcano, ramirez):
    signatures = [
        {"person": "ruben-lezcano", "name_as_printed": "Rubén Lezcano"},
        {"person": "ruben-ramirez-lezcano", "name_as_printed": "Rubén Ramírez"},
    ]
    agreement = make_agreement(signatures=signatures, status="published")
    merge(lezcano, ramirez)
    assert {(row.person, row.name_as_printed) for row in agreement.signatures.all()} == {
        (ramirez, "Rubén Lezcano"),
        (ramirez, "Rubén Ramírez"),
    }


def test_a_speaker_follows(lezcano, ramirez):
    make_position(slug="said", person="ruben-lezcano", holder_note="", status="published")
    merge(lezcano, ramirez)
    answer = Client().get("/api/v1/positions/said/").json()
    assert answer["person"]["slug"] == "ruben-ramirez-lezcano"
    assert Position.objects.matching("ruben ramirez lezcano").get().slug == "said"


def test_statements_about_a_record_move_to_the_other():
    old, new = make_agreement(slug="old", status="published"), make_agreement(slug="new", status="published")
    said = make_position(about="agreements/old", status="published")
    finding = make_finding(about="agreements/old")
    merge(old, new)
    for row in (said, finding):
        row.refresh_from_db()
        assert row.about == new


def test_a_member_follows_with_the_terms_of_office(lezcano, ramirez):
    ministry = make_organisation(
        slug="ministry", posts=[{"label": "Minister of Foreign Affairs", "key": "minister"}], status="published"
    )
    state = lezcano.dossier()
    state["memberships"] = [
        {
            "organisation": "ministry", "post": "ministry/minister", "dates": "2023-08-15/..",
            "citations": [
                {"fields": ["organisation", "post", "dates"], "source": make_source().slug, "locator": "p. 2"}
            ],
        }
    ]  # fmt: skip
    dossier.write(lezcano, state)
    merge(lezcano, ramirez)
    term = Membership.objects.get(person=ramirez)
    assert (term.organisation, str(term.dates)) == (ministry, "2023-08-15/..")
    assert not ramirez.uncited()
    assert "Rubén Ramírez Lezcano" in page("/organisations/ministry/")


def test_a_post_follows_its_body_and_whoever_held_it(ramirez):
    old = make_organisation(slug="old", posts=[{"label": "Head", "key": "head"}], status="published")
    new = make_organisation(slug="new", posts=[{"label": "Chief", "key": "head"}], status="published")
    state = ramirez.dossier()
    cited = [{"fields": ["organisation", "post"], "source": make_source().slug, "locator": "p. 2"}]
    state["memberships"] = [{"organisation": "old", "post": "old/head", "citations": cited}]
    dossier.write(ramirez, state)
    merge(old, new)
    term = ramirez.memberships.get()
    assert (term.organisation, term.post.organisation, term.post.label) == (new, new, "Head")
    assert {post.label for post in new.posts.all()} == {"Chief", "Head"}


def test_the_other_name_is_still_found(lezcano, ramirez):
    merge(lezcano, ramirez)
    assert [row["slug"] for row in results("/api/v1/people/?q=ruben+lezcano")] == ["ruben-ramirez-lezcano"]
    assert not ramirez.uncited()


def test_relations_to_many_follow_and_name_each_once():
    old, new = make_organisation(slug="old", status="published"), make_organisation(slug="new", status="published")
    both = make_assistance(slug="both", recipients=["old", "new"], provider="old", status="published")
    merge(old, new)
    both.refresh_from_db()
    assert ([*both.recipients.all()], both.provider) == ([new], new)


def test_nothing_becomes_a_part_of_itself_or_related_to_itself():
    old, new = make_organisation(slug="old", status="published"), make_organisation(slug="new", status="published")
    dossier.write(new, {**new.dossier(), "parent": "old"})
    merge(old, new)
    new.refresh_from_db()
    assert new.parent is None and not new.uncited()
    first = make_agreement(slug="first", status="published")
    second = make_agreement(slug="second", relations=[{"kind": "supersedes", "target": "first"}], status="published")
    merge(first, second)
    assert not second.relations.exists()


def test_citations_of_a_source_follow_and_stand_once():
    old, new = make_source(slug="old"), make_source(slug="new")
    cited = [
        {"fields": ["title", "type"], "source": "old", "locator": "p. 1"},
        {"fields": ["title"], "source": "new", "locator": "p. 1"},
        {"fields": ["title"], "source": "old", "locator": "p. 9", "stance": "mentions"},
    ]
    agreement = make_agreement(citations=cited, status="published")
    merge(old, new)
    rows = agreement.citations.values_list("field", "source__slug", "locator")
    assert sorted(rows) == [("title", "new", "p. 1"), ("title", "new", "p. 9"), ("type", "new", "p. 1")]
    agreement.refresh_from_db()
    assert agreement.uncited_count == 0
    assert not Citation.objects.filter(source=old).exists()


def test_a_reprint_of_a_merged_source_derives_from_the_other():
    old, new = make_source(slug="old"), make_source(slug="new")
    reprint = make_source(slug="reprint", derived_from="old")
    merge(old, new)
    reprint.refresh_from_db()
    assert reprint.derived_from == new


def test_editions_and_legal_bases_follow():
    old, new = make_agreement(slug="old", status="published"), make_agreement(slug="new", status="published")
    exercise = make_exercise(legal_basis="old", status="published")
    merge(old, new)
    exercise.refresh_from_db()
    assert exercise.legal_basis == new


def test_changed_records_get_a_revision_and_a_version_with_the_reason(lezcano, ramirez, bob):
    agreement = make_agreement(slug="sofa", signatures=[{"person": "ruben-lezcano"}], status="published")
    draft = make_agreement(signatures=[{"person": "ruben-lezcano"}])
    merge(lezcano, ramirez, by=bob)
    for record in (agreement, draft):
        last = record.revisions.first()
        assert (last.number, last.by) == (2, bob)
        assert last.comment == "“Rubén Lezcano” was merged into “Rubén Ramírez Lezcano”. The same man."
    assert agreement.versions.count() == 2
    assert agreement.reviews.first().comment == agreement.revisions.first().comment
    assert draft.versions.count() == 0 and Agreement.objects.get(pk=draft.pk).status == "draft"
    told = results("/api/v1/agreements/sofa/history/")[0]["changes"]
    assert any("Rubén Ramírez Lezcano" in change["label"] + change["after"] for change in told)


def test_an_unchanged_record_gets_nothing(lezcano, ramirez):
    agreement = make_agreement(signatures=[{"person": "ruben-ramirez-lezcano"}], status="published")
    merge(lezcano, ramirez)
    assert (agreement.revisions.count(), agreement.versions.count()) == (1, 1)


def test_a_merger_publishes_no_unseen_content(ramirez):
    draft = make_person(slug="draft", name="A secret name", memberships=[], other_names=[{"name": "Another secret"}])
    merge(draft, ramirez)
    assert not ramirez.other_names.exists()
    assert "secret" not in page("/people/ruben-ramirez-lezcano/")


def test_a_waiting_proposal_goes_on_with_the_other_name(lezcano, ramirez, alice):
    agreement = make_agreement(slug="sofa", signatures=[{"person": "ruben-lezcano"}], status="published")
    base = agreement.dossier()
    agreement.propose(alice, base, {**base, "summary": "Mine."})
    merge(lezcano, ramirez)
    proposal = Proposal.objects.get()
    state, conflicts = proposal.joined()
    assert not conflicts
    assert [change.path for change in proposal.changes()] == ["summary"]
    assert state["signatures"][0]["person"] == "ruben-ramirez-lezcano"


def test_a_proposal_for_the_merged_record_waits_no_longer(lezcano, ramirez, alice):
    base = lezcano.dossier()
    lezcano.propose(alice, base, {**base, "summary": "Mine."})
    merge(lezcano, ramirez)
    assert Proposal.objects.get().state == "discarded"


def test_an_older_dossier_that_says_the_old_slug_still_loads(lezcano, ramirez):
    agreement = make_agreement(signatures=[{"person": "ruben-lezcano"}], status="published")
    then = agreement.dossier()
    merge(lezcano, ramirez)
    dossier.write(agreement, then)
    assert agreement.signatures.get().person == ramirez
    assert make_agreement(signatures=[{"person": "ruben-lezcano"}]).signatures.get().person == ramirez


def test_a_merger_that_would_break_a_rule_is_refused_whole():
    make_state("PRY")
    old, new = make_source(slug="old", kind="news"), make_source(slug="new", kind="law")
    clause = {"number": "1", "heading": "Scope", "summary": "It says so.", "citations": [
        {"fields": ["number", "summary"], "source": "old", "locator": "p. 1", "against_text": "matches"}
    ]}  # fmt: skip
    agreement = make_agreement(slug="sofa", clauses=[clause], status="published")
    with pytest.raises(VerbRefused, match="agreements/sofa"):
        old.merge(new, by=None)
    old.refresh_from_db()
    assert old.is_published and agreement.versions.count() == 1


# From files


def empty_the_base():
    for model in (LoadedFixture, Agreement, Person, Source, Publisher):
        for row in sorted(model.objects.all(), key=lambda row: not getattr(row, "merged_into_id", None)):
            row.delete()


def test_a_file_that_says_merged_moves_what_was_loaded_before(lezcano, ramirez, tmp_path):
    make_agreement(slug="sofa", signatures=[{"person": "ruben-lezcano"}], status="published")
    fixtures.export(tmp_path)
    path = tmp_path / "people" / "ruben-lezcano.yaml"
    empty_the_base()
    fixtures.load(tmp_path)
    path.write_text("status: merged\nmerged_into: ruben-ramirez-lezcano\n" + path.read_text())
    report = fixtures.load(tmp_path)
    assert (report.updated, report.kept) == (["people/ruben-lezcano"], [])
    assert Signature.objects.get().person.slug == "ruben-ramirez-lezcano"
    # The agreement is still as it was loaded, so that its own file can change it.
    path = tmp_path / "agreements" / "sofa.yaml"
    path.write_text(path.read_text().replace("An agreement", "Another title"))
    assert fixtures.load(tmp_path).updated == ["agreements/sofa"]
    assert Signature.objects.get().person.slug == "ruben-ramirez-lezcano"


def test_a_merged_base_is_written_out_and_loaded_as_it_is(lezcano, ramirez, tmp_path):
    make_agreement(slug="sofa", signatures=[{"person": "ruben-lezcano"}], status="published")
    merge(lezcano, ramirez)
    fixtures.export(tmp_path)
    before = {path.name: path.read_bytes() for path in tmp_path.rglob("*.yaml")}
    empty_the_base()
    fixtures.load(tmp_path)
    assert fixtures.export(tmp_path, check=True) == fixtures.ExportReport()
    assert before == {path.name: path.read_bytes() for path in tmp_path.rglob("*.yaml")}
    assert Client().get("/people/ruben-lezcano/")["Location"] == "/people/ruben-ramirez-lezcano/"


def test_a_file_may_say_that_a_source_was_merged(tmp_path):
    reprint, original = make_source(slug="reprint", title="A reprint"), make_source(slug="original")
    make_agreement(slug="sofa", status="published")
    merge(reprint, original)
    fixtures.export(tmp_path)
    empty_the_base()
    fixtures.load(tmp_path)
    assert Client().get("/sources/reprint/")["Location"] == "/sources/original/"


def test_every_relation_to_a_record_is_on_a_sort_of_row_that_mergers_know():
    """Whatever has a dossier, its parts and citations follow by themselves. A second coding stays: it measured one coding; and
    so do the spans of a status and the entries of lists, which follow from the record."""
    strangers = [
        f"{model.__name__}.{column.name}"
        for model in apps.get_models()
        if not issubclass(model, (Documented, Part)) and model is not Citation
        for column in (*model._meta.fields, *model._meta.many_to_many)
        if column.related_model and issubclass(column.related_model, Record)
    ]
    derived = ["PartyEntry.agreement", "StatusSpan.agreement", "StepEntry.agreement", "TopicEntry.agreement"]
    assert sorted(strangers) == sorted(["SecondCoding.agreement", *derived])
