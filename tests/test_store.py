"""The read store: what it serves, when it makes a form anew, and that a draft leaves it alone."""

import datetime
import io

import orjson
import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection
from django.test.utils import CaptureQueriesContext

from agreements.models import Agreement, PartyEntry
from people.models import Organisation, Person
from sources.lib import clock
from sources.models import PublicForm, PublicTally
from sources.reading import kinds
from sources.reading.store import checking, code, counter, keeping, reading
from sources.records import dossier
from tests import factory

pytestmark = pytest.mark.django_db
API = "/api/v1/agreements/treaty/"


@pytest.fixture
def treaty():
    states = [factory.make_state(), factory.make_state("USA", "United States")]
    parties = [{"organisation": state.slug} for state in states]
    return factory.make_agreement(
        slug="treaty", title="A treaty", status="published", parties=parties, milestones=[{"kind": "signed", "date": "2025-12-15"}]
    )  # fmt: skip


def rename(row, name):
    """As an approved proposal does it."""
    dossier.write(row, {**row.dossier(), "name": name})
    row.publish(by=None) if hasattr(row, "status") else row.note_revision(by=None)


def stale():
    return {str(form) for form in PublicForm.objects.stale()}


# Serving


def test_a_detail_is_the_bytes_of_the_form_and_of_the_version(client, treaty):
    answer = client.get(API)
    assert answer.content == dossier.canonical(treaty.representation())
    assert answer.content.decode() == treaty.versions.first().body
    assert answer["ETag"] == f'W/"{treaty.versions.first().sha256[:32]}"'
    assert answer["Link"] == f'<{API}history/>; rel="version-history"'


def test_whoever_has_the_form_is_told_so_before_it_is_read(client, treaty):
    tag = client.get(API)["ETag"]
    with CaptureQueriesContext(
        connection,
    ) as queries:
        answer = client.get(API, headers={"If-None-Match": tag})
    assert (answer.status_code, answer.content, answer["ETag"]) == (304, b"", tag)
    assert {*answer["Vary"].split(", ")} >= {"Accept", "Accept-Encoding"}
    assert len(queries) == 1
    assert '"form"' not in queries[0]["sql"]


def test_fields_and_parts_are_picked_from_the_form(client, treaty):
    whole = client.get(API).json()
    assert client.get(f"{API}?fields=title,parties").json() == {name: whole[name] for name in ("title", "parties")}
    nested = {*kinds.serializer_of(Agreement).Meta.includes}
    some = client.get(f"{API}?include=parties").json()
    assert some == {name: value for name, value in whole.items() if name not in nested - {"parties"}}
    assert client.get(f"{API}?format=csv").content.decode().count("\n") == 2


def test_a_record_without_a_form_gets_one_when_it_is_read(client, treaty):
    PublicForm.objects.all().delete()
    assert client.get(API).json()["title"] == "A treaty"
    assert PublicForm.objects.get().slug == "treaty"


# Marking


def test_a_new_name_of_a_party_is_read_at_once(client, treaty):
    client.get(API)
    rename(Organisation.objects.get(slug="pry"), "The Republic")
    assert "agreements/treaty" in stale()
    assert "The Republic" in client.get(API).content.decode()
    assert "agreements/treaty" not in stale()
    assert "The Republic" in str(reading.cards_of(Agreement.objects.published()))


def test_a_new_name_of_a_publisher_is_read_in_every_footnote(client, treaty):
    client.get(API)
    rename(factory.the_source().publisher, "The Weekly Record")
    assert '"publisher":"The Weekly Record"' in client.get(API).content.decode()


def test_a_source_shows_what_a_new_record_cites(client, treaty):
    client.get("/api/v1/sources/the-source/")
    factory.make_person(slug="ana", status="published")
    statements = client.get("/api/v1/sources/the-source/").json()["statements"]
    assert "ana" in {statement["record"]["slug"] for statement in statements}


def test_what_a_record_does_not_show_leaves_it_alone(treaty):
    """A state's form does not show its agreements, so to publish one does not touch it."""
    reading.refresh_stale()
    treaty.publish(by=None)
    assert stale() == {"sources/the-source"}


def test_a_draft_changes_no_form(treaty, alice):
    reading.refresh_stale()
    tick = counter.now()
    draft = factory.make_agreement(
        slug="draft", by=alice, parties=[{"organisation": "pry"}], relations=[{"kind": "amends", "target": "treaty"}]
    )
    dossier.write(draft, {**draft.dossier(), "title": "Another title"})
    treaty.propose(alice, treaty.dossier(), {**treaty.dossier(), "title": "A proposed title"})
    assert not stale()
    assert counter.now() == tick


def test_a_new_topic_changes_what_every_agreement_says_of_the_codebook(client, treaty):
    before = client.get(API).json()["topics_in_codebook"]
    factory.make_topic("D2")
    assert client.get(API).json()["topics_in_codebook"] == before + 1


def test_no_way_of_changing_a_row_is_forgotten(client, treaty, subtests):
    party, citation = treaty.parties.first(), treaty.citations.first()
    ways = {
        "a record's update": lambda: Agreement.objects.filter(pk=treaty.pk).update(title="Another title"),
        "a part's save": party.save,
        "a part's update": lambda: treaty.parties.update(note="A note."),
        "many parts": lambda: type(party).objects.bulk_update([party], ["note"]),
        "a citation's save": citation.save,
        "a new citation": lambda: factory.cite(treaty, "title", factory.the_source(), locator="p. 7"),
        "a citation's update": lambda: treaty.citations.update(note="A note."),
        "a citation's end": citation.delete,
        "a part's end": party.delete,
    }
    for name, change in ways.items():
        with subtests.test(name):
            reading.refresh_stale()
            change()
            assert "agreements/treaty" in stale()


def test_a_withdrawn_record_has_no_form(client, treaty):
    treaty.withdraw(by=None, reason="Wrong.")
    assert not PublicForm.objects.filter(slug="treaty").exists()
    assert client.get(API).status_code == 410


def test_the_status_of_another_day_is_read_on_that_day(client, monkeypatch):
    monkeypatch.setattr(clock, "today", lambda: datetime.date(2026, 1, 10))
    steps = [{"kind": "signed", "date": "2025-12-15"}, {"kind": "in_force", "date": "2026-02-01"}]
    factory.make_agreement(slug="treaty", milestones=[steps[0]], status="published")
    record = Agreement.objects.get()
    monkeypatch.setattr(clock, "today", lambda: datetime.date(2026, 3, 1))
    dossier.write(
        record,
        {**record.dossier(), "milestones": factory.with_citations(Agreement, {"milestones": steps})["milestones"]},
    )
    record.publish(by=None)
    monkeypatch.setattr(clock, "today", lambda: datetime.date(2026, 1, 10))
    PublicForm.objects.all().delete()
    assert client.get(API).json()["status"] == "signed_not_in_force"
    assert PublicForm.objects.get(slug="treaty").valid_until == datetime.date(2026, 1, 31)
    monkeypatch.setattr(clock, "today", lambda: datetime.date(2026, 2, 1))
    assert client.get(API).json()["status"] == "in_force"


# Keeping


def test_a_form_that_cannot_be_kept_is_served_all_the_same(client, treaty, monkeypatch):
    def refuse(made, tick):
        raise DatabaseError("attempt to write a readonly database")

    rename(Organisation.objects.get(slug="pry"), "The Republic")
    monkeypatch.setattr(reading, "write", refuse)
    for _time in range(2):
        assert "The Republic" in client.get(API).content.decode()
    assert "agreements/treaty" in stale()


def test_what_an_act_undoes_is_not_kept(treaty):
    person = factory.make_person(slug="ana")
    factory.cite_everything(person)
    with keeping.together(), pytest.raises(ZeroDivisionError), keeping.together():
        person.publish(by=None)
        raise ZeroDivisionError
    assert not PublicForm.objects.filter(kind="people").exists()
    assert reading.form_of(Person, "ana") is None


def test_within_an_act_nothing_stale_is_read(treaty):
    with keeping.together():
        rename(Organisation.objects.get(slug="pry"), "The Republic")
        assert "The Republic" in reading.form_of(Agreement, "treaty").form


def test_an_act_advances_the_counter_once(treaty):
    tick = counter.now()
    treaty.publish(by=None)
    assert counter.now() == tick + 1


# Commands


def test_the_check_names_what_is_wrong(treaty):
    PublicForm.objects.filter(slug="treaty").update(form="{}", citations=7)
    out = io.StringIO()
    with pytest.raises(CommandError, match="faults"):
        call_command("check_public", stdout=out)
    assert "agreements/treaty: not as the tables say: citations, form." in out.getvalue()
    call_command("rebuild_public", stdout=io.StringIO())
    call_command("check_public", stdout=out)


def test_the_check_names_lists_that_are_not_as_the_records(treaty):
    PartyEntry.objects.filter(agreement=treaty).delete()
    assert checking.check()[1] == ["agreements/treaty: not as the tables say: list entries."]
    call_command("rebuild_public", stdout=io.StringIO())
    assert checking.check()[1] == []
    draft = factory.make_agreement(slug="draft")
    PartyEntry.objects.create(agreement=draft, heading="party/1", slug="draft", type="sofa", sort_key="draft")
    assert checking.check()[1] == [f"agreements, key {draft.pk}: in lists, and not published."]


def test_while_a_form_is_stale_citations_are_counted_row_by_row(client, treaty, monkeypatch):
    def number():
        return client.get("/api/v1/citations/?count=true").json()["count"]

    before = number()
    monkeypatch.setattr(reading, "FRESHENED", 0)
    PublicForm.objects.filter(slug="treaty").update(marked=10**6)
    PublicTally.objects.filter(subject="citations").update(number=0)
    assert number() == before > 0


def test_the_check_names_numbers_that_the_forms_do_not_add_up_to(treaty):
    PublicTally.objects.filter(subject="records", value="agreements").update(number=5)
    PublicTally.objects.create(subject="agreements/text", value="burnt", number=2)
    assert checking.check()[1] == [
        "agreements/text, “burnt”: 2 are counted, and there are 0.",
        "records, “agreements”: 5 are counted, and there are 1.",
    ]
    call_command("rebuild_public", stdout=io.StringIO())
    assert checking.check()[1] == []


def test_refreshing_makes_what_is_stale_and_what_is_missing(treaty):
    reading.refresh_stale()
    rename(Organisation.objects.get(slug="pry"), "The Republic")
    PublicForm.objects.filter(slug="usa").delete()
    out = io.StringIO()
    call_command("refresh_public", stdout=out)
    assert not stale()
    assert PublicForm.objects.filter(slug="usa").exists()
    assert orjson.loads(PublicForm.objects.get(slug="pry").link)["name"] == "The Republic"


def test_an_upgrade_of_the_code_makes_every_form_anew(client, treaty, monkeypatch):
    reading.refresh_stale()
    call_command("migrate", verbosity=0)
    assert not stale()
    monkeypatch.setattr(code, "present", lambda: "another digest")
    call_command("migrate", verbosity=0)
    assert stale() == {str(form) for form in PublicForm.objects.all()}
    call_command("refresh_public", stdout=io.StringIO())
    call_command("migrate", verbosity=0)
    assert not stale()
