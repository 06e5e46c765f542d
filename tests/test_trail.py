"""What happened stays: reviews, revisions and versions are written once. What tampering shows: tests/test_tampering.py."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError

from sources.history import trail_triggers
from sources.history.append_only import AppendOnlyError
from sources.models import Citation, Proposal, Review, Revision, Version
from sources.models.trail import Chained
from tests.factory import make_person

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
    assert list(trail_triggers.faults(connection)) == []
    assert set(trail_triggers.TABLES) == {model._meta.db_table for model in Chained.__subclasses__()}


def test_the_end_of_a_trail_only_goes_forward(record):
    refused("DELETE FROM sources_trailhead")
    refused("UPDATE sources_trailhead SET steps = steps - 1")
    refused("UPDATE sources_trailhead SET chain = 'forged'")
    refused("UPDATE sources_trailhead SET steps = steps + 1, record_id = record_id + 1000")


def test_a_row_that_no_record_s_chain_holds_is_not_written_in_bulk(record):
    with pytest.raises(AppendOnlyError):
        Review.objects.bulk_create([Review(record=record, verb="publish")])


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


# Tests that empty the tables


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("time", [1, 2])
def test_tests_with_transactions_of_their_own_start_empty_and_guarded(time):
    assert not Revision.objects.exists()
    make_person(status="published")
    assert list(trail_triggers.faults(connection)) == []
    refused("DELETE FROM sources_revision")
