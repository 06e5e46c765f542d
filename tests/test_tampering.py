"""Tampering shows: whoever changes the trail in the database, with the guard out of the way, is told of by place."""

import hashlib
import importlib
import io
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from sources.history import trail_triggers
from sources.models import Review, Revision, TrailHead, Version, heads_kept
from tests.factory import make_agreement, make_person

pytestmark = pytest.mark.django_db
FORGED = '{"name":"x"}'


@pytest.fixture
def record(alice, bob, carol):
    """A person whose trail has every kind of step: submitted, published by its author alone, changed, published again."""
    person = make_person(slug="ana-pena", by=alice)
    person.submit(by=alice, comment="Please look.")
    person.publish(by=alice, comment="In a hurry.", bypass=True)
    for name in ("Ana María Peña", "Ana M. Peña"):
        person.name = name
        person.save()
        person.note_revision(by=alice, comment="The full name")
        person.publish(by=bob, comment="As printed.")
    return person


def verify(*options):
    """Whether the command is content, and its words."""
    out = io.StringIO()
    try:
        call_command("verify_history", "--records", *options, stdout=out)
    except CommandError as error:
        return False, out.getvalue() + str(error)
    return True, out.getvalue()


class Forger:
    """Somebody who has the database to himself, knows the tables, and puts the guard up again afterwards."""

    def __init__(self, record):
        self.record = record
        self.about = [ContentType.objects.get_for_model(record).pk, record.pk]

    def run(self, statement, *values):
        with connection.cursor() as cursor:
            cursor.execute(statement, values)

    def change(self, table, setting, *values, where="1 = 1"):
        self.run(
            f"UPDATE {table} SET {setting} WHERE record_type_id = %s AND record_id = %s AND {where}",
            *values,
            *self.about,
        )

    def delete(self, table, where="1 = 1"):
        self.run(f"DELETE FROM {table} WHERE record_type_id = %s AND record_id = %s AND {where}", *self.about)

    def invent(self, model, **changes):
        """A copy of the last row with something else in it."""
        last = model.objects.filter(record_type=self.about[0], record_id=self.about[1]).order_by("pk").last()
        values = {
            field.attname: getattr(last, field.attname) for field in model._meta.concrete_fields if field.name != "id"
        }
        values |= changes
        marks = ", ".join(["%s"] * len(values))
        self.run(f"INSERT INTO {model._meta.db_table} ({', '.join(values)}) VALUES ({marks})", *values.values())


PUBLISHED = "verb = 'publish' AND step = 3"
# What was done → what the auditor reads. The revisions are steps 1, 5 and 8; the reviews 2, 3, 6 and 9; the versions 4, 7 and 10.
TAMPERINGS = {
    "the approver of a review is another": (
        lambda forger: forger.change("sources_review", "by_id = NULL, by_name = 'carol'", where=PUBLISHED),
        "people/ana-pena review 3 (publish): who, when or what it says",
    ),
    "only the name of the approver is another": (
        lambda forger: forger.change("sources_review", "by_name = 'carol'", where=PUBLISHED),
        "people/ana-pena review 3 (publish): who, when",
    ),
    "the comment of a review is another": (
        lambda forger: forger.change("sources_review", "comment = 'All in order.'", where=PUBLISHED),
        "people/ana-pena review 3 (publish): who, when",
    ),
    "the mark of a publication without a second person is gone": (
        lambda forger: forger.change("sources_review", "bypassed = %s", False, where=PUBLISHED),
        "people/ana-pena review 3 (publish): who, when",
    ),
    "a review says another verb": (
        lambda forger: forger.change("sources_review", "verb = 'return'", where="step = 2"),
        "people/ana-pena review 2 (return): who, when",
    ),
    "the day of a review is another": (
        lambda forger: forger.change("sources_review", "at = '2020-01-01 00:00:00'", where=PUBLISHED),
        "people/ana-pena review 3 (publish): who, when",
    ),
    "a review is gone": (
        lambda forger: forger.delete("sources_review", PUBLISHED),
        "people/ana-pena version 1: step 3 before it is not there",
    ),
    "a review is invented": (
        lambda forger: forger.invent(Review, comment="Looked at by two."),
        "people/ana-pena review 9 (publish): the site did not write it",
    ),
    "a review is invented with a step of its own": (
        lambda forger: forger.invent(Review, comment="Looked at by two.", step=11),
        "people/ana-pena review 11 (publish): who, when",
    ),
    "the author of a revision is another": (
        lambda forger: forger.change("sources_revision", "by_name = 'bob'", where="number = 2"),
        "people/ana-pena revision 2: who, when",
    ),
    "the account behind a revision is another": (
        lambda forger: forger.change("sources_revision", "by_id = NULL", where="number = 2"),
        "people/ana-pena revision 2: who, when",
    ),
    "the day of a revision is another": (
        lambda forger: forger.change("sources_revision", "at = '2020-01-01 00:00:00'", where="number = 2"),
        "people/ana-pena revision 2: who, when",
    ),
    "the reason of a revision is another": (
        lambda forger: forger.change("sources_revision", "comment = ''", where="number = 2"),
        "people/ana-pena revision 2: who, when",
    ),
    "a revision says something else": (
        lambda forger: forger.change("sources_revision", "dossier = %s", FORGED, where="number = 1"),
        "people/ana-pena revision 1: its content is not what its digest was made of",
    ),
    "a revision says something else, with a digest made for it": (
        lambda forger: forger.change(
            "sources_revision", "dossier = %s, sha256 = %s", FORGED, digest(FORGED), where="number = 1"
        ),
        "people/ana-pena revision 1: who, when",
    ),
    "a revision is emptied": (
        lambda forger: forger.change("sources_revision", "dossier = ''", where="number = 2"),
        "people/ana-pena revision 2: its content is gone, and no removal says why",
    ),
    "the first revision is gone": (
        lambda forger: forger.delete("sources_revision", "number = 1"),
        "people/ana-pena review 2 (submit): step 1 before it is not there",
    ),
    "a version says something else, with a digest made for it": (
        lambda forger: forger.change("sources_version", "body = %s, sha256 = %s", "{}", digest("{}"), where="number = 1"),
        "people/ana-pena version 1: who, when",
    ),
    "a version says something else": (
        lambda forger: forger.change("sources_version", "body = '{}'", where="number = 1"),
        "people/ana-pena version 1: its content is not what its digest was made of",
    ),
    "the day of a version is another": (
        lambda forger: forger.change("sources_version", "at = '2020-01-01 00:00:00'", where="number = 2"),
        "people/ana-pena version 2: who, when",
    ),
    "the last version is gone": (
        lambda forger: forger.delete("sources_version", "number = 3"),
        "people/ana-pena: its trail ends with step 9, and 10 were written",
    ),
    "all versions are gone": (
        lambda forger: forger.delete("sources_version"),
        "people/ana-pena: readers see it, and no version was kept",
    ),
    "the last of everything is gone": (
        lambda forger: [forger.delete(table, "step >= 8") for table in ("sources_version", "sources_review", "sources_revision")],
        "people/ana-pena: its trail ends with step 7, and 10 were written",
    ),
    "the last is gone, and the end moved back": (
        lambda forger: [
            forger.delete("sources_version", "step >= 9"), forger.delete("sources_review", "step >= 9"),
            forger.change("sources_trailhead", "steps = 7"),
        ],
        "people/ana-pena: its trail ends with step 8, and 7 were written",
    ),
    "the end of the trail is gone": (
        lambda forger: forger.delete("sources_trailhead"),
        "people/ana-pena: nothing says where its trail ends",
    ),
    "the whole trail is gone": (
        lambda forger: [forger.delete(table) for table in trail_triggers.TABLES],
        "people/ana-pena: none of its 10 steps is there",
    ),
    "the whole trail is gone with its end": (
        lambda forger: [forger.delete(table) for table in (*trail_triggers.TABLES, trail_triggers.HEAD)],
        "people/ana-pena: it has no history",
    ),
    "the status is set in the database": (
        lambda forger: forger.run("UPDATE people_person SET status = 'draft' WHERE id = %s", forger.record.pk),
        "people/ana-pena: it is draft, and after its last step it should be published",
    ),
    "the record is changed past its history": (
        lambda forger: forger.run("UPDATE people_person SET name = 'Somebody' WHERE id = %s", forger.record.pk),
        "people/ana-pena: it differs from its last revision",
    ),
    "the record is removed past the site": (
        lambda forger: [forger.run("DELETE FROM sources_citation WHERE record_ref = 'people/ana-pena'"),
                        forger.run("DELETE FROM people_person WHERE id = %s", forger.record.pk)],
        "(removed): the record is gone, and no removal says why",
    ),
}  # fmt: skip


def digest(text):
    return hashlib.sha256(text.encode()).hexdigest()


def test_an_honest_trail_is_sound(record):
    sound, words = verify()
    assert sound, words
    assert "rows of the trail are as they were written" in words


def test_the_steps_are_those_that_the_table_speaks_of(record):
    rows = [
        (row._meta.model_name, row.step)
        for row in (*record.revisions.all(), *record.reviews.all(), *record.versions.all())
    ]
    assert sorted(rows) == sorted(
        [("revision", step) for step in (1, 5, 8)] + [("review", step) for step in (2, 3, 6, 9)]
        + [("version", step) for step in (4, 7, 10)]
    )  # fmt: skip


def test_a_tampering_is_named_by_its_place(record, case):
    for deed in TAMPERINGS:
        with case(deed):
            make_agreement(slug="untouched", status="published")
            tamper, sentence = TAMPERINGS[deed]
            connection.check_constraints()
            trail_triggers.remove(connection)
            tamper(Forger(record))
            connection.check_constraints()
            trail_triggers.install(connection)
            sound, words = verify()
            assert not sound
            assert sentence in words, words
            assert "untouched" not in words


# The guard itself


def test_a_trigger_that_is_gone_is_named(record):
    trail_triggers.remove(connection)
    assert "trigger sources_review_guard_" in verify()[1]


def test_a_trigger_that_refuses_nothing_is_named(record):
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("DROP TRIGGER sources_review_guard_delete")
            cursor.execute(
                "CREATE TRIGGER sources_review_guard_delete BEFORE DELETE ON sources_review BEGIN SELECT 1; END"
            )
        else:
            cursor.execute(
                f"CREATE OR REPLACE FUNCTION {trail_triggers.REFUSING}() RETURNS trigger LANGUAGE plpgsql AS "
                "$$ BEGIN RETURN COALESCE(OLD, NEW); END $$"
            )
    words = verify()[1]
    assert "trigger sources_review_guard_" in words and "it does not do what was put up" in words


def test_a_trigger_that_is_switched_off_or_made_conditional_is_named(record):
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("DROP TRIGGER sources_version_guard_update")
            cursor.execute(
                "CREATE TRIGGER sources_version_guard_update BEFORE UPDATE ON sources_version WHEN 0 "
                "BEGIN SELECT RAISE(ABORT, 'sources_version is append-only'); END"
            )
        else:
            connection.check_constraints()
            cursor.execute("ALTER TABLE sources_version DISABLE TRIGGER sources_version_guard_row")
    assert "trigger sources_version_guard_" in verify()[1]


def test_a_trigger_of_a_stranger_is_named(record):
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("CREATE TRIGGER stranger AFTER INSERT ON sources_review BEGIN SELECT 1; END")
        else:
            connection.check_constraints()
            cursor.execute(
                "CREATE TRIGGER stranger AFTER INSERT ON sources_review FOR EACH ROW "
                "EXECUTE FUNCTION suppress_redundant_updates_trigger()"
            )
    assert "trigger stranger: nobody here has put it up" in verify()[1]


# An anchor outside


def test_an_anchor_holds_while_the_site_goes_on(record, bob):
    anchor = head()
    record.publish(by=bob)
    make_person(status="published")
    assert check(anchor) == "The trail up to then is the one that the digest was made of."


def test_an_anchor_tells_of_a_chain_that_was_computed_anew(record):
    """What no seal can show: whoever owns the database writes another past and seals it as the site would."""
    anchor = head()
    connection.check_constraints()
    trail_triggers.remove(connection)
    forger = Forger(record)
    forger.change("sources_review", "comment = 'All in order.'", where=PUBLISHED)
    seal_anew(record)
    connection.check_constraints()
    trail_triggers.install(connection)
    assert verify()[0]
    with pytest.raises(CommandError, match="not the one"):
        check(anchor)


def test_an_anchor_that_is_none_is_refused(record):
    with pytest.raises(CommandError, match="Give the whole line"):
        check("abc")


def head():
    out = io.StringIO()
    call_command("verify_history", "--head", stdout=out)
    return out.getvalue().strip()


def check(anchor):
    out = io.StringIO()
    call_command("verify_history", "--check-head", anchor, stdout=out)
    return out.getvalue().strip()


def seal_anew(record):
    rows = sorted((*record.revisions.all(), *record.reviews.all(), *record.versions.all()), key=lambda row: row.step)
    last, forger = "", Forger(record)
    for row in rows:
        last = row.seal(last)
        forger.change(row._meta.db_table, "chain = %s", last, where=f"step = {row.step}")
    forger.change("sources_trailhead", "chain = %s", last)


# How rows are sealed


def test_the_migration_seals_the_older_trail(record):
    """As the rows stood before: without steps, seals and ends."""
    forger = Forger(record)
    before = [(row.pk, row.step) for model in (Review, Revision, Version) for row in model.objects.order_by("pk")]
    connection.check_constraints()
    trail_triggers.remove(connection)
    for table in trail_triggers.TABLES:
        forger.run(f"UPDATE {table} SET step = 0, chain = ''")
    forger.run("DELETE FROM sources_trailhead")
    assert not verify()[0]
    migration = importlib.import_module("sources.migrations.0005_seal_the_trail")
    migration.seal_what_is_there(apps, None)
    migration.put_up(apps, SimpleNamespace(connection=connection))
    assert verify()[0]
    after = [(row.pk, row.step) for model in (Review, Revision, Version) for row in model.objects.order_by("pk")]
    assert after == before


def test_heads_kept_in_memory_are_those_written_row_by_row(alice):
    with transaction.atomic(), heads_kept():
        one = make_person(by=alice, status="published")
        one.publish(by=None)
    one.publish(by=None)
    assert verify()[0]
    assert TrailHead.objects.get(record_id=one.pk, record_type__model="person").steps == 8


def test_cleaning_a_text_does_not_break_its_seal(record, bob):
    record.publish(by=bob, comment="Cafe\u0301 \u00a0 x")
    assert verify()[0]


def test_a_step_costs_two_queries_more(record, bob):
    with CaptureQueriesContext(
        connection,
    ) as counted:
        record.reviews.create(verb="amend", by=bob, by_name="bob", comment="x")
    assert len(counted) == 3


def test_revisions_and_versions_still_count_by_themselves(record):
    assert [row.number for row in Revision.objects.filter(record_id=record.pk, record_type__model="person")] == [
        3,
        2,
        1,
    ]
    assert [row.number for row in Version.objects.filter(record_id=record.pk, record_type__model="person")] == [3, 2, 1]


def test_the_whole_content_is_sound(content):
    sound, words = verify()
    assert sound, words
