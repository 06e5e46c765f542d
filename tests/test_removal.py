"""Lawful removal: a record or one version goes for good; its address says when and why, and the trail that it went."""

import io

import pytest
from django.contrib.admin.models import LogEntry
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse

from agreements.models import Agreement, Position
from people.models import Person
from sources.history import removal
from sources.models import Citation, LoadedFixture, NegativeFinding, Proposal, Removal, Revision, Source, Version
from sources.records import dossier, fixtures
from sources.records.status import VerbRefused
from tests.cast import sign_in
from tests.factory import (
    cite_everything,
    make_agreement,
    make_finding,
    make_organisation,
    make_person,
    make_position,
    make_source,
)
from tests.forms import add_form, address, forms_of, said
from tests.test_tampering import Forger, verify

pytestmark = pytest.mark.django_db
NAME = "Quillfeather"
WHY = {"reason": "By order of the court of Asunción.", "comment": "Letter 12 of the court, asked for by her lawyer."}
PAGE, API = "/people/ana/", "/api/v1/people/ana/"


@pytest.fixture
def ana():
    return make_person(slug="ana", name=f"Ana {NAME}", status="published")


@pytest.fixture
def admin(carol):
    return sign_in(carol)


def remove(record, by=None, **more):
    return record.remove(by, **WHY, **more)


def get(path):
    return Client().get(path)


# What is left of a record


@pytest.mark.parametrize("path", [PAGE, f"{PAGE}history/", f"{PAGE}v/1/", API, f"{API}history/", f"{API}v/1/"])
def test_its_address_says_when_and_why_and_nothing_else(ana, path):
    assert NAME in get(path).content.decode()
    gone = remove(ana)
    answer = get(path)
    words = answer.content.decode()
    assert answer.status_code == 410
    assert WHY["reason"] in words and str(gone.at.year) in words
    assert NAME not in words and "lawyer" not in words


def test_the_api_names_the_day(ana):
    gone = remove(ana)
    assert get(API).json() == {
        "type": "about:blank", "title": "Gone", "status": 410, "detail": WHY["reason"],
        "removed_on": gone.at.date().isoformat(), "record": "people/ana",
    }  # fmt: skip


def test_nothing_of_its_content_is_kept_anywhere(ana, alice, admin):
    dossier.write(ana, {**ana.dossier(), "summary": f"{NAME} was a minister."})
    cite_everything(ana)
    ana.note_revision(by=alice)
    ana.publish(by=None)
    base = ana.dossier()
    ana.propose(alice, base, {**base, "summary": f"{NAME} was not."})
    LogEntry.objects.create(
        user=alice,
        content_type=ana.revisions.first().record_type,
        object_id=ana.pk,
        object_repr=str(ana),
        action_flag=2,
    )
    make_agreement(signatures=[{"person": "ana", "name_as_printed": NAME}], status="published")
    remove(ana, closes_elsewhere=True)
    assert not Person.objects.filter(slug="ana").exists()
    assert not Proposal.objects.exists()
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            if table == "sources_revision":
                continue  # other records' own history keeps the name as it was printed; see docs/operations.md
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            assert NAME.casefold() not in str(cursor.fetchall()).casefold(), table
    assert not Revision.objects.filter(record_type__model="person", dossier__contains=NAME).exists()


def test_the_trail_keeps_who_did_what_when_and_that_it_was_removed(ana, carol):
    reviews, pk = ana.reviews.count(), ana.pk
    gone = remove(ana, carol)
    assert (gone.by, gone.by_name, gone.comment, gone.ref) == (carol, "carol", WHY["comment"], "people/ana")
    trail = {"record_type__model": "person", "record_id": pk}
    assert Version.objects.get(**trail).body == "" and len(Version.objects.get(**trail).sha256) == 64
    assert gone.step == reviews + 3
    sound, words = verify()
    assert sound, words


def test_a_draft_that_nobody_saw_leaves_no_public_trace():
    remove(make_person(slug="ana"))
    assert get(PAGE).status_code == get(API).status_code == 404
    assert Removal.objects.get().was_public is False


def test_its_address_is_not_given_again(ana, editor):
    remove(ana)
    with pytest.raises(ValidationError, match="not given again"):
        make_person(slug="ana")
    form = add_form(editor, Person)
    form["slug"], form["name"] = "ana", "Another Ana"
    assert "not given again" in form.post("_save").content.decode()
    assert not Person.objects.filter(slug="ana").exists()
    make_organisation(slug="ana")


def test_a_reason_for_readers_and_one_for_the_log_are_needed(ana):
    for reasons in (("", "x"), ("x", " ")):
        with pytest.raises(VerbRefused, match="needs a reason"):
            ana.remove(None, *reasons)
    assert get(PAGE).status_code == 200


# What named it


def test_other_records_name_it_no_longer(ana):
    agreement = make_agreement(slug="sofa", signatures=[{"person": "ana"}], status="published")
    said_by_her = make_position(person="ana", holder_note="", status="published")
    remove(ana)
    assert not agreement.signatures.exists()
    assert (agreement.revisions.count(), agreement.versions.count()) == (2, 2)
    assert agreement.revisions.first().comment == "“people/ana” was removed."
    assert Position.objects.get(pk=said_by_her.pk).holder_note == "A speaker whose record was removed"
    assert NAME not in get(f"/positions/{said_by_her.slug}/").content.decode()


def test_citations_of_a_removed_source_go_and_the_facts_become_unsourced():
    report = make_source(slug="report")
    agreement = make_agreement(
        slug="sofa",
        citations=[{"fields": ["title", "type"], "source": "report", "locator": "p. 1"}],
        status="published",
    )
    made = removal.plan(report)
    assert [(row.ref, number) for row, number in made.unsourced] == [("agreements/sofa", 2)]
    assert Citation.objects.filter(source=report).count() == 2, "a plan changes nothing"
    remove(report)
    agreement.refresh_from_db()
    assert (agreement.is_published, agreement.uncited_count) == (True, 2)
    facts = get("/api/v1/agreements/sofa/").json()["facts"]
    assert {fact["state"] for fact in facts} == {"unsourced"}
    assert verify()[0]


def test_searches_about_it_and_what_was_merged_into_it_go_with_it(ana):
    other = make_person(slug="ana-maria", name=f"Ana María {NAME}", status="published")
    other.merge(ana, by=None)
    finding = make_finding(about="people/ana", question=f"Whether {NAME} signed.")
    assert [row.ref for row in removal.plan(ana).goes] == ["people/ana", "people/ana-maria", finding.ref]
    remove(ana)
    assert get("/people/ana-maria/").status_code == get(PAGE).status_code == 410
    assert not NegativeFinding.objects.exists()
    sound, words = verify()
    assert sound, words


def test_a_waiting_proposal_of_another_record_names_it_no_longer(ana, alice):
    agreement = make_agreement(signatures=[{"person": "ana"}], status="published")
    base = agreement.dossier()
    agreement.propose(alice, base, {**base, "summary": "Mine."})
    remove(ana)
    proposal = Proposal.objects.get()
    state, conflicts = proposal.joined()
    assert not conflicts and "signatures" not in state
    assert [change.path for change in proposal.changes()] == ["summary"]


def test_a_record_that_another_requires_is_not_removed():
    source = make_source()
    with pytest.raises(VerbRefused, match="cannot be removed"):
        removal.plan(source.publisher)
    with pytest.raises(VerbRefused, match="cannot be removed"):
        remove(source.publisher)
    assert Source.objects.filter(pk=source.pk).exists() and not Removal.objects.exists()


def test_versions_of_other_records_that_show_it_are_named_and_closed_when_asked(ana):
    agreement = make_agreement(slug="sofa", signatures=[{"person": "ana"}], status="published")
    assert [version.pk for version in removal.plan(ana).frozen] == [agreement.versions.get().pk]
    remove(ana, closes_elsewhere=True)
    assert get("/agreements/sofa/v/1/").status_code == 410
    assert NAME not in get("/agreements/sofa/history/").content.decode()
    assert NAME not in get("/agreements/sofa/v/2/").content.decode()
    assert verify()[0]


def test_versions_of_withdrawn_records_that_show_it_are_closed_too(ana):
    agreement = make_agreement(slug="sofa", signatures=[{"person": "ana"}], status="withdrawn")
    remove(ana, closes_elsewhere=True)
    agreement.refresh_from_db()
    agreement.publish(by=None)
    assert get("/agreements/sofa/v/1/").status_code == 410
    assert get("/agreements/sofa/v/2/").status_code == 200
    assert verify()[0]


def test_a_plan_leaves_what_it_looked_at_as_it_was(ana):
    make_position(slug="said", person="ana", holder_note="", status="published")
    (step,) = removal.plan(ana).steps
    assert str(step.record).startswith(f"Ana {NAME}")
    assert Position.objects.get(slug="said").revisions.count() == 1


# Fixtures


def test_a_load_does_not_bring_it_back(ana, tmp_path):
    fixtures.export(tmp_path)
    remove(ana)
    for loaded in (False, True):
        if loaded:
            LoadedFixture.objects.create(kind="people", slug="ana", file_sha256="x", dossier_sha256="x")
        assert "people/ana" in fixtures.load(tmp_path).kept
        assert not Person.objects.filter(slug="ana").exists()


# One version


@pytest.fixture
def sofa():
    """Three versions; the second says what must not be said."""
    agreement = make_agreement(slug="sofa", title="The first title", status="published")
    for title in (f"The title of {NAME}", "The third title"):
        dossier.write(agreement, {**agreement.dossier(), "title": title})
        agreement.note_revision(by=None)
        agreement.publish(by=None)
    return agreement


def close(record, number, by=None):
    return record.versions.get(number=number).close(by, **WHY)


def test_a_closed_version_says_when_and_why(sofa):
    digest = sofa.versions.get(number=2).sha256
    closed = close(sofa, 2)
    page, api = get("/agreements/sofa/v/2/"), get("/api/v1/agreements/sofa/v/2/")
    assert page.status_code == api.status_code == 410
    assert api.json()["removed_on"] == closed.at.date().isoformat() and api.json()["version"] == 2
    for answer in (page, api):
        assert WHY["reason"] in answer.content.decode()
        assert NAME not in answer.content.decode() and digest not in answer.content.decode()


def test_no_other_version_tells_what_it_said(sofa):
    close(sofa, 2)
    for path in (
        "/agreements/sofa/", "/agreements/sofa/history/", "/agreements/sofa/v/1/", "/agreements/sofa/v/3/",
        "/api/v1/agreements/sofa/history/", "/api/v1/agreements/sofa/history/?before=3", "/api/v1/agreements/sofa/v/3/",
    ):  # fmt: skip
        answer = get(path)
        assert answer.status_code == 200
        assert NAME not in answer.content.decode(), path


def test_the_history_lists_it_as_closed_and_compares_over_it(sofa):
    close(sofa, 2)
    third, second, first = get("/api/v1/agreements/sofa/history/").json()["results"]
    assert (second["closed_reason"], second["sha256"], second["changes"]) == (WHY["reason"], None, [])
    assert third["compared_with"] == 1 and third["closed_on"] is None
    assert [(change["before"], change["after"]) for change in third["changes"]] == [
        ("The first title", "The third title")
    ]
    words = get("/agreements/sofa/history/").content.decode()
    assert "Closed on" in words and WHY["reason"] in words
    close(sofa, 1)
    assert "The versions before it are closed." in get("/agreements/sofa/history/").content.decode()
    assert first["compared_with"] is None


def test_a_page_of_the_history_that_ends_with_a_closed_version_compares_with_the_next_open_one(sofa, monkeypatch):
    close(sofa, 2)
    monkeypatch.setattr("sources.history.versions.PAGE", 1)
    (third,) = get("/api/v1/agreements/sofa/history/").json()["results"]
    assert third["compared_with"] == 1
    (second,) = get("/api/v1/agreements/sofa/history/?before=3").json()["results"]
    assert second["closed_on"]


def test_the_newest_version_is_not_closed(sofa):
    with pytest.raises(VerbRefused, match="newest"):
        close(sofa, 3)
    close(sofa, 1)
    with pytest.raises(VerbRefused, match="closed already"):
        close(sofa, 1)


def test_a_closed_version_is_no_break_in_the_trail_and_an_emptied_one_is(sofa):
    close(sofa, 2)
    assert verify()[0]
    forger = Forger(sofa)
    connection.check_constraints()
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        sofa.versions.filter(number=1).empty("body")
    for change in ("body = 'x'", "body = '', sha256 = 'x'", "at = at"):
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            forger.change("sources_version", change, where="number = 2" if "at" not in change else "number = 1")
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        sofa.revisions.filter(number=2).empty("dossier")
    assert verify()[0]


# The screens


def test_an_administrator_sees_what_goes_and_removes(admin, ana, carol):
    make_agreement(slug="sofa", title="The agreement", signatures=[{"person": "ana"}], status="published")
    answer = admin.get(address(ana, "delete"))
    words = answer.content.decode()
    assert "1 record names it and changes." in words and "The agreement" in words
    form = next(form for form in forms_of(answer).values() if "seen" in form)
    data = {name: values[0] for name, values in form.items() if name != "closes_elsewhere"} | WHY
    refused = admin.post(address(ana, "delete"), {**data, "comment": ""}, follow=True)
    assert "needs a reason" in said(refused) and Person.objects.filter(slug="ana").exists()
    make_position(person="ana")
    again = admin.post(address(ana, "delete"), data, follow=True)
    assert "Please look again" in said(again)
    form = next(form for form in forms_of(again).values() if "seen" in form)
    done = admin.post(address(ana, "delete"), {**data, "seen": form["seen"][0]}, follow=True)
    assert "“people/ana” was removed." in said(done)
    assert get(PAGE).status_code == 410
    assert WHY["comment"] in admin.get(reverse("admin:sources_removal_changelist")).content.decode()


@pytest.mark.parametrize("word", ["delete", "close"])
def test_nobody_else_may(editor, reviewer, sofa, word):
    for client in (editor, reviewer):
        assert client.get(address(sofa, word), {"version": 1}).status_code == 403
        assert client.post(address(sofa, word), {"version": 1, "seen": "", **WHY}).status_code == 403
        assert client.get(reverse("admin:sources_removal_changelist")).status_code == 403
    assert Agreement.objects.get().versions.exclude(body="").count() == 3


def test_nothing_is_removed_in_bulk(admin, ana):
    page = admin.get(reverse("admin:people_person_changelist")).content.decode()
    assert "delete_selected" not in page and "withdraw_selected" in page


def test_an_administrator_closes_a_version_from_the_history(admin, sofa):
    trail = admin.get(address(sofa, "trail")).content.decode()
    assert "../close/?version=2" in trail and "../close/?version=3" not in trail
    page = admin.get(address(sofa, "close"), {"version": 2})
    assert NAME not in page.content.decode().partition("<h1>")[2]
    assert "needs a reason" in said(admin.post(address(sofa, "close"), {"version": 2, "reason": " "}, follow=True))
    assert "Version 2 is closed" in said(admin.post(address(sofa, "close"), {"version": 2, **WHY}, follow=True))
    assert get("/agreements/sofa/v/2/").status_code == 410
    assert WHY["reason"] in admin.get(address(sofa, "trail")).content.decode()
    for number in ("", "9", "abc", "9" * 30):
        assert admin.get(address(sofa, "close"), {"version": number}).status_code == 404


# The command


def command(*options):
    out = io.StringIO()
    reasons = ("--by", "carol", "--reason", WHY["reason"], "--comment", WHY["comment"])
    call_command("remove_record", *options, *reasons, stdout=out)
    return out.getvalue()


def test_the_command_tells_first_and_removes_when_told_to(ana, carol):
    make_agreement(slug="sofa", signatures=[{"person": "ana"}], status="published")
    words = command("people/ana")
    assert "goes: people/ana" in words and "changes: agreements/sofa" in words
    assert "shows it still: agreements/sofa, version 1" in words
    assert get(PAGE).status_code == 200
    command("people/ana", "--yes", "--close-elsewhere")
    assert get(PAGE).status_code == get("/agreements/sofa/v/1/").status_code == 410


def test_the_command_closes_a_version(sofa, carol):
    command("agreements/sofa", "--version-number", "2", "--yes")
    assert get("/agreements/sofa/v/2/").status_code == 410


def test_the_command_refuses_what_is_not_there_and_who_may_not(ana, carol, bob):
    for options in (("people/nobody",), ("things/ana",), ("people/ana", "--version-number", "9")):
        with pytest.raises(CommandError):
            command(*options, "--yes")
    with pytest.raises(CommandError, match="not an administrator"):
        call_command("remove_record", "people/ana", "--by", "bob", "--reason", "x", "--comment", "x", "--yes")
