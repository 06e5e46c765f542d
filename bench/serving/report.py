"""Tables of what was measured: each task with the product's time, its peers', and each as a share of its limit."""

import datetime
import os
import platform
import subprocess
from pathlib import Path

from bench.serving import finding, tasks

PEERS = {"drf": "stock DRF", "datasette": "Datasette", "sql": "bare SQL"}
DATABASES = ("SQLite", "PostgreSQL")
ROOT = Path(__file__).resolve().parent.parent.parent
BEGIN, END = "<!-- measured -->", "<!-- end of measured -->"


def say(title, size, task, figures):
    """One line on the terminal."""
    words = "; ".join(f"{name} {_figure(figure)}" for name, figure in figures.items())
    print(f"{title} {size:,}: {task.name}: {words}", flush=True)


def _figure(figure):
    if "p95" in figure:
        return f"p50 {figure['p50']:.1f} ms, p95 {figure['p95']:.1f} ms, slowest {figure['slowest']}"
    if "rows" in figure:
        return f"{figure['rows']:,.0f} rows/s, {figure['memory']:+.0f} MB"
    return f"{figure['cpu']:.2f} ms (p50 {figure['p50']:.1f})"


def table(measured):
    """Markdown of all that was measured: ``{(database, size): {task: {server: figures}}}``."""
    lines = [_head(), ""]
    for (database, size), figures in measured.items():
        lines += [
            f"### {database}, {size:,} agreements",
            "",
            *_times(database, size, figures, measured),
            "",
            *_mixes(database, figures),
            "",
            *_rates(database, figures),
            "",
        ]
    return "\n".join(lines)


def _head():
    versions = [f"Python {platform.python_version()}", *_database_versions()]
    return f"Measured on {datetime.date.today():%-d %B %Y} on {os.cpu_count()} cores ({platform.machine()}) with {', '.join(versions)}."


def _database_versions():
    import sqlite3

    yield f"SQLite {sqlite3.sqlite_version}"
    from tests.run import postgresql_binaries

    if binaries := postgresql_binaries():
        answer = subprocess.run(
            [binaries / "postgres", "--version"], stdout=subprocess.PIPE, text=True, check=False
        ).stdout
        yield f"PostgreSQL {answer.split()[-1] if '(' not in answer else answer.split()[2]}"


def _times(database, size, figures, measured):
    yield "| task | product | p50 | " + " | ".join(PEERS.values()) + " | growth | limits |"
    yield "|---|---|---|" + "---|" * (len(PEERS) + 2)
    for task in finding.ALL:
        if task.name in figures:
            yield _row(task, database, size, figures[task.name], measured)


def _row(task, database, size, figures, measured):
    own = figures["product"]
    peers = [
        f"{figures[name]['cpu']:.2f} ({figures[name]['cpu'] / own['cpu']:.1f}×)" if name in figures else "–"
        for name in PEERS
    ]
    small = measured.get((database, size // 10), {}).get(task.name)
    growth = f"{own['cpu'] / small['product']['cpu']:.1f}×" if small else "–"
    limits = [*_verdicts(task, database, figures), *_grown(task, size, own, small)]
    return " | ".join(
        ["| " + task.name, f"{own['cpu']:.2f} ms", f"{own['p50']:.1f} ms", *peers, growth, "; ".join(limits) + " |"]
    )


def _verdicts(task, database, figures):
    """Each limit with whether it is met."""
    own = figures["product"]["cpu"]
    for peer, wanted in task.at_least.items():
        wanted = wanted[DATABASES.index(database)]
        if wanted and peer in figures:
            yield _met(figures[peer]["cpu"] / own >= wanted, f"≥ {wanted}× {PEERS[peer]}")
    for peer, most in task.at_most.items():
        if peer == "ms":
            yield _met(own <= most, f"≤ {most} ms")
        elif peer in figures:
            yield _met(own / figures[peer]["cpu"] <= most, f"≤ {most}× {PEERS[peer]}")


def _grown(task, size, own, small):
    if task.growth and small and size >= 100_000:
        yield _met(own["cpu"] / small["product"]["cpu"] <= task.growth, f"growth ≤ {task.growth}×")


def _met(is_met, words):
    return words if is_met else f"**missed: {words}**"


def _mixes(database, figures):
    yield "| different requests | how many | p50 | p95 | limits |"
    yield "|---|---|---|---|---|"
    for task in finding.MIXES:
        if task.name in figures:
            own = figures[task.name]["product"]
            limits = {name: most[DATABASES.index(database)] for name, most in task.at_most.items()}
            verdicts = [_met(own[name] <= most, f"{name} ≤ {most} ms") for name, most in limits.items() if most]
            yield f"| {task.name} | {own['number']} | {own['p50']:.1f} ms | {own['p95']:.1f} ms | {'; '.join(verdicts)} |"


def _rates(database, figures):
    yield "| export | product | memory | " + " | ".join(PEERS.values()) + " | limits |"
    yield "|---|---|---|" + "---|" * (len(PEERS) + 1)
    for task in tasks.EXPORTS:
        if task.name in figures:
            yield _rate(task, database, figures[task.name])


def _rate(task, database, figures):
    own = figures["product"]
    peers = [
        f"{figures[name]['rows']:,.0f} ({own['rows'] / figures[name]['rows']:.2f}×)" if name in figures else "–"
        for name in PEERS
    ]
    limits = [
        _met(
            own["rows"] / figures[peer]["rows"] >= wanted[DATABASES.index(database)],
            f"≥ {wanted[DATABASES.index(database)]}× {PEERS[peer]}",
        )
        for peer, wanted in task.at_least.items()
        if peer in figures and wanted[DATABASES.index(database)]
    ]
    limits.append(_met(own["memory"] <= task.at_most["megabytes"], f"≤ {task.at_most['megabytes']} MB"))
    return " | ".join(
        [f"| {task.name}", f"{own['rows']:,.0f} rows/s", f"{own['memory']:+.0f} MB", *peers, "; ".join(limits) + " |"]
    )


def write(text):
    """Put the tables into ``docs/performance.md``."""
    path = ROOT / "docs" / "performance.md"
    before, _begin, rest = path.read_text().partition(BEGIN)
    path.write_text(f"{before}{BEGIN}\n\n{text}\n{END}{rest.partition(END)[2]}")
