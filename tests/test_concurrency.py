"""Eight writers and sixteen readers at once: nothing is lost, nobody reads half a change, and the database is never locked."""

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from django.db import close_old_connections, connection, connections, transaction
from django.test import Client
from django.utils import timezone

from agreements.models import Agreement
from people.models import Person
from sources.lib import locks
from sources.models import Presence, Revision, Version
from sources.records import dossier
from tests import factory
from tests.cast import sign_in
from tests.forms import address

pytestmark = pytest.mark.django_db(transaction=True)
on_sqlite = pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL lets writers of other rows go on")
WRITERS, READERS, ROUNDS = 8, 16, 3
# A publication grades and freezes the whole record; on SQLite each waits for the ones before it.
PUBLICATIONS = 1


def at_once(*jobs):
    """Run each job in a thread of its own, all started together; returns their results, raises their first error."""
    start = threading.Barrier(len(jobs))

    def run(job):
        close_old_connections()
        try:
            start.wait(timeout=60)
            return job()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(jobs)) as pool:
        return list(pool.map(run, jobs))


def reader(address, answers):
    """Ask again and again; every answer must be whole."""

    def read():
        client = Client(raise_request_exception=False)
        for _round in range(ROUNDS):
            answer = client.get(address)
            answers.append(
                (answer.status_code, answer.json() if answer.headers["Content-Type"] == "application/json" else None)
            )

    return read


def add_names(slug, writer):
    """One editor adds names to a person, one save each."""

    def write():
        for number in range(ROUNDS):
            with transaction.atomic():
                person = Person.objects.select_for_update().get(slug=slug)
                state = person.dossier()
                state.setdefault("other_names", []).append({"name": f"Name {writer} {number}"})
                dossier.write(person, state)
                person.note_revision(by=None, comment=f"{writer} {number}")

    return write


def test_eight_writers_on_one_record_lose_nothing():
    factory.make_person(slug="ana")
    at_once(*(add_names("ana", writer) for writer in range(WRITERS)))
    names = {name.name for name in Person.objects.get(slug="ana").other_names.all()}
    assert names == {f"Name {writer} {number}" for writer in range(WRITERS) for number in range(ROUNDS)}
    revisions = Revision.objects.filter(comment__regex=r"^\d \d$")
    assert sorted(revisions.values_list("number", flat=True)) == list(range(2, 2 + WRITERS * ROUNDS))


def test_sixteen_readers_beside_eight_writers_see_whole_records():
    factory.make_agreement(slug="one", status="published")
    answers = []
    readers = [reader("/api/v1/agreements/?count=true&include=citations,facts", answers) for _number in range(READERS)]
    at_once(*readers, *(publish_some(writer) for writer in range(WRITERS)))
    assert len(answers) == READERS * ROUNDS
    assert {status for status, _body in answers} == {200}
    for _status, body in answers:
        assert all(fact["state"] == "supported" for row in body["results"] for fact in row["facts"])
    assert Agreement.objects.published().count() == 1 + WRITERS * PUBLICATIONS
    assert Version.objects.count() >= 1 + WRITERS * PUBLICATIONS


def publish_some(writer):
    def write():
        for number in range(PUBLICATIONS):
            with transaction.atomic():
                factory.make_agreement(
                    slug=f"agreement-{writer}-{number}", title=f"Agreement {writer} {number}", status="published"
                )

    return write


def test_only_one_of_eight_publishers_publishes():
    record = factory.make_agreement(slug="contended", status="in_review")

    def publish():
        from sources.records.status import VerbRefused

        with transaction.atomic():
            row = Agreement.objects.select_for_update().get(pk=record.pk)
            if row.status == "published":
                return "late"
            try:
                row.publish(by=None)
            except VerbRefused:
                return "refused"
            return "published"

    done = at_once(*[publish] * WRITERS)
    assert sorted(done) == ["late"] * (WRITERS - 1) + ["published"]
    assert record.reviews.filter(verb="publish").count() == 1


def test_a_withdrawal_is_seen_by_the_next_request():
    record = factory.make_agreement(slug="short-lived", status="published")
    client = Client()
    assert client.get("/api/v1/agreements/short-lived/").status_code == 200
    at_once(lambda: Agreement.objects.get(pk=record.pk).withdraw(by=None, reason="Wrong."))
    assert client.get("/api/v1/agreements/short-lived/").status_code == 410
    assert client.get("/api/v1/agreements/").json()["results"] == []


# A long write on SQLite


@contextmanager
def long_write():
    """Somebody writes for as long as the block lasts."""
    started, done = threading.Event(), threading.Event()

    def write():
        with transaction.atomic():
            Person.objects.update(updated_at=timezone.now())
            started.set()
            done.wait(timeout=60)
        connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        writing = pool.submit(write)
        assert started.wait(timeout=60)
        try:
            yield
        finally:
            done.set()
            writing.result()


def waits(monkeypatch):
    """The seconds that statements were allowed to wait for the lock, in order."""
    allowed, wait = [], locks._wait
    monkeypatch.setattr(locks, "_wait", lambda seconds: (allowed.append(seconds), wait(seconds)))
    return allowed


@on_sqlite
def test_a_report_of_presence_gives_up_at_once_and_answers(alice, monkeypatch):
    record = factory.make_person(slug="ana", by=alice)
    editor = sign_in(alice)
    allowed = waits(monkeypatch)
    with long_write():
        answer = editor.post(address(record, "presence"))
        assert (answer.status_code, answer.json()) == (200, {"others": []})
        assert not Presence.objects.exists()
    assert allowed == [0, 20]
    # Once the writer is done it is noted again.
    editor.post(address(record, "presence"))
    assert Presence.objects.count() == 1


@on_sqlite
def test_a_form_waits_for_nobody_and_a_preview_a_moment(alice, monkeypatch):
    record = factory.make_person(slug="ana", by=alice)
    editor = sign_in(alice)
    allowed = waits(monkeypatch)
    monkeypatch.setattr("sources.desk.record_admin.DRAWING", 0.01)
    with long_write():
        assert editor.get(address(record)).status_code == 200
        answer = editor.post(address(record, "preview"))
        assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert allowed == [0.01, 20]
    assert editor.post(address(record, "preview")).status_code == 200


def test_readers_are_served_beside_a_long_write():
    factory.make_person(slug="ana", status="published")
    with long_write():
        for page in ("/", "/people/ana/", "/api/v1/people/ana/", "/readyz"):
            assert Client().get(page).status_code == 200
