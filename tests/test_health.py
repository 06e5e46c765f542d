"""The two addresses a supervisor asks, and the log line of a request."""

import json
import logging

import pytest
from django.db import OperationalError
from django.db.migrations.recorder import MigrationRecorder

from kb import log


def test_alive_without_a_database(client):
    answer = client.get("/healthz")
    assert (answer.status_code, answer.content) == (200, b"ok\n")
    assert "no-store" in answer.headers["Cache-Control"]


@pytest.mark.django_db
def test_ready_with_the_database_and_its_migrations(client):
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (200, {"ready": True, "database": "ok", "migrations": "applied"})


@pytest.mark.django_db
def test_one_query_is_enough(client, django_assert_max_num_queries):
    client.get("/readyz")
    with django_assert_max_num_queries(2):  # the table's name, then its rows
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
