"""The read benchmark: the real server and its peers on the same generated data, in processor time a request.

``tasks`` says what is asked and compared, ``servers`` starts and ends the processes, ``processor`` reads what they used,
``rounds`` asks in turns, ``data`` makes the databases, ``report`` writes the tables.
"""

import contextlib
import subprocess
import sys
from pathlib import Path
from urllib.parse import unquote

from bench.serving import data, finding, report, rounds, servers, tasks


def measure_all(sizes, databases):
    """Measure every size on these databases; print and write the tables."""
    _collect_static_files()
    measured = {}
    if "SQLite" in databases:
        for size in sizes:
            measured["SQLite", size] = _measure("SQLite", data.sqlite(size), size)
            report.write(report.table(measured))
    with contextlib.ExitStack() as stack:
        if "PostgreSQL" in databases and (cluster := _cluster(stack)):
            for size in sizes:
                url = data.postgresql(cluster, size)
                measured["PostgreSQL", size] = _measure("PostgreSQL", url, size, _postmaster(cluster))
                report.write(report.table(measured))
    print(report.table(measured))


def _measure(title, url, size, postmaster=None):
    """``{task: {server: figures}}``."""
    content, measured = data.content_of(url), {}
    with servers.started(url, data.home(), postmaster) as running:
        content = tasks.prepared(content, running["product"])
        measures = (
            (rounds.measure, finding.ALL),
            (rounds.measure_mix, finding.MIXES),
            (rounds.measure_export, tasks.EXPORTS),
        )
        for how, some in measures:
            for task in some:
                try:
                    measured[task.name] = how(task, content, running)
                except (AssertionError, RuntimeError, OSError) as fault:
                    print(f"{title} {size:,}: {task.name}: not measured: {fault}", flush=True)
                    continue
                report.say(title, size, task, measured[task.name])
    return measured


def _cluster(stack):
    """The address of a throw-away PostgreSQL, or ``None``."""
    from tests.run import postgresql, postgresql_binaries

    binaries = postgresql_binaries()
    if binaries is None:
        print("left out: PostgreSQL: initdb and postgres not found")
        return None
    return stack.enter_context(postgresql(binaries))


def _postmaster(cluster):
    """The process of the server that ``tests.run.postgresql`` started: its folder stands in the address."""
    folder = unquote(cluster.rpartition("@")[2].rpartition("/")[0])
    return int(Path(folder, "data", "postmaster.pid").read_text().split()[0])


def _collect_static_files():
    command = [sys.executable, "manage.py", "collectstatic", "--noinput", "--verbosity", "0"]
    subprocess.run(command, cwd=data.ROOT, env=data.environment("sqlite://:memory:"), check=True)
