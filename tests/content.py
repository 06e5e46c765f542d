"""The published content in a test database: loaded from the fixtures once a run, then put as rows into a database of its own.

Loading checks every fact and takes its time; rows go in within seconds; and to turn to another database takes none. That of the other
tests stays empty, so that they count their own records only.
"""

import fcntl
import pickle
from contextlib import contextmanager
from pathlib import Path

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.core.management.color import no_style
from django.db import connection, transaction

from sources.lib.planner_statistics import take_statistics
from sources.records import fixtures

FOLDER = Path(__file__).resolve().parent.parent / "fixtures"
APPS = ("people", "agreements", "sources")


@contextmanager
def undone(blocker):
    """A transaction around the tests of a module, undone at its end."""
    with blocker.unblock():
        around = transaction.atomic()
        # As TestCase marks its own, so that code which insists on the outermost transaction runs.
        around._from_testcase = True
        with around:
            yield
            transaction.set_rollback(True)


@contextmanager
def rolled_back():
    """A transaction within a test, undone at its end."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def copy_of_the_database():
    """The name of a second database, as it was made and with nothing in it; nobody may be connected to the first."""
    connection.close()
    connection.creation.clone_test_db("content", verbosity=0)
    return connection.creation.get_test_db_clone_settings("content")["NAME"]


def drop(name):
    connection.creation._destroy_test_db(name, verbosity=0)


@contextmanager
def turned_to(name):
    """The connection, and all that threads open, lead to the database of that name."""
    own = connection.settings_dict["NAME"]
    _lead_to(name)
    try:
        yield
    finally:
        _lead_to(own)


def _lead_to(name):
    assert not connection.in_atomic_block, "a fixture of the same module is in the middle of its transaction"
    connection.close()
    connection.settings_dict["NAME"] = name
    # Emptying one of the databases gave its content types new keys.
    ContentType.objects.clear_cache()


def models():
    """Every model that the fixtures fill, with the tables between many and many."""
    return [model for app in APPS for model in apps.get_app_config(app).get_models(include_auto_created=True)]


def counts():
    """``{model: rows}``."""
    return {model.__name__: model.objects.count() for model in models()}


def loaded_rows(folder=FOLDER):
    """``{table: (columns, rows)}`` after a load, which is undone."""
    with rolled_back():
        report = fixtures.load(folder)
        assert not report.kept and not report.updated
        return {model._meta.db_table: read(model) for model in models()}


def rows_of_the_run(folder):
    """``loaded_rows``, made by whichever worker of the run needs them first and left in ``folder`` for the others."""
    made = folder / "content.pickle"
    with open(folder / "content.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            made.write_bytes(pickle.dumps(loaded_rows()))
    return pickle.loads(made.read_bytes())  # noqa: S301  (of our own making)


def read(model):
    columns = [field.column for field in model._meta.concrete_fields]
    quoted = ", ".join(connection.ops.quote_name(column) for column in columns)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {quoted} FROM {connection.ops.quote_name(model._meta.db_table)}")
        return columns, _with_types(model, cursor.fetchall(), {pk: name for name, pk in content_types().items()})


def put(rows):
    """Bring the rows into the empty tables; numbering goes on after them."""
    with transaction.atomic():
        types = content_types()
        for model in models():
            columns, values = rows[model._meta.db_table]
            insert(model, columns, _with_types(model, values, types))
        go_on_numbering()
        take_statistics()
        # Once, here; else each test looks at all of them again at its end.
        connection.check_constraints()
    know_content_types()


def know_content_types():
    """As after a server's first request."""
    ContentType.objects.get_for_models(*models())


def insert(model, columns, values):
    names = ", ".join(connection.ops.quote_name(column) for column in columns)
    marks = ", ".join(["%s"] * len(columns))
    table = connection.ops.quote_name(model._meta.db_table)
    if values:
        with connection.cursor() as cursor:
            cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", values)


def go_on_numbering():
    """Rows to come get numbers after those that were brought in."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), models()):
            cursor.execute(statement)


def content_types():
    """``{(app, model): key}``: emptying the database after a live test gives the content types new keys."""
    return {(app, model): pk for pk, app, model in ContentType.objects.values_list("pk", "app_label", "model")}


def _with_types(model, rows, translation):
    """Rows with their content types put into other words: keys into names, or names into keys."""
    places = {at for at, field in enumerate(model._meta.concrete_fields) if field.related_model is ContentType}
    if not places:
        return rows
    return [tuple(translation.get(value) if at in places else value for at, value in enumerate(row)) for row in rows]
