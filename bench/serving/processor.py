"""Processor time and memory of a tree of processes, from /proc."""

import os
from pathlib import Path

_TICK = 1000 / os.sysconf("SC_CLK_TCK")


def _stat(pid):
    """The fields of /proc/<pid>/stat after the name, which may hold spaces; ``None`` if the process is gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None


def tree(pid):
    """``{pid: fields}`` of the process and all that descend from it."""
    stats = {
        int(path.name): fields
        for path in Path("/proc").iterdir()
        if path.name.isdigit() and (fields := _stat(path.name))
    }
    children = {}
    for child, fields in stats.items():
        children.setdefault(int(fields[1]), []).append(child)
    found, waiting = {}, [pid]
    while waiting:
        one = waiting.pop()
        if one in stats:
            found[one] = stats[one]
            waiting += children.get(one, ())
    return found


def milliseconds(*pids):
    """What the trees of these processes have used so far, with children that have ended."""
    return sum(
        _TICK * sum(map(int, fields[11:15])) for pid in pids if pid for fields in tree(pid).values()
    )  # fmt: skip


def megabytes(pid):
    """The resident memory of the largest process of the tree."""
    page = os.sysconf("SC_PAGE_SIZE")
    return max((int(fields[21]) * page / 1e6 for fields in tree(pid).values()), default=0)
