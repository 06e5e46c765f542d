"""Acts of an editor whose process is killed before one of its writes.

Run as a program of its own, it takes an act and a number a line and answers “lived” or “killed”. A test process cannot fork by itself:
its browser's event loop and its connections would come along.
"""

import contextlib
import os
import signal
import subprocess
import sys

from django.db import connection

WRITES = ("INSERT", "UPDATE", "DELETE", "COMMIT", "RELEASE")


def publish():
    _agreement("treaty").publish(by=None)


def rename():
    rename_organisation("ministry", "The Chancery")


def rename_organisation(slug, name):
    _write(_organisation(slug), name=name)


def grade():
    from sources.models import Source

    _write(Source.objects.get(slug="the-source"), reliability="D")


def merge():
    _organisation("ministry").merge(_organisation("chancery"), by=None)


def withdraw():
    _organisation("chancery").withdraw(by=None, reason="Wrong.")


def read():
    from sources.reading.store import reading

    reading.refresh_stale()


ACTS = {act.__name__: act for act in (publish, rename, grade, merge, withdraw, read)}


def _agreement(slug):
    from agreements.models import Agreement

    return Agreement.objects.get(slug=slug)


def _organisation(slug):
    from people.models import Organisation

    return Organisation.objects.get(slug=slug)


def _write(row, **changes):
    from django.db import transaction

    from sources.records import dossier

    with transaction.atomic():
        row = type(row).objects.select_for_update().get(pk=row.pk)
        dossier.write(row, {**row.dossier(), **changes})
        row.publish(by=None)


class Killer:
    """Counts the writes of a connection, and kills the process before one of them."""

    def __init__(self, number):
        self.left = number

    def __call__(self, execute, sql, params, many, context):
        if sql.startswith(WRITES):
            self.left -= 1
            if not self.left:
                os.kill(os.getpid(), signal.SIGKILL)
        return execute(sql, params, many, context)


def outcome(act, killed_at):
    """Carry the act out in a child that is killed before its ``killed_at``-th write: “lived”, “killed” or “failed”."""
    child = os.fork()
    if child == 0:
        try:
            with connection.execute_wrapper(Killer(killed_at)):
                ACTS[act]()
            os._exit(0)
        finally:
            os._exit(1)
    _child, status = os.waitpid(child, 0)
    return "killed" if os.WIFSIGNALED(status) else "failed" if status else "lived"


@contextlib.contextmanager
def acts():
    """A running program; yields the function ``(act, killed_at) -> outcome``."""
    settings = connection.settings_dict
    start = "sqlite://" if connection.vendor == "sqlite" else os.environ["DATABASE_URL"].rpartition("/")[0]
    environment = {**os.environ, "DATABASE_URL": f"{start}/{settings['NAME']}"}
    command = [sys.executable, "-m", "tests.killed"]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(command, env=environment, text=True, bufsize=1, **pipes) as program:

        def carried_out(act, killed_at):
            program.stdin.write(f"{act} {killed_at}\n")
            return program.stdout.readline().strip()

        yield carried_out


def main():
    import django

    django.setup()
    import_what_acts_need()
    for line in sys.stdin:
        act, number = line.split()
        sys.stdout.write(outcome(act, int(number)) + "\n")
        sys.stdout.flush()


def import_what_acts_need():
    """What is loaded at the first use would be loaded in each child anew."""
    from django.db import connections

    from sources.reading.store import checking

    checking.check()
    connections.close_all()


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kb.settings")
    main()
