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
from tests.content import put, rows_of_the_run, undone
from tests.desk import draft, editor, paraguay, published, reviewer  # noqa: F401  (fixtures)
from tests.desktops import desk  # noqa: F401  (fixture)
from tests.door import required  # noqa: F401  (a fixture)

DATABASE_FIXTURES = {"db", "transactional_db", "live_server", "content_rows"}


# The modules that take longest go first, lest a long one come last and leave a core idle. The first asks for no content while
# the one beside it loads it: on SQLite the second of them, on PostgreSQL, where nothing of appearance runs, the third.
LONGEST = (
    "interleavings",
    "axe",
    "browser_editing",
    "browser_typing",
    "bad_input",
    "budgets",
    "proposals",
    "leaks",
    "visibility",
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


@pytest.fixture(scope="session", autouse=True)
def garbage_is_collected_as_on_the_server():
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
def content_rows(django_db_setup, django_db_blocker, tmp_path_factory, worker_id):
    """The rows of the published content, read once a run."""
    own = tmp_path_factory.getbasetemp()
    with django_db_blocker.unblock():
        return rows_of_the_run(own if worker_id == "master" else own.parent)


@pytest.fixture(scope="module")
def content(content_rows, django_db_blocker):
    """The published content for all tests of a module, in a transaction around them: each test undoes its own changes.

    A test with its own transactions (a live server, threads) asks for ``live_content``, in another module.
    """
    with undone(django_db_blocker):
        put(content_rows)
        yield


@pytest.fixture
def live_content(content_rows, transactional_db):
    """The published content, committed; the test's own clean-up empties the tables again."""
    put(content_rows)
