"""What happened stays: reviews, revisions and versions are written once, and tampering shows."""

import hashlib
import io

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError

from kb.core.trail import AppendOnlyError
from sources import guard
from sources.models import Citation, Proposal, Review, Revision, Version
from tests.factory import make_agreement, make_person

TRAIL = {Review: "comment", Revision: "dossier", Version: "body"}


@pytest.fixture
def record(alice):
    """A person published once and changed once, so that each kind of trail row is there."""
    person = make_person(slug="ana-pena", status="published", by=alice)
    person.name = "Ana María Peña"
    person.save()
    person.note_revision(by=alice, comment="Full name")
    return person


def row_of(model):
    return model.objects.order_by("pk").first()


# Python refuses


@pytest.mark.parametrize("model", TRAIL)
def test_a_row_is_not_saved_again(record, model):
    with pytest.raises(AppendOnlyError, match="written once"):
        row_of(model).save()


@pytest.mark.parametrize("model", TRAIL)
def test_a_row_is_not_deleted(record, model):
    with pytest.raises(AppendOnlyError):
        row_of(model).delete()


@pytest.mark.parametrize("model", TRAIL)
def test_rows_are_not_changed_in_bulk(record, model):
    field = TRAIL[model]
    for change in (
        lambda: model.objects.update(**{field: "x"}),
        lambda: model.objects.all().delete(),
        lambda: model.objects.bulk_update([row_of(model)], [field]),
        lambda: model.objects.update_or_create(pk=row_of(model).pk, defaults={field: "x"}),
    ):
        with pytest.raises(AppendOnlyError):
            change()


def test_rows_are_not_changed_through_their_record(record):
    for rows in (record.revisions, record.reviews, record.versions):
        with pytest.raises(AppendOnlyError):
            rows.all().delete()


# The database refuses


def refused(statement, *values):
    connection.check_constraints()  # PostgreSQL empties no table that has checks waiting
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)


@pytest.mark.parametrize("model", TRAIL)
def test_the_database_refuses_to_change_a_row(record, model):
    table, before = model._meta.db_table, list(model.objects.values())
    refused(f"UPDATE {table} SET {TRAIL[model]} = %s", "forged")
    refused(f"UPDATE {table} SET id = id + 1000")
    refused(f"DELETE FROM {table}")
    refused(f"DELETE FROM {table} WHERE id = %s", before[0]["id"])
    assert list(model.objects.values()) == before


@pytest.mark.parametrize("model", TRAIL)
def test_the_database_refuses_to_put_a_row_in_the_place_of_another(record, model):
    table, columns = model._meta.db_table, [field.column for field in model._meta.concrete_fields]
    names = ", ".join(columns)
    if connection.vendor == "sqlite":
        refused(f"INSERT OR REPLACE INTO {table} ({names}) SELECT {names} FROM {table}")
        others = ", ".join("id + 1000" if name == "id" else name for name in columns)
        if model is not Review:
            refused(f"INSERT OR REPLACE INTO {table} ({names}) SELECT {others} FROM {table}")
    else:
        refused(
            f"INSERT INTO {table} ({names}) SELECT {names} FROM {table} "
            f"ON CONFLICT (id) DO UPDATE SET {TRAIL[model]} = 'forged'"
        )
        refused(f"TRUNCATE {table}")


@pytest.mark.parametrize("model", TRAIL)
def test_the_database_refuses_the_orm_when_it_goes_around_python(record, model):
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        row_of(model).save_base(raw=True, force_update=True)
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        model.objects.all()._raw_delete("default")


@pytest.mark.skipif(connection.vendor != "postgresql", reason="sessions of PostgreSQL alone can switch triggers off")
def test_the_guard_is_not_switched_off_for_a_session(record):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
    refused("DELETE FROM sources_review")


@pytest.mark.django_db
def test_every_trail_table_is_guarded_after_all_migrations():
    assert guard.missing(connection) == []
    assert set(guard.TABLES) == {model._meta.db_table for model in TRAIL}


# What is deleted beside it


def test_the_trail_outlives_the_record(record):
    pk = record.pk
    make_person(slug="somebody-else", status="published")
    before = {model: list(model.objects.values()) for model in TRAIL}
    record.proposals.create(record_ref=record.ref, by_name="x", base="{}", dossier="{}")
    assert Citation.objects.filter(record_ref=record.ref).exists()

    record.delete()

    assert {model: list(model.objects.values()) for model in TRAIL} == before
    of_people = Revision.objects.filter(record_type__model="person")
    assert of_people.filter(record_id=pk).count() == 2
    assert not Citation.objects.filter(record_ref="people/ana-pena").exists()
    assert not Proposal.objects.exists()


def test_an_account_in_the_trail_is_not_deleted(record, alice, victor):
    with pytest.raises(ProtectedError):
        alice.delete()
    victor.delete()


def test_a_record_still_finds_its_rows(record, alice):
    assert [revision.number for revision in record.revisions.all()] == [2, 1]
    assert record.revisions.filter(by=alice, number=2).exists()
    assert record.reviews.first().verb == "publish"
    assert record.versions.count() == 1
    assert list(type(record).objects.filter(revisions__comment="Full name")) == [record]


# Tampering shows


def verify():
    """The command's exit and its words."""
    out = io.StringIO()
    try:
        call_command("verify_history", "--records", stdout=out)
    except CommandError as error:
        return False, out.getvalue() + str(error)
    return True, out.getvalue()


def tamper(record, change, *values, number=1):
    """Change or remove a revision, as somebody who has the database to himself."""
    content_type = ContentType.objects.get_for_model(record)
    connection.check_constraints()
    guard.remove(connection)
    with connection.cursor() as cursor:
        place = "WHERE record_type_id = %s AND record_id = %s AND number = %s"
        cursor.execute(f"{change} {place}", [*values, content_type.pk, record.pk, number])
    connection.check_constraints()
    guard.install(connection)


def test_an_honest_trail_is_sound(record):
    sound, words = verify()
    assert sound
    # The person, the source and its publisher.
    assert "4 revisions and 2 versions" in words


def test_a_changed_revision_is_named_and_only_that(record):
    make_agreement(slug="untouched", status="published")
    tamper(record, "UPDATE sources_revision SET dossier = %s", '{"name":"x"}')
    sound, words = verify()
    assert not sound
    assert "people/ana-pena revision 1: its content" in words
    assert "1 breaks" in words


def test_a_change_with_a_new_digest_breaks_the_next_link(record):
    forged = '{"name":"x"}'
    digest = hashlib.sha256(forged.encode()).hexdigest()
    tamper(record, "UPDATE sources_revision SET dossier = %s, sha256 = %s", forged, digest)
    sound, words = verify()
    assert not sound
    assert "people/ana-pena revision 2: its content" in words


def test_a_removed_revision_is_noticed(record):
    tamper(record, "DELETE FROM sources_revision")
    sound, words = verify()
    assert not sound
    assert "people/ana-pena revision 2: number 1 is not there" in words


def test_a_removed_last_revision_is_noticed_by_the_record(record):
    tamper(record, "DELETE FROM sources_revision", number=2)
    sound, words = verify()
    assert not sound
    assert "people/ana-pena: it differs from its last revision" in words


def test_a_change_of_the_record_past_its_history_is_noticed(record):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE people_person SET name = 'Somebody' WHERE id = %s", [record.pk])
    assert "people/ana-pena: it differs from its last revision" in verify()[1]


def test_a_changed_version_is_named(record):
    tamper(record, "UPDATE sources_version SET body = %s", "{}")
    sound, words = verify()
    assert not sound
    assert "people/ana-pena version 1: its content" in words


def test_a_missing_trigger_is_named(record):
    guard.remove(connection)
    sound, words = verify()
    assert not sound
    assert f"trigger {guard.names(connection.vendor)[0]}: it is not there" in words


def test_the_trail_of_a_removed_record_is_still_checked(record):
    pk = record.pk
    record.delete()
    assert verify()[0]
    record.pk = pk
    tamper(record, "UPDATE sources_revision SET dossier = '{}'")
    assert f"person {pk} (removed) revision 1" in verify()[1]


# Tests that empty the tables


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("time", [1, 2])
def test_tests_with_transactions_of_their_own_start_empty_and_guarded(time):
    assert not Revision.objects.exists()
    make_person(status="published")
    assert guard.missing(connection) == []
    refused("DELETE FROM sources_revision")
