"""The ground of every test: a database like the real one, a clean cache, no throttle, no collected files."""

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.db.backends.base.operations import BaseDatabaseOperations
from django.test import override_settings
from rest_framework.throttling import SimpleRateThrottle

from kb.ops.garbage_collection import collect_rarely
from sources.history import trail_triggers
from tests.browser import browser, page  # noqa: F401  (fixtures)
from tests.cases import case, subtests  # noqa: F401  (fixtures)
from tests.cast import alice, bob, carol, victor  # noqa: F401  (fixtures)
from tests.content import copy_of_the_database, drop, know_content_types, put, rows_of_the_run, turned_to, undone
from tests.desk import draft, editor, paraguay, published, reviewer  # noqa: F401  (fixtures)
from tests.desktops import desk  # noqa: F401  (fixture)
from tests.door import required  # noqa: F401  (a fixture)
from tests.reading import read  # noqa: F401  (a fixture)

DATABASE_FIXTURES = {"db", "transactional_db", "live_server", "content_rows"}


# The modules that take longest go first, lest a long one come last and leave a core idle. The first asks for no content while
# the one beside it loads it: on SQLite the second of them, on PostgreSQL, where nothing of appearance runs, the third.
LONGEST = (
    "interleavings",
    "axe",
    "browser_editing",
    "browser_typing",
    "status_everywhere",
    "bulk",
    "admin_keys",
    "store_random",
    "shown",
    "tables",
    "store_at_once",
    "viewers",
    "fixtures",
    "bad_input",
    "budgets",
    "proposals",
    "leaks",
    "visibility",
    "migrations",
    "settings",
    "adding_a_kind",
)


def pytest_collection_modifyitems(config, items):
    """Puts long modules first. A test that asks no database says the same twice: it runs with the first one, SQLite, alone."""
    places = {f"tests/test_{name}.py": place for place, name in enumerate(LONGEST)}
    items.sort(key=lambda item: places.get(item.nodeid.partition("::")[0], len(places)))
    if not settings.DATABASES["default"]["ENGINE"].endswith("postgresql"):
        return
    once = [
        item for item in items if not (item.get_closest_marker("django_db") or DATABASE_FIXTURES & {*item.fixturenames})
    ]
    config.hook.pytest_deselected(items=once)
    items[:] = [item for item in items if item not in set(once)]


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix, tmp_path_factory):
    """On SQLite, a file for each worker: in memory there is no WAL, and all threads would share one connection."""
    database = settings.DATABASES["default"]
    if database["ENGINE"].endswith("sqlite3"):
        database["TEST"]["NAME"] = str(tmp_path_factory.mktemp("database") / "test.sqlite3")


@pytest.fixture(scope="module", autouse=True)
def garbage_is_collected_as_on_the_server():
    """Once a module: what migrations and the content left behind would be looked through at each load of fixtures."""
    collect_rarely()


@pytest.fixture(scope="session", autouse=True)
def test_settings():
    """Plain static files, since nothing is collected, and the quickest password hash."""
    storages = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    with override_settings(STORAGES=storages, PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
        yield


@pytest.fixture(scope="session", autouse=True)
def flush_may_empty_the_trail():
    """Between tests with transactions of their own every table is emptied; the guard steps aside for that alone."""
    flush = BaseDatabaseOperations.execute_sql_flush

    def unguarded_flush(self, sql_list):
        with transaction.atomic(using=self.connection.alias):
            trail_triggers.remove(self.connection)
            flush(self, sql_list)
            trail_triggers.install(self.connection)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(BaseDatabaseOperations, "execute_sql_flush", unguarded_flush)
        yield


@pytest.fixture(scope="session", autouse=True)
def unthrottled():
    """A crawl asks more often than a visitor may; the test of the throttle sets a rate of its own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(SimpleRateThrottle.THROTTLE_RATES, "anon", None)
        yield


@pytest.fixture(autouse=True)
def clean_cache():
    """What one test cached must not answer another."""
    cache.clear()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """The name of a second database, for the content: made first, while nobody else is connected to the one that is copied."""
    with django_db_blocker.unblock():
        name = copy_of_the_database()
    yield name
    with django_db_blocker.unblock():
        drop(name)


@pytest.fixture(scope="session")
def folder_of_the_run(tmp_path_factory, worker_id):
    """Where the workers of the run leave what all of them need."""
    own = tmp_path_factory.getbasetemp()
    return own if worker_id == "master" else own.parent


@pytest.fixture(scope="session")
def content_rows(django_db_setup, django_db_blocker, folder_of_the_run):
    """The rows of the published content, read once a run."""
    with django_db_blocker.unblock():
        return rows_of_the_run(folder_of_the_run)


@pytest.fixture(scope="session")
def content_database(content_rows, django_db_setup, django_db_blocker):
    """The name of the database that holds the published content, committed."""
    with django_db_blocker.unblock(), turned_to(django_db_setup):
        put(content_rows)
    return django_db_setup


@pytest.fixture(scope="module")
def content(content_database, django_db_blocker):
    """The published content for all tests of a module, in a transaction around them: each test undoes its own changes.

    A test with its own transactions (a live server, threads) asks for ``live_content``, in another module.
    """
    with django_db_blocker.unblock(), turned_to(content_database), undone(django_db_blocker):
        know_content_types()
        yield


@pytest.fixture
def live_content(content_rows, transactional_db):
    """The published content, committed; the test's own clean-up empties the tables again."""
    put(content_rows)
