"""Databases with generated content: SQLite files are kept below the temporary folder until the code that makes them changes."""

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from bench.serving.servers import ROOT, SECRET

# The code that decides what the content is.
MAKERS = ("*/migrations/*.py", "kb/generating/*.py", "sources/records/**/*.py", "*/models/*.py", "people/models.py")


def home():
    """Where files are kept: a folder that only this account can read."""
    folder = Path(tempfile.gettempdir(), f"concordance-bench-{os.getuid()}")
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder


def sqlite(size):
    """The address of a SQLite file with so many agreements, made if it is not there."""
    digest = hashlib.sha256()
    for path in sorted({path for pattern in MAKERS for path in ROOT.glob(pattern)}):
        digest.update(path.read_bytes())
    file = home() / f"{size}-{digest.hexdigest()[:12]}.sqlite3"
    if not file.exists():
        for old in home().glob(f"{size}-*.sqlite3*"):
            old.unlink()
        making = file.with_suffix(".making")
        making.unlink(missing_ok=True)
        fill(f"sqlite:///{making}", size)
        shutil.move(making, file)
    return f"sqlite:///{file}"


def postgresql(cluster, size):
    """The address of a database with so many agreements in a throw-away cluster."""
    import psycopg

    server = cluster.rpartition("/")[0]
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE bench_{size}")
    url = f"{server}/bench_{size}"
    fill(url, size)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("VACUUM (ANALYZE)")
    return url


def fill(url, size):
    """Migrate the database at ``url``, generate its content, and make all forms anew that later records made stale."""
    for command in (["migrate", "--verbosity", "0"], ["generate", "--agreements", str(size)], ["refresh_public"]):
        subprocess.run([sys.executable, "manage.py", *command], cwd=ROOT, env=environment(url), check=True)
    if url.startswith("sqlite"):
        _at_rest(url.removeprefix("sqlite:///"))


def _at_rest(file):
    """One file, without the log that lies beside it."""
    import sqlite3

    with sqlite3.connect(file) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()


def environment(url):
    return os.environ | {"DATABASE_URL": url, "CONCORDANCE_VAR": str(home()), "SECRET_KEY": SECRET}


def content_of(url):
    """What tasks ask for by name: see ``bench.serving.facts``."""
    import orjson

    command = [sys.executable, "-m", "bench.serving.facts"]
    answer = subprocess.run(command, cwd=ROOT, env=environment(url), check=True, stdout=subprocess.PIPE).stdout
    # Datasette names a database by its file.
    return {**orjson.loads(answer.splitlines()[-1]), "database": Path(url).stem}
