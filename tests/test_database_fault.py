"""The database goes away in the middle of a request: 503 and no traceback, and the next request is served."""

import sqlite3

import pytest
from django.db import DatabaseError, InterfaceError, OperationalError, connection, connections
from django.test import Client

from kb.ops.health import is_outage
from kb.ops.log import RequestIdFilter
from people.models import Person
from tests.factory import make_person

PAGE, API = "/people/ana-pena/", "/api/v1/people/ana-pena/"


@pytest.fixture
def person(db):
    return make_person(slug="ana-pena", status="published")


@pytest.fixture
def broken(person, monkeypatch):
    """Every look at a table fails, as when the server went away; ``broken.undo()`` brings it back."""

    def lose(execute, sql, *arguments):
        if sql.startswith("SELECT"):
            raise OperationalError("server closed the connection unexpectedly")
        return execute(sql, *arguments)

    with monkeypatch.context() as patch:
        patch.setattr(connections["default"], "execute_wrappers", [lose])
        yield patch


@pytest.mark.parametrize("debug", [False, True])
def test_a_page_is_503_and_says_when_to_come_back(broken, settings, debug):
    settings.DEBUG = debug
    client = Client()
    answer = client.get(PAGE)
    assert answer.status_code == 503
    assert int(answer["Retry-After"]) > 0
    text = answer.content.decode()
    assert "Traceback" not in text
    assert "server closed" not in text
    assert "try again" in text
    broken.undo()
    assert client.get(PAGE).status_code == 200


def test_the_api_answers_with_a_problem_document(broken):
    answer = Client().get(API)
    assert answer.status_code == 503
    assert answer["Content-Type"] == "application/problem+json"
    assert answer["Retry-After"]
    assert answer.json()["status"] == 503


def test_every_line_about_a_503_names_its_request(broken, caplog):
    ids = RequestIdFilter()
    caplog.handler.addFilter(ids)
    answer = Client().get(PAGE)
    caplog.handler.removeFilter(ids)
    lines = [record for record in caplog.records if "kb." in record.name or record.name.startswith("django.")]
    assert {record.name for record in lines} >= {"kb.request", "django.request"}
    assert {record.request_id for record in lines} == {answer["X-Request-ID"]}


def test_an_outage_before_the_view_is_answered_alike(person, monkeypatch):
    def lose(self, key):
        raise InterfaceError("connection already closed")

    monkeypatch.setattr("django.contrib.sessions.backends.db.SessionStore.load", lambda self: lose(self, ""))
    client = Client(raise_request_exception=False)
    client.cookies["sessionid"] = "x" * 32
    assert client.get("/admin/").status_code == 503


def test_our_own_mistake_is_no_outage(db):
    with pytest.raises(Exception) as caught, connection.cursor() as cursor:
        cursor.execute("SELECT * FROM no_such_table")
    assert not is_outage(caught.value)


def test_a_full_disk_or_a_long_lock_is_an_outage():
    for code in (sqlite3.SQLITE_FULL, sqlite3.SQLITE_BUSY, sqlite3.SQLITE_IOERR):
        cause = sqlite3.OperationalError("…")
        cause.sqlite_errorcode = code
        fault = OperationalError("…")
        fault.__cause__ = cause
        assert is_outage(fault)


@pytest.mark.parametrize("code", [sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT_INDEX])
def test_a_damaged_file_is_an_outage_and_no_fault_of_ours(code):
    cause = sqlite3.DatabaseError("database disk image is malformed")
    cause.sqlite_errorcode = code
    fault = DatabaseError("database disk image is malformed")
    fault.__cause__ = cause
    assert is_outage(fault)


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no server to lose")
@pytest.mark.django_db(transaction=True)
def test_a_terminated_connection_costs_one_request():
    make_person(slug="ana-pena", status="published")
    client = Client()
    assert client.get(PAGE).status_code == 200
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (pid,) = cursor.fetchone()
    other = connections.create_connection("default")
    with other.cursor() as cursor:
        # True waits until the backend is gone.
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
        assert cursor.fetchone() == (True,)
    other.close()

    # The test client keeps the server from closing old connections between requests; the health check is ours to ask.
    lost = client.get(PAGE)
    assert lost.status_code == 503
    assert lost["Retry-After"]
    connection.close_if_unusable_or_obsolete()
    assert client.get(PAGE).status_code == 200


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no server to lose")
@pytest.mark.django_db(transaction=True)
def test_a_lost_write_leaves_nothing_half_written():
    from django.db import transaction

    person = make_person(slug="ana-pena")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (pid,) = cursor.fetchone()
    other = connections.create_connection("default")

    with pytest.raises((OperationalError, InterfaceError)), transaction.atomic():
        person.submit(by=None)
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
        person.publish(by=None)
    other.close()

    connection.close()
    person = Person.objects.get(slug="ana-pena")
    assert person.status == "draft"
    assert not person.reviews.exists()
