"""How long a task takes and how many queries it asks."""

import statistics
import time

RUNS = 25


def describe(name, task, prepare=tuple, limits=None, runs=RUNS):
    """Print one line: medians of ``runs`` runs after a first one, and the queries of one.

    ``prepare()`` makes the arguments of each run and is not measured. ``limits`` are milliseconds and queries.
    """
    from django.db import connection

    task(*prepare())
    queries, clock, processor = [], [], []
    for _run in range(runs):
        arguments = prepare()
        started, used = time.perf_counter(), time.process_time()
        task(*arguments)
        clock.append((time.perf_counter() - started) * 1000)
        processor.append((time.process_time() - used) * 1000)
    arguments = prepare()
    with connection.execute_wrapper(lambda execute, *given: (queries.append(given[0]), execute(*given))[1]):
        task(*arguments)
    took, used = statistics.median(clock), statistics.median(processor)
    line = f"{name:24} {took:7.1f} ms by the clock, {used:7.1f} ms of this process, {len(queries):3} queries"
    if limits:
        most_ms, most_queries = limits
        line += f"; {took / most_ms:4.0%} of {most_ms} ms, {len(queries) / most_queries:4.0%} of {most_queries} queries"
    print(line, flush=True)
