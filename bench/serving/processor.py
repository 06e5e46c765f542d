"""Processor time and memory of a tree of processes, from /proc."""

import os
import threading
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
    """The memory of the largest process of the tree, without what is mapped from files, such as SQLite's."""
    return max((_anonymous(one) for one in tree(pid)), default=0)


def _anonymous(pid):
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return 0
    return next((int(line.split()[1]) / 1000 for line in status.splitlines() if line.startswith("RssAnon:")), 0)


class Growth(threading.Thread):
    """By how many megabytes the memory of a tree of processes grows at most within a ``with`` block: ``growth.megabytes``."""

    def __init__(self, pid):
        super().__init__(daemon=True)
        self.pid, self.ended, self.megabytes = pid, threading.Event(), 0

    def __enter__(self):
        self.before = megabytes(self.pid)
        self.start()
        return self

    def run(self):
        while not self.ended.wait(0.05):
            self.megabytes = max(self.megabytes, megabytes(self.pid) - self.before)

    def __exit__(self, *error):
        self.ended.set()
        self.join()
