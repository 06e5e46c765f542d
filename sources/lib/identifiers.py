"""Public identifiers of rows about a record: made of what a row says at first, and its own from then on."""

from itertools import count


def assign_ids(fresh, gone=(), taken=()):
    """Give each of the ``fresh`` rows about a record its public identifier.

    A row that brings one keeps it. A row that replaces one of those ``gone`` takes that one's over: it is the same statement,
    corrected. The others get a new one. ``taken`` are the identifiers that are not free.
    """
    taken = set(taken)
    for row in fresh:
        if row.uid in taken:
            row.uid = ""
        taken |= {row.uid} - {""}
    free = [row for row in gone if row.uid not in taken]
    for level in range(len(fresh[0].likenesses()) if fresh else 0):
        for row in (row for row in fresh if not row.uid):
            former = next((other for other in free if _is_like(row, other, level)), None)
            if former is not None:
                free.remove(former)
                row.uid = former.uid
                taken.add(row.uid)
    for row in (row for row in fresh if not row.uid):
        row.uid = next(uid for uid in map(row.make_uid, count(1)) if uid not in taken)
        taken.add(row.uid)


def _is_like(row, other, level):
    likeness = row.likenesses()[level]
    same_place = (row.part, row.field) == (other.part, other.field)
    return likeness is not None and same_place and likeness == other.likenesses()[level]
