"""Measures the site on generated data in throw-away databases, SQLite and a PostgreSQL made for the occasion.

`make bench` runs it; `python -m bench editing` runs one of the measures alone. Printed are medians in milliseconds by the clock
and of this process, the number of queries, and each as a share of its limit where there is one; the figures of a busy machine
are worth their ratios only.
"""

import argparse
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MEASURES = ("compare", "editing", "indexing", "loading", "serving")
DATABASES = ("SQLite", "PostgreSQL")
SIZES = {"": (200, 10_000), "L": (200, 10_000, 100_000)}


def main():
    """Run the measures asked for on both databases."""
    arguments = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    arguments.add_argument(
        "measures", nargs="*", metavar="MEASURE", help=f"Which to run: {', '.join(MEASURES)}; all if none."
    )
    arguments.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    arguments.add_argument("--agreements", type=int, default=10_000, help="How many to generate for the comparison.")
    arguments.add_argument("--sizes", type=int, nargs="*", help="How many agreements the servers are measured with.")
    arguments.add_argument(
        "--databases", nargs="*", choices=DATABASES, default=DATABASES, help="Where the servers are measured."
    )
    given = arguments.parse_args()
    if unknown := set(given.measures) - set(MEASURES):
        arguments.error(f"unknown: {', '.join(sorted(unknown))}; there are {', '.join(MEASURES)}")
    if not given.here:
        # So that an end from outside also ends what was started.
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
        if not given.measures or "serving" in given.measures:
            from bench.serving import measure_all

            measure_all(given.sizes or SIZES[os.environ.get("SIZE", "")], given.databases)
        if given.measures == ["serving"]:
            return None
    if given.here:
        return measure(given.measures, given.agreements)
    from tests.run import postgresql, postgresql_binaries

    with tempfile.TemporaryDirectory() as folder:
        run("SQLite", f"sqlite:///{folder}/bench.sqlite3", folder)
        binaries = postgresql_binaries()
        if binaries is None:
            print("left out: PostgreSQL: initdb and postgres not found")
            return
        with postgresql(binaries) as url:
            # The database that a new cluster has.
            run("PostgreSQL", f"{url.rpartition('/')[0]}/postgres", folder)


def run(title, url, folder):
    print(f"\n== {title} ==", flush=True)
    command = [sys.executable, "-m", "bench", "--here", *sys.argv[1:]]
    environment = os.environ | {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "kb.settings", "CONCORDANCE_VAR": folder}
    subprocess.run(command, env=environment, cwd=ROOT, check=True)


def measure(measures, agreements):
    """The measures, in the database that the environment names."""
    import logging

    import django

    django.setup()
    logging.disable(logging.CRITICAL)
    from django.core.management import call_command
    from django.test.utils import override_settings

    from bench import compare, editing, indexing, loading
    from kb.ops.garbage_collection import collect_rarely
    from sources.lib.planner_statistics import take_statistics

    collect_rarely()  # as the server does
    storage = {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
    with override_settings(STORAGES=storage, ALLOWED_HOSTS=["*"]):
        call_command("migrate", verbosity=0)
        # The small one first: it is measured in a database that holds little else.
        if not measures or "editing" in measures:
            editing.report()
        if not measures or "indexing" in measures:
            indexing.report()
        if not measures or "loading" in measures:
            loading.report()
        if not measures or "compare" in measures:
            started = time.perf_counter()
            slugs = compare.generate(agreements)
            take_statistics()
            print(f"{agreements} agreements generated in {time.perf_counter() - started:.0f} s", flush=True)
            compare.report(slugs)


if __name__ == "__main__":
    main()
