"""A save that meets a full disk, a base that can only be read, or none at all: nothing is saved, and the editor is told so."""

import sqlite3
from contextlib import contextmanager

import pytest
from django.db import OperationalError, connection, transaction

from agreements.models import Agreement
from sources.models import Source
from tests.desk import fresh, in_bulk, verb
from tests.factory import make_source
from tests.forms import add_form, address, forms_of, open_form, said

pytestmark = pytest.mark.django_db
READER = "The collection cannot be read just now"


@contextmanager
def read_only():
    """The database itself refuses to write, as on a disk that can only be read."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA query_only = 1")
        try:
            yield
        finally:
            with connection.cursor() as cursor:
                cursor.execute("PRAGMA query_only = 0")
    else:
        with transaction.atomic():  # the rollback also undoes its settings
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL transaction_read_only = on")
            yield
            transaction.set_rollback(True)


class Fault:
    """``with fault:`` each write to a table of the trail fails as the driver of the database says it."""

    def __init__(self, code=None, sqlstate=None, words="the disk said no", table="sources_revision"):
        cause = sqlite3.OperationalError(words) if code else Exception(words)
        cause.sqlite_errorcode, cause.sqlstate = code, sqlstate
        self.table, self.cause, self.words = table, cause, words
        if code is None:
            del cause.sqlite_errorcode

    def __call__(self, execute, sql, params, many, context):
        if f'INSERT INTO "{self.table}"' in sql:
            raise OperationalError(self.words) from self.cause
        return execute(sql, params, many, context)

    def __enter__(self):
        self.wrapper = connection.execute_wrapper(self)
        self.wrapper.__enter__()

    def __exit__(self, *error):
        self.wrapper.__exit__(*error)


FULL = {"code": sqlite3.SQLITE_FULL} if connection.vendor == "sqlite" else {"sqlstate": "53100"}


def save_with(editor, record, fault):
    form = open_form(editor, record)
    form["title"], form["note"] = "Typed with care", "Two lines\nof a note"
    with fault:
        return form.post()


@pytest.mark.parametrize(
    ("fault", "status", "words"),
    [
        (FULL, 507, "The disk of the server is full"),
        ({"code": sqlite3.SQLITE_FULL | 1 << 8}, 507, "The disk of the server is full"),
        ({"code": sqlite3.SQLITE_BUSY}, 503, "The database was busy for too long"),
        ({"sqlstate": "40P01"}, 503, "The database was busy for too long"),
        ({"code": sqlite3.SQLITE_READONLY}, 503, "can only be read just now"),
        ({"sqlstate": "08006", "words": "server closed the connection"}, 503, "The database did not answer"),
    ],
)
def test_the_editor_is_told_that_nothing_was_saved_and_why(editor, draft, fault, status, words):
    answer = save_with(editor, draft, Fault(**fault))
    page = answer.content.decode()
    assert answer.status_code == status
    assert int(answer["Retry-After"]) > 0
    assert "Nothing was saved" in page
    assert words in page
    assert READER not in page
    assert "server closed" not in page
    assert fresh(draft).title == "The agreement"
    assert draft.revisions.count() == 1


def test_typing_is_given_back_and_sent_again_unchanged(editor, draft):
    answer = save_with(editor, draft, Fault(**FULL))
    assert "Typed with care" in answer.content.decode()
    again = forms_of(answer)[address(draft)]
    assert "kept-" not in answer.content.decode(), "the browser keeps its own copy"
    assert "Saved." in said(editor.post(address(draft), again, follow=True))
    record = fresh(draft)
    assert (record.title, record.note) == ("Typed with care", "Two lines\nof a note")
    assert record.revisions.count() == 2


def test_it_joins_what_was_saved_meanwhile_when_it_is_sent_again(editor, reviewer, draft):
    answer = save_with(editor, draft, Fault(**FULL))
    other = open_form(reviewer, draft)
    other["short_title"] = "Bob's"
    other.post()
    editor.post(address(draft), forms_of(answer)[address(draft)])
    record = fresh(draft)
    assert (record.title, record.short_title) == ("Typed with care", "Bob's")


def test_a_base_that_can_only_be_read_says_so_itself(editor, draft):
    """No fault is put in here: the database is told to refuse, and its own refusal is answered."""
    form = open_form(editor, draft)
    form["title"] = "Typed with care"
    with read_only():
        answer = form.post()
        page = answer.content.decode()
    assert answer.status_code == 503
    assert "can only be read just now" in page
    assert "Typed with care" in page
    assert READER not in page


@pytest.mark.skipif(connection.vendor != "sqlite", reason="only SQLite can be given a small disk")
@pytest.mark.django_db(transaction=True)
def test_a_disk_that_is_full_says_so_itself(editor, draft):
    form = open_form(editor, draft)
    form["note"] = "word " * 40_000
    with connection.cursor() as cursor:
        # Pages that earlier tests left free would take the note in: they are given back first.
        cursor.execute("VACUUM")
        pages = cursor.execute("PRAGMA page_count").fetchone()[0]
        cursor.execute(f"PRAGMA max_page_count = {pages + 2}")
    try:
        answer = form.post()
        assert answer.status_code == 507
        assert "The disk of the server is full" in answer.content.decode()
    finally:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA max_page_count = 4294967294")
    assert fresh(draft).note == ""


def test_a_new_record_is_given_back_as_well(editor):
    form = add_form(editor, Agreement)
    form["slug"], form["title"], form["type"] = "new-one", "A new one", "sofa"
    with Fault(**FULL):
        answer = form.post()
    assert answer.status_code == 507
    assert not Agreement.objects.exists()
    editor.post("/admin/agreements/agreement/add/", forms_of(answer)["/admin/agreements/agreement/add/"])
    assert Agreement.objects.get().title == "A new one"


def test_the_conflict_screen_is_given_back_with_its_choices(editor, reviewer, draft):
    one, other = open_form(editor, draft), open_form(reviewer, draft)
    one["title"], other["title"] = "Alice's title", "Bob's title"
    one.post()
    settle = address(draft, "settle")
    kept = forms_of(other.post())[settle]
    with Fault(**FULL):
        answer = reviewer.post(settle, {**kept, "side:title": "mine"})
    assert answer.status_code == 507
    reviewer.post(settle, forms_of(answer)[settle])
    assert fresh(draft).title == "Bob's title"


@pytest.mark.parametrize("table", ["sources_review", "django_admin_log"])
def test_a_step_is_taken_whole_or_not_at_all(reviewer, draft, table):
    with Fault(**FULL, table=table):
        answer = verb(reviewer, draft, "publish")
    assert answer.status_code == 507
    assert fresh(draft).status == "draft"
    assert not draft.reviews.exists()


def test_a_save_whose_log_cannot_be_written_is_no_save(editor, draft):
    answer = save_with(editor, draft, Fault(**FULL, table="django_admin_log"))
    assert answer.status_code == 507
    assert fresh(draft).title == "The agreement"


def test_many_at_once_say_which_were_done(reviewer):
    sources = [make_source(slug=f"report-{n}", title=f"Report {n}") for n in range(3)]
    written = []

    def second_fails(execute, sql, params, many, context):
        if 'INSERT INTO "sources_review"' in sql:
            written.append(sql)
            if len(written) == 2:
                raise OperationalError("the disk said no")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(second_fails):
        answer = in_bulk(reviewer, "withdraw_selected", *sources, reason="Forgeries.")
    assert "1 record: withdrawn" in said(answer)
    assert "were not changed" in said(answer)
    assert Source.objects.filter(status="withdrawn").count() == 1


def test_no_password_goes_into_the_page(carol, client):
    from tests.cast import sign_in

    admin = sign_in(carol)
    secret = "correct-horse-battery"
    fields = {"username": "dora", "role": "editor", "password1": secret, "password2": secret, "usable_password": "true"}
    with Fault(**FULL, table="auth_user"):
        answer = admin.post("/admin/auth/user/add/", fields)
    assert answer.status_code == 507
    assert "dora" in answer.content.decode()
    assert secret not in answer.content.decode()


def test_a_reader_is_told_what_readers_are_told(draft, client):
    with Fault(**FULL, table="axes_accessattempt"):
        answer = client.post("/admin/login/", {"username": "nobody", "password": "wrong"})
    assert "Nothing was saved" not in answer.content.decode()
