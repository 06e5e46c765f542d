"""Released migrations stay as they are, and lead to the same database as all of them at once."""

import os
import subprocess
import sys
from contextlib import contextmanager

import pytest
from django.db import DEFAULT_DB_ALIAS, connections

from tests.released import LIST, ROOT, digest, last_released, migrations, released
from tests.schema import schema_of

OTHER = "released"


def test_a_released_migration_is_not_edited():
    present = migrations()
    edited = [name for name, kept in released().items() if name not in present or digest(present[name]) != kept]
    assert edited == [], f"add a migration instead; {LIST.name} is written at a release only"


def test_new_migrations_come_after_the_released_ones():
    last = last_released()
    new = [name for name in migrations() if name not in released()]
    assert [name for name in new if name.split("/")[1] < last[name.split("/")[0]]] == []


@contextmanager
def another_database(tmp_path):
    """An empty database beside that of the tests: yields its address for ``DATABASE_URL``; ``OTHER`` is the connection."""
    own = connections[DEFAULT_DB_ALIAS]
    if own.vendor == "sqlite":
        name = str(tmp_path / "released.sqlite3")
        yield from _connected(own, name, f"sqlite:///{name}")
        return
    name = f"{own.settings_dict['NAME']}_released"
    quoted = own.ops.quote_name(name)
    with own._nodb_cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {quoted}")
        cursor.execute(f"CREATE DATABASE {quoted}")
    try:
        yield from _connected(own, name, os.environ["DATABASE_URL"].rpartition("/")[0] + f"/{name}")
    finally:
        with own._nodb_cursor() as cursor:
            cursor.execute(f"DROP DATABASE {quoted}")


def _connected(own, name, url):
    connections.databases[OTHER] = {**own.settings_dict, "NAME": name}
    try:
        yield url
    finally:
        connections[OTHER].close()
        del connections[OTHER], connections.databases[OTHER]


def migrate(url, *arguments):
    command = [sys.executable, "manage.py", "migrate", "--noinput", "--verbosity", "0", *arguments]
    done = subprocess.run(command, cwd=ROOT, env={**os.environ, "DATABASE_URL": url}, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.django_db(databases="__all__", transaction=True)
def test_a_database_of_the_release_becomes_what_a_fresh_one_is(tmp_path, django_db_blocker):
    with another_database(tmp_path) as url:
        for app, name in last_released().items():
            migrate(url, app, name)
        migrate(url)
        with django_db_blocker.unblock():
            from_release, fresh = schema_of(OTHER), schema_of()
    assert from_release.keys() == fresh.keys() and all(fresh.values())
    assert {kind: rows ^ from_release[kind] for kind, rows in fresh.items() if rows != from_release[kind]} == {}
