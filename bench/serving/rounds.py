"""Asks the servers in turns and takes medians: processor time a request, and how long an answer takes."""

import statistics
import time

from bench.serving.processor import Growth

ROUNDS = 5
# Seconds of asking in one turn, so that the kernel's clock of 10 ms is fine enough; and the fewest and most requests in it.
TURN, FEWEST, MOST = 0.8, 2, 400
# How often a whole list is asked for.
EXPORTS = 3
# No task takes longer than this, however slow a server is.
PATIENCE = 120


def measure(task, content, running):
    """``{server: {"cpu", "p50"}}`` in milliseconds. Raises ``AssertionError`` if the answers differ in content."""
    asks = {name: ask for name, ask in task.asks(content).items() if name in running}
    seen = {name: ask.read(running[name].get(ask.path, ask.cookie)) for name, ask in asks.items() if ask.read}
    for name, found in seen.items():
        assert found == seen["product"], (
            f"{task.name}: {name} answers {str(found)[:300]}, the product {str(seen['product'])[:300]}"
        )
    began, used, took = time.monotonic(), {name: [] for name in asks}, {name: [] for name in asks}
    for _round in range(ROUNDS):
        for name, ask in asks.items():
            if used[name] and time.monotonic() - began > PATIENCE:
                continue
            spent, times = _turn(running[name], ask)
            used[name].append(spent)
            took[name] += times
    return {name: {"cpu": statistics.median(used[name]), "p50": statistics.median(took[name])} for name in asks}


def _turn(server, ask):
    before, began, times = server.used(), time.perf_counter(), []
    while len(times) < FEWEST or (time.perf_counter() - began < TURN and len(times) < MOST):
        times.append(_milliseconds(server, ask.path, ask.cookie))
    return (server.used() - before) / len(times), times


def measure_mix(task, content, running):
    """``{"product": {"number", "p50", "p95", "slowest"}}`` of so many different requests that are asked one after the other, in
    milliseconds; ``slowest`` is ``(milliseconds, path)``. The first round, in which the server reads its file, does not count."""
    paths, server = task.asks(content), running["product"]
    took = [(_milliseconds(server, path), path) for _round in range(ROUNDS + 1) for path in paths][len(paths) :]
    times = sorted(time for time, _path in took)
    return {
        "product": {
            "number": len(paths),
            "p50": statistics.median(times),
            "p95": times[int(len(times) * 0.95)],
            "slowest": max((statistics.median(time for time, other in took if other == path), path) for path in paths),
        }
    }


def _milliseconds(server, path, cookie=""):
    asked = time.perf_counter()
    server.get(path, cookie)
    return (time.perf_counter() - asked) * 1000


def measure_export(task, content, running):
    """``{server: {"rows", "cpu", "memory"}}``: rows by second of processor time, milliseconds in all, megabytes grown at most. In
    turns, as ``measure``; the median is none of the first, in which a server reads its file for the first time."""
    asks = {name: ask for name, ask in task.asks(content).items() if name in running}
    found = {name: [] for name in asks}
    for _turn in range(EXPORTS):
        for name, ask in asks.items():
            if not found[name] or found[name][-1]["cpu"] * EXPORTS < PATIENCE * 1000:
                found[name].append(_exported(running[name], ask))
    for name, turns in found.items():
        rows, expected = turns[0]["rows"], found["product"][0]["rows"]
        assert rows == expected, f"{task.name}: {name} exports {rows} rows, the product {expected}"
    return {name: _rate_of(turns) for name, turns in found.items()}


def _exported(server, ask):
    used = server.used()
    with Growth(server.process.pid) as growth:
        body = server.get(ask.path)
    return {"rows": ask.read(body), "cpu": max(server.used() - used, 1), "memory": growth.megabytes}


def _rate_of(turns):
    spent = statistics.median(turn["cpu"] for turn in turns)
    return {"rows": 1000 * turns[0]["rows"] / spent, "cpu": spent, "memory": max(turn["memory"] for turn in turns)}
