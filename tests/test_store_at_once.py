"""The read store beside writers: whoever is killed, or comes between reading and writing, nothing stale is kept."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections, transaction

from agreements.models import Agreement
from sources.models import PublicForm
from sources.reading.store import checking, keeping, reading
from sources.records import dossier
from sources.records.base import record_models
from tests import factory, killed
from tests.killed import rename_organisation

pytestmark = pytest.mark.django_db(transaction=True)
READERS, WRITERS, ROUNDS = 4, 2, 3


@pytest.fixture
def treaty():
    factory.make_organisation(slug="ministry", name="A ministry", status="published")
    parties = [{"organisation": factory.make_state().slug}, {"organisation": "ministry"}]
    return factory.make_agreement(slug="treaty", status="published", parties=parties)


def served():
    return reading.form_of(Agreement, "treaty").form


def drop_the_form():
    """As if the treaty had never been read, with all that follows from its form."""
    with transaction.atomic():
        keeping.drop({PublicForm.objects.get(slug="treaty").key})


def in_another_thread(job):
    def run():
        try:
            return job()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(run).result()


def assert_nothing_wrong():
    assert checking.check()[1] == []


# Somebody comes between


def test_a_change_between_reading_and_writing_is_seen(treaty, monkeypatch):
    """The form is made of the old name; before it is kept, the new one is published. The treaty did not name the ministry in the
    form that was kept before, so that nothing but the counter tells."""
    drop_the_form()
    compose, names = reading.compose, iter(["The Chancery", "The Foreign Office"])

    def compose_and_be_late(model, keys):
        made = compose(model, keys)
        if name := next(names, None):
            in_another_thread(lambda: rename_organisation("ministry", name))
        return made

    monkeypatch.setattr(reading, "compose", compose_and_be_late)
    assert "The Foreign Office" in served()
    assert_nothing_wrong()


def test_a_change_that_is_not_committed_yet_lets_nobody_keep_a_form(treaty):
    drop_the_form()
    written, done = threading.Event(), threading.Event()

    def rename_slowly():
        with transaction.atomic():
            rename_organisation("ministry", "The Chancery")
            written.set()
            done.wait(timeout=60)

    thread = threading.Thread(target=lambda: in_another_thread(rename_slowly))
    thread.start()
    assert written.wait(timeout=60)
    assert "A ministry" in served()
    assert not PublicForm.objects.filter(slug="treaty").exists()
    done.set()
    thread.join()
    assert "The Chancery" in served()
    assert_nothing_wrong()


def test_readers_beside_writers_keep_nothing_stale(treaty):
    start = threading.Barrier(READERS + WRITERS)

    def read():
        start.wait(timeout=60)
        for _round in range(ROUNDS):
            for model in record_models():
                reading.cards_of(model.objects.published())

    def write(number):
        start.wait(timeout=60)
        for round_ in range(ROUNDS):
            rename_organisation(("pry", "ministry")[number], f"Name {number} {round_}")

    jobs = [read] * READERS + [lambda number=number: write(number) for number in range(WRITERS)]
    with ThreadPoolExecutor(len(jobs)) as pool:
        for result in [pool.submit(closing, job) for job in jobs]:
            result.result()
    assert_nothing_wrong()
    assert f"Name 1 {ROUNDS - 1}" in served()


def closing(job):
    try:
        return job()
    finally:
        connections.close_all()


# Somebody is killed


def test_whoever_is_killed_leaves_nothing_stale(treaty):
    factory.make_organisation(slug="chancery", name="A chancery", status="published")
    with killed.acts() as carried_out:
        for act in killed.ACTS:
            number = 1
            while (outcome := carried_out(act, number)) == "killed":
                assert_nothing_wrong()
                number += 1
            assert (act, outcome) == (act, "lived")
            assert number > 2, f"nobody was killed in the middle of: {act}"
            assert_nothing_wrong()
    for model in record_models():
        for record in model.objects.published():
            assert reading.form_of(model, record.slug).form.encode() == dossier.canonical(record.representation())
