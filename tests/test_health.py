"""The two addresses a supervisor asks, and the log line of a request."""

import json
import logging
import sqlite3
from contextlib import closing

import pytest
from django.db import OperationalError, connection
from django.db.migrations.recorder import MigrationRecorder

from kb.ops import health, log


def test_alive_without_a_database(client):
    answer = client.get("/healthz")
    assert (answer.status_code, answer.content) == (200, b"ok\n")
    assert "no-store" in answer.headers["Cache-Control"]


@pytest.mark.django_db
def test_ready_with_the_database_and_its_migrations(client):
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (200, {"ready": True, "database": "ok", "migrations": "applied"})


@pytest.mark.django_db
def test_three_queries_are_enough(client, django_assert_max_num_queries):
    client.get("/readyz")
    with django_assert_max_num_queries(3):  # whether it takes writes, the table's name, then its rows
        client.get("/readyz")


@pytest.mark.django_db
def test_a_missing_migration_is_not_ready(client):
    MigrationRecorder.Migration.objects.filter(app="sessions").delete()
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["migrations"]) == (503, "1 missing")
    assert answer.headers["Retry-After"] == "5"


def test_an_unreachable_database_is_not_ready_and_not_described(client, monkeypatch):
    def refuse(self):
        raise OperationalError("connection to db.internal failed: password wrong")

    monkeypatch.setattr(MigrationRecorder, "applied_migrations", refuse)
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json() == {"ready": False, "database": "unreachable", "migrations": "unknown"}


# A database file that is damaged or cannot be written


@pytest.fixture
def file(tmp_path):
    """A database file with some hundred pages."""
    path = tmp_path / "db # 1.sqlite3"
    with closing(sqlite3.connect(path)) as own:
        own.execute("PRAGMA journal_mode=WAL")
        own.execute("CREATE TABLE entry (number INTEGER PRIMARY KEY, text TEXT UNIQUE)")
        own.executemany("INSERT INTO entry VALUES (?, ?)", [(number, f"{number:0200}") for number in range(2000)])
        own.commit()
    return path


def test_a_whole_file_has_no_fault(file):
    assert health.fault_of_file(file) == ""


@pytest.mark.parametrize("place", ["its head", "its middle", "its end", "everything"])
def test_a_damaged_file_is_not_ready(file, place):
    size = file.stat().st_size
    start, end = {
        "its head": (0, 100), "its middle": (size // 2, size // 2 + 8192), "its end": (size - 40_000, size), "everything": (0, size)
    }[place]  # fmt: skip
    with open(file, "r+b") as out:
        out.seek(start)
        out.write(b"\xa5" * (end - start))
    assert health.fault_of_file(file) == "damaged"


def test_a_file_that_broke_off_is_not_ready(file):
    with open(file, "r+b") as out:
        out.truncate(file.stat().st_size // 2)
    assert health.fault_of_file(file) == "damaged"


def test_a_file_that_cannot_be_written_is_not_ready(file):
    assert health.fault_of_file(file, mode="ro") == "read-only"


def test_somebody_who_writes_just_now_is_no_fault(file):
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert health.fault_of_file(file) == ""


def test_a_large_file_is_checked_as_far_as_time_allows(file, monkeypatch):
    monkeypatch.setattr(health, "CHECKING", -1)
    assert health.fault_of_file(file) == ""


@pytest.mark.django_db
@pytest.mark.parametrize("fault", ["damaged", "read-only"])
def test_the_fault_is_told(client, monkeypatch, fault):
    monkeypatch.setattr(health, "_fault", lambda: fault)
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json() == {"ready": False, "database": fault, "migrations": "unknown"}


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no such setting")
@pytest.mark.django_db
def test_a_server_that_takes_no_writes_is_not_ready(client):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL transaction_read_only = on")
    assert client.get("/readyz").json()["database"] == "read-only"


def test_only_reading_is_answered(client):
    assert client.post("/healthz").status_code == 405


# Log lines


def line_for(message="hello", **extra):
    record = logging.LogRecord("kb", logging.INFO, __file__, 1, message, (), None)
    record.__dict__.update(extra)
    log.RequestIdFilter().filter(record)
    return log.JsonFormatter().format(record)


def test_a_log_entry_is_one_line_whatever_it_says():
    line = line_for('a\n{"level": "ERROR"}', path="/x\ny", status=200)
    assert "\n" not in line
    assert json.loads(line)["message"] == 'a\n{"level": "ERROR"}'


def test_a_log_entry_carries_the_request_id():
    token = log.request_id.set("abc")
    assert json.loads(line_for())["request"] == "abc"
    log.request_id.reset(token)
    assert json.loads(line_for())["request"] == "-"


def test_a_usable_request_id_is_kept_and_another_is_replaced(client):
    assert client.get("/healthz", headers={"X-Request-ID": "0123-abcd"}).headers["X-Request-ID"] == "0123-abcd"
    for bad in ("short", "x" * 65, "with space", "line\nbreak1"):
        assert client.get("/healthz", headers={"X-Request-ID": bad}).headers["X-Request-ID"] != bad


def test_the_request_line_names_neither_query_nor_visitor(client, caplog):
    with caplog.at_level(logging.INFO, "kb.request"):
        client.get("/no-such-page/?q=secret", REMOTE_ADDR="192.0.2.7")
    (record,) = [r for r in caplog.records if r.name == "kb.request"]
    assert (record.path, record.status) == ("/no-such-page/", 404)
    assert "secret" not in str(record.__dict__)
    assert "192.0.2.7" not in record.getMessage()
